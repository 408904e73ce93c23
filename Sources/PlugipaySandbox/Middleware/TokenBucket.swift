/// A bucket of one second's worth of tokens, and never less than one, which starts full.
///
/// So a client that is paced at the limit meets no refusal, and a burst of more than about a
/// second's worth does.
struct TokenBucket: Sendable {
    /// What a token may lack: seconds since 1970 have about seven digits after the point.
    private static let rounding = 1e-5

    private let rate: Double
    private let capacity: Double
    private var tokens: Double
    /// When `tokens` was right, in seconds since 1970.
    private var time: Double

    /// `rate` is in tokens a second; `time` in seconds since 1970.
    init(rate: Double, at time: Double) {
        self.rate = rate
        self.time = time
        capacity = max(1, rate)
        tokens = capacity
    }

    /// Takes a token, if there is one.
    mutating func take(at now: Double) -> Bool {
        tokens = min(capacity, tokens + max(0, now - time) * rate)
        time = now
        guard tokens >= 1 - Self.rounding else { return false }
        tokens = max(0, tokens - 1)
        return true
    }

    /// Whole tokens that are left.
    var remaining: Int { Int(tokens) }

    /// Seconds until there is a token again.
    var wait: Double { max(0, 1 - tokens) / rate }

    /// When the bucket is full again, in seconds since 1970.
    var fullAt: Double { time + (capacity - tokens) / rate }
}
