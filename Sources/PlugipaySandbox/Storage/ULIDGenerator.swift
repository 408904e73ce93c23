/// Makes ULIDs that only grow.
///
/// 48 bits of milliseconds and 80 random bits in upper-case Crockford base 32. Within a
/// millisecond the random bits count up.
struct ULIDGenerator: Sendable {
    private var random: SeededGenerator
    private var time: Timestamp
    private var entropy: UInt128 = 0

    init(seed: UInt64, notBefore time: Timestamp = Timestamp(milliseconds: 0)) {
        random = SeededGenerator(seed: seed)
        self.time = time
    }

    mutating func next(at now: Timestamp) -> String {
        if now > time || entropy == 0 {
            time = max(now, time)
            // The top bit stays clear, so that counting up never runs over.
            entropy = (UInt128(random.next() & 0x7FFF) << 64 | UInt128(random.next())) + 1
        } else {
            entropy += 1
        }
        return Self.encode(UInt128(truncatingIfNeeded: time.milliseconds) << 80 | entropy)
    }

    private static func encode(_ value: UInt128) -> String {
        let digits = (0..<length).map { index in
            alphabet[Int(truncatingIfNeeded: value >> (5 * (length - 1 - index))) & 31]
        }
        return String(decoding: digits, as: UTF8.self)
    }

    private static let length = 26
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
}
