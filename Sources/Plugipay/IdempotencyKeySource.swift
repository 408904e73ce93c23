/// Makes idempotency keys for writes to which the caller gave none.
public struct IdempotencyKeySource: Sendable {
    private let random: @Sendable () -> UInt64

    /// A source that takes its random bits from `random`, which is called from many tasks.
    public init(random: @escaping @Sendable () -> UInt64) {
        self.random = random
    }

    /// The source with the system's random numbers.
    public static func system() -> IdempotencyKeySource {
        IdempotencyKeySource {
            var generator = SystemRandomNumberGenerator()
            return generator.next()
        }
    }

    /// A new key: `idem_` and 32 hexadecimal digits, as the official libraries make it.
    func next() -> String {
        var text = Array("idem_".utf8)
        for _ in 0..<2 {
            withUnsafeBytes(of: random().bigEndian) { text.appendHex($0) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
