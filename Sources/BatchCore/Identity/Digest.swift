import Crypto

/// A SHA-256 digest: 32 bytes, held inline.
package struct Digest: Sendable, Hashable {
    /// The digest as four big-endian words, the first 8 bytes first.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// How many bytes a digest has.
    package static let byteCount = 32

    /// Reads a digest from its 32 bytes; `nil` unless there are exactly 32.
    ///
    /// - Parameter bytes: The bytes, as stored or computed.
    package init?(bytes: some Sequence<UInt8>) {
        var words: [UInt64] = [0, 0, 0, 0]
        var count = 0
        for byte in bytes {
            guard count < Self.byteCount else { return nil }
            words[count >> 3] = words[count >> 3] << 8 | UInt64(byte)
            count += 1
        }
        guard count == Self.byteCount else { return nil }
        self.words = (words[0], words[1], words[2], words[3])
    }

    private init(_ digest: SHA256.Digest) {
        words = digest.withUnsafeBytes { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
            )
        }
    }

    /// The SHA-256 of some bytes.
    ///
    /// - Parameter bytes: What is hashed.
    /// - Returns: Its digest.
    package static func sha256(_ bytes: [UInt8]) -> Digest {
        Digest(SHA256.hash(data: bytes))
    }

    /// The first 8 bytes as one number: enough to tell identities apart in memory.
    package var prefix: UInt64 { words.0 }

    /// The first 16 bytes as one number: two different texts have the same one never in practice.
    package var fingerprint: UInt128 { UInt128(words.0) << 64 | UInt128(words.1) }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
        }
    }

    package static func == (left: Digest, right: Digest) -> Bool {
        left.words == right.words
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
    }
}
