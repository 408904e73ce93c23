import Crypto

/// Makes the headers by which a request proves where it comes from: a pure function of the
/// request, the time and the credentials.
struct RequestSigner: Sendable {
    private let credentials: Credentials
    private let key: SymmetricKey?
    private let bearer: String?

    init(credentials: Credentials) {
        self.credentials = credentials
        switch credentials {
        case .signed(_, let secret):
            key = SymmetricKey(data: Array(secret.utf8))
            bearer = nil
        case .bearer(let apiKey):
            key = nil
            bearer = "Bearer " + apiKey
        }
    }

    /// Whether requests carry a timestamp, and so lose their force some time after it.
    var usesTimestamp: Bool { key != nil }

    /// Adds the headers for a request that is sent at `time`, in whole seconds since 1970.
    func sign(
        _ headers: inout Headers,
        method: String,
        target: String,
        body: [UInt8]?,
        idempotencyKey: String?,
        at time: Int64
    ) {
        guard case .signed(let keyID, _) = credentials, let key else {
            headers.append("Authorization", bearer ?? "")
            return
        }
        let timestamp = String(time)
        let signature = Self.signature(
            of: StringToSign.bytes(
                method: method,
                target: target,
                timestamp: timestamp,
                bodyDigest: SHA256.hash(data: body ?? []),
                idempotencyKey: idempotencyKey
            ),
            key: key
        )
        headers.append(
            "Authorization",
            "Plugipay-HMAC-SHA256 keyId=\(keyID), scope=*, signature=\(signature)"
        )
        headers.append("X-Plugipay-Timestamp", timestamp)
    }

    /// The lower-case hexadecimal HMAC-SHA256.
    static func signature(of bytes: [UInt8], key: SymmetricKey) -> String {
        var hex: [UInt8] = []
        hex.reserveCapacity(SHA256.byteCount * 2)
        hex.appendHex(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
        return String(decoding: hex, as: UTF8.self)
    }
}
