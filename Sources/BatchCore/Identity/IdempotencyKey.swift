/// The idempotency key of one write: `pb1-` and 32 base32hex characters (RFC 4648, section 7, lower
/// case, no padding).
///
/// It is derived from what is asked for and from nothing else, so that every attempt, process and
/// machine arrives at the same key for the same row. The recipe is the section "Key" of the design:
/// the first 20 bytes of the SHA-256 of the length-prefixed fields.
package struct IdempotencyKey: Sendable, Hashable {
    /// The key as it is sent.
    package let text: String

    /// The first 128 bits of the hash behind the key, as 32 hexadecimal digits.
    ///
    /// With an attempt number they make an `X-Request-Id`, by which a lost answer is found in the
    /// server's log.
    package let traceID: String

    /// What a key says that a request does.
    package enum Operation: Sendable, Hashable {
        /// Creating a customer.
        case create
        /// Changing a customer from one known state: its id, and the `updatedAt` text of the record
        /// from which the difference was computed. So A, B, A within a day are three requests.
        case update(id: String, updatedAt: String)

        /// The operation's spelling inside the hash.
        package var text: String {
            switch self {
            case .create: "customer.create"
            case .update(let id, let updatedAt): "customer.update:\(id)@\(updatedAt)"
            }
        }
    }

    private static let domain = "plugipay-batch/idempotency/1"
    private static let alphabet = [UInt8]("0123456789abcdefghijklmnopqrstuv".utf8)
    private static let keyedByteCount = 20
    private static let tracedByteCount = 16

    /// Derives the key.
    ///
    /// - Parameters:
    ///   - operation: What the request does.
    ///   - scope: The mode of the credentials and the job's namespace.
    ///   - ordinal: How many identical bodies came before it in the job.
    ///   - epoch: 0, raised only by a look-up that proved absence.
    ///   - body: The SHA-256 of the canonical body.
    package init(operation: Operation, scope: KeyScope, ordinal: Int, epoch: Int, body: Digest) {
        var message = LengthPrefixed()
        message.append(Self.domain)
        message.append(operation.text)
        message.append(scope.mode)
        message.append(scope.namespace)
        message.append(String(ordinal))
        message.append(String(epoch))
        message.append(body.bytes)
        let hash = Digest.sha256(message.bytes).bytes
        text = "pb1-" + Self.base32hex(hash.prefix(Self.keyedByteCount))
        traceID = Self.hexadecimal(hash.prefix(Self.tracedByteCount))
    }

    private static func base32hex(_ bytes: some Sequence<UInt8>) -> String {
        var characters: [UInt8] = []
        var pending: UInt32 = 0
        var pendingBits: UInt32 = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            pendingBits += 8
            while pendingBits >= 5 {
                pendingBits -= 5
                characters.append(alphabet[Int(pending >> pendingBits & 31)])
            }
        }
        return String(decoding: characters, as: UTF8.self)
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let characters = bytes.flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] }
        return String(decoding: characters, as: UTF8.self)
    }
}

/// What all keys of a run have in common.
package struct KeyScope: Sendable, Hashable, Codable {
    /// `live` or `test` where the key id or bearer key says so, else empty: a rehearsal must never
    /// be replayed as the real thing.
    package var mode: String
    /// The value of `--namespace`, empty by default.
    package var namespace: String

    /// Makes a scope.
    ///
    /// - Parameters:
    ///   - mode: `live`, `test` or empty.
    ///   - namespace: The namespace, empty by default.
    package init(mode: String = "", namespace: String = "") {
        self.mode = mode
        self.namespace = namespace
    }
}
