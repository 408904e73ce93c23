/// The bytes over which a request is signed.
///
/// Method, target with query, timestamp, lower-case hexadecimal SHA-256 of the body's bytes, and
/// the idempotency key if one is sent; joined by line feeds, none at the end.
enum StringToSign {
    /// The bytes for one request.
    ///
    /// `timestamp` is the text of the timestamp header.
    static func bytes(
        method: String,
        target: String,
        timestamp: String,
        bodyDigest: some Sequence<UInt8>,
        idempotencyKey: String?
    ) -> [UInt8] {
        let lineFeed: UInt8 = 0x0A
        var bytes: [UInt8] = []
        bytes.reserveCapacity(target.utf8.count + 160)
        bytes.append(contentsOf: method.utf8)
        bytes.append(lineFeed)
        bytes.append(contentsOf: target.utf8)
        bytes.append(lineFeed)
        bytes.append(contentsOf: timestamp.utf8)
        bytes.append(lineFeed)
        bytes.appendHex(bodyDigest)
        if let idempotencyKey {
            bytes.append(lineFeed)
            bytes.append(contentsOf: idempotencyKey.utf8)
        }
        return bytes
    }
}
