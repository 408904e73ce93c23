import Crypto
import Foundation
import TestSupport
import Testing

@testable import Plugipay

@Suite struct SigningTests {
    @Test("each signing vector gives its digest and its signature")
    func vectors() throws {
        let vectors = try Vectors.signing()
        #expect(vectors.count == 6)
        for vector in vectors {
            let digest = SHA256.hash(data: Array((vector.body ?? "").utf8))
            var hex: [UInt8] = []
            hex.appendHex(digest)
            #expect(String(decoding: hex, as: UTF8.self) == vector.body_sha256)
            let bytes = StringToSign.bytes(
                method: vector.method,
                target: vector.target,
                timestamp: vector.timestamp,
                bodyDigest: digest,
                idempotencyKey: vector.idempotency_key
            )
            let key = SymmetricKey(data: Array(vector.secret.utf8))
            #expect(RequestSigner.signature(of: bytes, key: key) == vector.signature)
        }
    }

    @Test("a client sends each signing vector's request with its signature")
    func vectorsThroughTheClient() async throws {
        for vector in try Vectors.signing() {
            let transport = ScriptedTransport(answers: [.envelope(200, data: "null")])
            let seconds = try #require(Int64(vector.timestamp))
            let client = PlugipayClient(
                configuration: Configuration(
                    credentials: .signed(keyID: "ak_1", secret: vector.secret)
                ),
                transport: transport,
                clock: ServerClock(local: LocalClock { .seconds(seconds) + .milliseconds(999) })
            )
            _ = try await client.respond(to: try operation(vector))
            let sent = try #require(transport.requests.first)
            #expect(sent.method == vector.method)
            #expect(sent.target == vector.target)
            #expect(sent.headers["X-Plugipay-Timestamp"] == vector.timestamp)
            #expect(sent.headers["Idempotency-Key"] == vector.idempotency_key)
            #expect(
                sent.headers["Authorization"]
                    == "Plugipay-HMAC-SHA256 keyId=ak_1, scope=*, signature=\(vector.signature)"
            )
        }
    }

    @Test("a bearer key is sent as it is, without a timestamp")
    func bearer() async throws {
        let transport = ScriptedTransport(answers: [.envelope(200, data: "null")])
        let client = PlugipayClient(
            configuration: Configuration(credentials: .bearer("pk_test_123")),
            transport: transport
        )
        let response = try await client.respond(to: .post("/customers", body: Array("{}".utf8)))
        let sent = try #require(transport.requests.first)
        #expect(sent.headers["Authorization"] == "Bearer pk_test_123")
        #expect(sent.headers["X-Plugipay-Timestamp"] == nil)
        #expect(sent.headers["Idempotency-Key"] != nil)
        #expect(response.signedAt == nil)
    }

    private func operation(_ vector: Vectors.Signing) throws -> Plugipay.Operation {
        let parts = vector.target.split(separator: "?", maxSplits: 1)
        var operation = Plugipay.Operation(
            method: try #require(Plugipay.Operation.Method(rawValue: vector.method)),
            path: String(parts[0].dropFirst("/api/v1".count)),
            body: vector.body.map { Array($0.utf8) },
            idempotencyKey: vector.idempotency_key
        )
        for pair in parts.count > 1 ? parts[1].split(separator: "&") : [] {
            let sides = pair.split(separator: "=")
            let value = try #require(String(sides[1]).removingPercentEncoding)
            operation.query.append((String(sides[0]), value))
        }
        return operation
    }
}
