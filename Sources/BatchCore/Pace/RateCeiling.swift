/// The rate of one kind of request under `--rate auto`: a ceiling that the server's headers tell,
/// and below it what its 429s allow.
///
/// Both the step down and the step up are shares of the rate, because rates from 0.2 to some
/// hundreds a second occur and no fixed step suits them all.
package struct RateCeiling: Sendable {
    /// The share of a told limit that is used: live checkouts share it.
    package static let share = 0.8
    /// Writes a second before a header tells more (contract, section 12: 20).
    package static let firstWriteRate = 16.0
    /// Reads a second before a header tells more (contract, section 12: 100).
    package static let firstReadRate = 80.0
    /// One 429 episode leaves this share of the rate.
    package static let decrease = 0.7
    /// A quiet time adds this share to the rate.
    package static let increase = 1.15
    /// How long no 429 may come before the rate goes up.
    package static let quietTime: Duration = .seconds(10)
    /// However many 429s come, one request in so many seconds is tried: 1 / 0.2.
    package static let floor = 0.2

    /// A limit beyond this is no limit but a mistake.
    private static let largestLimit = 1_000_000
    /// `Reset` less `Date` in this range: the limit is per second.
    ///
    /// Both are cut to whole seconds, so
    /// that the difference may come out a little below zero; far below, `Reset` is no time.
    private static let perSecond = Duration.seconds(-2)...Duration.seconds(2)
    /// Beyond this: per minute.
    private static let perMinute: Duration = .seconds(10)

    /// The most requests a second that are allowed at all.
    package private(set) var ceiling: Double
    private var current: Double
    private var isPerSecond = false
    /// Since when no 429 came, or since the last raise; nil while the ceiling is the rate.
    private var quietSince: MonotonicTime?

    /// The ceiling of one kind before any header.
    package init(_ kind: RequestKind) {
        ceiling = kind == .read ? Self.firstReadRate : Self.firstWriteRate
        current = ceiling
    }

    /// Requests a second that are allowed now.
    package mutating func rate(at now: MonotonicTime) -> Double {
        while let since = quietSince, now - since >= Self.quietTime {
            current = min(current * Self.increase, ceiling)
            quietSince = current < ceiling ? since + Self.quietTime : nil
        }
        return current
    }

    /// An answer of this kind came with these headers.
    package mutating func observe(_ reading: RateLimitReading, at now: MonotonicTime) {
        guard let told = perSecondLimit(reading) else { return }
        let wasReduced = quietSince != nil
        current = rate(at: now)
        ceiling = told * Self.share
        current = wasReduced ? min(current, ceiling) : ceiling
        if current >= ceiling { quietSince = nil }
    }

    /// A 429 episode began.
    ///
    /// - Parameters:
    ///   - now: when its first 429 came.
    ///   - resumption: when the gate opens again: only time spent sending can be quiet.
    package mutating func throttled(at now: MonotonicTime, resumption: MonotonicTime) {
        current = max(rate(at: now) * Self.decrease, min(Self.floor, ceiling))
        quietSince = max(now, resumption)
    }

    /// The limit that the headers tell, a second; nil if they cannot be understood.
    private mutating func perSecondLimit(_ reading: RateLimitReading) -> Double? {
        guard let limit = reading.limit, (1...Self.largestLimit).contains(limit),
            let resetAfter = reading.resetAfter
        else { return nil }
        if Self.perSecond.contains(resetAfter) { isPerSecond = true }
        if isPerSecond { return Double(limit) }
        return resetAfter > Self.perMinute ? Double(limit) / 60 : nil
    }
}
