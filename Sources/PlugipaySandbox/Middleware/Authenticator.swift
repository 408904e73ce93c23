import Crypto
import HTTPTypes

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Decides who asks, from what was sent and the time of the server (contract, section 3).
struct Authenticator: Sendable {
    /// How far the timestamp of a signature may be from the server's time, in seconds.
    static let tolerance: Int64 = 300

    private let keys: [String: SandboxKey]

    init(keys: [SandboxKey]) {
        self.keys = Dictionary(keys.map { ($0.id, $0) }) { first, _ in first }
    }

    func principal(
        of request: HTTPRequest,
        bodyHash: String,
        at now: Timestamp
    ) throws(APIError) -> Principal {
        guard let header = request.headerFields[.authorization] else {
            throw .unauthorized("auth_required", "The request carries no Authorization header.")
        }
        switch Authorization(header: header) {
        case .bearer(let id):
            guard let key = keys[id], key.secret == nil else { throw Self.unknownKey }
            return try principal(of: key, request)
        case .signature(let keyID, let signature):
            guard let key = keys[keyID], let secret = key.secret else { throw Self.unknownKey }
            let timestamp = try Self.timestamp(of: request, at: now)
            let signed = Self.stringToSign(request, timestamp: timestamp, bodyHash: bodyHash)
            guard Self.verifies(signature, signed, secret: secret) else {
                throw .unauthorized("invalid_signature", "The signature does not match.")
            }
            return try principal(of: key, request)
        case nil:
            throw .unauthorized("auth_required", "The Authorization header cannot be read.")
        }
    }

    static func stringToSign(
        _ request: HTTPRequest,
        timestamp: String,
        bodyHash: String
    ) -> String {
        var text = "\(request.method.rawValue)\n\(request.path ?? "")\n\(timestamp)\n\(bodyHash)"
        if let key = request.headerFields[.idempotencyKey], !key.isEmpty { text += "\n\(key)" }
        return text
    }

    private static let unknownKey = APIError.unauthorized("invalid_key", "This key is unknown.")

    private static func timestamp(
        of request: HTTPRequest,
        at now: Timestamp
    ) throws(APIError) -> String {
        guard let text = request.headerFields[.plugipayTimestamp], let seconds = Int64(text) else {
            throw .unauthorized(
                "invalid_timestamp",
                "X-Plugipay-Timestamp must be Unix seconds in decimal."
            )
        }
        let drift = seconds.subtractingReportingOverflow(now.seconds)
        guard !drift.overflow, drift.partialValue.magnitude <= tolerance.magnitude else {
            throw .unauthorized(
                "timestamp_skew",
                "X-Plugipay-Timestamp is more than \(tolerance) s from the server's time."
            )
        }
        return text
    }

    private static func verifies(_ signature: String, _ text: String, secret: String) -> Bool {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(text.utf8),
            using: SymmetricKey(data: Data(secret.utf8))
        )
        return constantTimeEqual(HexText.encode(code), signature)
    }

    private static func constantTimeEqual(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        return zip(left.utf8, right.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

// MARK: - Acting for a merchant

extension Authenticator {
    private func principal(
        of key: SandboxKey,
        _ request: HTTPRequest
    ) throws(APIError) -> Principal {
        guard let account = request.headerFields[.onBehalfOf] else {
            return Principal(
                book: Book(workspace: key.workspace, mode: try mode(of: key, request)),
                scopes: key.scopes
            )
        }
        guard key.isPlatform else {
            throw .insufficientScope("Only a platform key may send X-Plugipay-On-Behalf-Of.")
        }
        guard account.hasPrefix("acc_"), account.utf8.count > "acc_".utf8.count else {
            throw .validation("X-Plugipay-On-Behalf-Of", "It must name an account, acc_...")
        }
        return Principal(
            book: Book(workspace: account, mode: try mode(of: key, request)),
            scopes: key.scopes
        )
    }

    /// The mode is the key's, but a platform key may choose one with each request.
    private func mode(
        of key: SandboxKey,
        _ request: HTTPRequest
    ) throws(APIError) -> SandboxKey.Mode {
        guard key.isPlatform, let text = request.headerFields[.plugipayMode] else {
            return key.mode
        }
        guard let mode = SandboxKey.Mode(rawValue: text) else {
            throw .validation("X-Plugipay-Mode", "It must be live or test.")
        }
        return mode
    }
}
