import Crypto
import Foundation
import HTTPTypes
import Testing

@testable import PlugipaySandbox

@Suite("Authenticator")
struct AuthenticatorTests {
    private static let key = SandboxKey("ak_test_vector", secret: SigningVector.secret)
    private static let now = Timestamp(milliseconds: 1_767_225_600_000)

    private let authenticator = Authenticator(keys: [key, .bearer, .platform])

    private func request(
        _ vector: SigningVector,
        timestamp: String = SigningVector.timestamp
    ) -> HTTPRequest {
        var fields: HTTPFields = [
            .authorization:
                "Plugipay-HMAC-SHA256 keyId=ak_test_vector, scope=*, "
                + "signature=\(vector.signature)",
            .plugipayTimestamp: timestamp,
        ]
        fields[.idempotencyKey] = vector.idempotencyKey
        return HTTPRequest(
            method: vector.method.wire,
            scheme: nil,
            authority: nil,
            path: vector.target,
            headerFields: fields
        )
    }

    private func verdict(
        _ request: HTTPRequest,
        body: String = "",
        at now: Timestamp = now
    ) -> String {
        let hash = SHA256.hash(data: Data(body.utf8)).hex
        do {
            let principal = try authenticator.principal(of: request, bodyHash: hash, at: now)
            return "\(principal.book.workspace) \(principal.book.mode)"
        } catch {
            return "\(error.status) \(error.code)"
        }
    }

    @Test("A signature computed elsewhere is accepted", arguments: SigningVector.all)
    func vectors(_ vector: SigningVector) {
        #expect(verdict(request(vector), body: vector.body) == "acc_sandbox test")
    }

    @Test("Every signed part counts", arguments: SigningVector.all)
    func signedParts(_ vector: SigningVector) {
        let refused = "401 invalid_signature"
        #expect(verdict(request(vector), body: vector.body + " ") == refused)
        var other = request(vector)
        other.method = .put
        #expect(verdict(other, body: vector.body) == refused)
        other = request(vector)
        other.path = vector.target + "&"
        #expect(verdict(other, body: vector.body) == refused)
        other = request(vector)
        other.headerFields[.idempotencyKey] = "another"
        #expect(verdict(other, body: vector.body) == refused)
        other = request(vector, timestamp: "1767225601")
        #expect(verdict(other, body: vector.body) == refused)
    }

    @Test(
        "The window is 300 s to both sides",
        arguments: [
            (-301, "401 timestamp_skew"), (-300, "acc_sandbox test"), (0, "acc_sandbox test"),
            (300, "acc_sandbox test"), (301, "401 timestamp_skew"),
        ]
    )
    func window(seconds: Int64, expected: String) {
        let now = Timestamp(milliseconds: Self.now.milliseconds + seconds * 1000)
        #expect(verdict(request(SigningVector.all[0]), at: now) == expected)
    }

    @Test(
        "A timestamp that is no number of seconds is unusable",
        arguments: ["", "now", "1767225600.5", "2026-01-01T00:00:00Z", "99999999999999999999"]
    )
    func timestamps(text: String) {
        let request = request(SigningVector.all[0], timestamp: text)
        #expect(verdict(request) == "401 invalid_timestamp")
    }

    @Test(
        "Credentials that cannot be read or are unknown",
        arguments: [
            (nil, "401 auth_required"), ("", "401 auth_required"),
            ("Basic abc", "401 auth_required"), ("Bearer", "401 auth_required"),
            ("Plugipay-HMAC-SHA256 keyId=ak_test_vector", "401 auth_required"),
            ("Plugipay-HMAC-SHA256 nonsense", "401 auth_required"),
            ("Plugipay-HMAC-SHA256 keyId=no, scope=*, signature=00", "401 invalid_key"),
            ("Bearer ak_test_vector", "401 invalid_key"),
            ("Bearer pk_test_unknown", "401 invalid_key"),
            ("Bearer pk_test_sandbox", "acc_sandbox test"),
        ]
    )
    func credentials(header: String?, expected: String) {
        var request = request(SigningVector.all[0])
        request.headerFields[.authorization] = header
        #expect(verdict(request) == expected)
    }

    @Test("An upper-case signature does not match")
    func upperCase() throws {
        var request = request(SigningVector.all[0])
        let header = try #require(request.headerFields[.authorization])
        let signature = SigningVector.all[0].signature
        request.headerFields[.authorization] = header.replacing(
            signature,
            with: signature.uppercased()
        )
        #expect(verdict(request) == "401 invalid_signature")
    }
}
