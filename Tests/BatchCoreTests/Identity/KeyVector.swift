import BatchCore
import Foundation
import Testing

/// One of the shared test vectors of idempotency keys.
struct KeyVector: Decodable, Sendable, CustomTestStringConvertible {
    var title: String
    var body: String
    var operation: String
    var mode: String
    var namespace: String
    var ordinal: Int
    var epoch: Int
    var bodyDigest: String
    var key: String

    private enum CodingKeys: String, CodingKey {
        case title, body, operation, mode, namespace, ordinal, epoch, key
        case bodyDigest = "body_sha256"
    }

    var testDescription: String { title }

    /// The operation that the text stands for.
    var parsedOperation: IdempotencyKey.Operation {
        get throws {
            guard operation != "customer.create" else { return .create }
            let match = try #require(operation.wholeMatch(of: /customer\.update:(.+)@([^@]+)/))
            return .update(id: String(match.1), updatedAt: String(match.2))
        }
    }

    static func all() throws -> [KeyVector] {
        let url = try #require(
            Bundle.module.url(
                forResource: "idempotency-keys",
                withExtension: "json",
                subdirectory: "Vectors"
            )
        )
        return try JSONDecoder().decode([KeyVector].self, from: Data(contentsOf: url))
    }
}
