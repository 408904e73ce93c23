import Foundation
import Testing

/// The shared test vectors, which lie beside the tests.
enum Vectors {
    struct Signing: Decodable, Sendable {
        var secret: String
        var timestamp: String
        var method: String
        var target: String
        var body: String?
        var idempotency_key: String?
        var body_sha256: String
        var signature: String
    }

    struct Key: Decodable, Sendable {
        var title: String
        var body: String
        var operation: String
        var body_sha256: String
    }

    static func signing() throws -> [Signing] { try load("signing") }
    static func keys() throws -> [Key] { try load("idempotency-keys") }

    private static func load<Vector: Decodable>(_ name: String) throws -> [Vector] {
        let url = try #require(
            Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Vectors")
        )
        return try JSONDecoder().decode([Vector].self, from: Data(contentsOf: url))
    }
}
