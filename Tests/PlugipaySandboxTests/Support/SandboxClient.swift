import Crypto
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import PlugipaySandbox

/// A client of its own making, which shares no code with the library.
///
/// It signs by the recipe of the contract's section 3. Every request takes a connection of its own.
struct SandboxClient: Sendable {
    enum Method: String {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"

        var wire: HTTPRequest.Method {
            switch self {
            case .get: .get
            case .post: .post
            case .put: .put
            case .patch: .patch
            case .delete: .delete
            }
        }
    }

    let address: SandboxAddress
    let clock: SandboxClock
    var key = SandboxKey.standard

    func with(_ key: SandboxKey) -> SandboxClient {
        var client = self
        client.key = key
        return client
    }

    func send(
        _ method: Method,
        _ target: String,
        _ body: String = "",
        key idempotencyKey: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        var fields = signed(method, target, body, idempotencyKey)
        for (name, value) in headers { fields[.named(name)] = value }
        return try await sendUnsigned(method, target, body, fields)
    }

    func sendUnsigned(
        _ method: Method,
        _ target: String,
        _ body: String = "",
        _ fields: HTTPFields = [:]
    ) async throws -> Answer {
        let request = TestClient.Request(
            target,
            method: method.wire,
            authority: "127.0.0.1",
            headers: fields,
            body: body.isEmpty ? nil : ByteBuffer(string: body)
        )
        return try await TestClient.withClient(host: address.host, port: address.port) {
            client async throws in
            Answer(try await client.execute(request))
        }
    }

    func create(_ body: String = "{}", key: String = UUID().uuidString) async throws -> Answer {
        try await send(.post, "/api/v1/customers", body, key: key)
    }

    func list(_ query: String = "") async throws -> Answer {
        try await send(.get, "/api/v1/customers\(query)")
    }

    /// The log of creates, a line each.
    func creates() async throws -> [[String: Any]] {
        try await sendUnsigned(.get, "/sandbox/creates").text.split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
        }
    }

    func requests() async throws -> [String: Any] {
        try await sendUnsigned(.get, "/sandbox/requests").json
    }

    private func signed(
        _ method: Method,
        _ target: String,
        _ body: String,
        _ idempotencyKey: String?
    ) -> HTTPFields {
        var fields: HTTPFields = [:]
        if let idempotencyKey { fields[.named("Idempotency-Key")] = idempotencyKey }
        guard let secret = key.secret else {
            fields[.authorization] = "Bearer \(key.id)"
            return fields
        }
        let timestamp = String(clock.now().components.seconds)
        let hash = SHA256.hash(data: Data(body.utf8)).hex
        let lines =
            [method.rawValue, target, timestamp, hash] + (idempotencyKey.map { [$0] } ?? [])
        let signature = HMAC<SHA256>.authenticationCode(
            for: Data(lines.joined(separator: "\n").utf8),
            using: SymmetricKey(data: Data(secret.utf8))
        ).hex
        fields[.named("X-Plugipay-Timestamp")] = timestamp
        fields[.authorization] =
            "Plugipay-HMAC-SHA256 keyId=\(key.id), scope=*, signature=\(signature)"
        return fields
    }
}

extension HTTPField.Name {
    static func named(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no token") }
        return name
    }
}

extension Sequence<UInt8> {
    var hex: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
