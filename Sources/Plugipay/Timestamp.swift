/// A point in time in whole milliseconds, as the API tells it.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public var millisecondsSince1970: Int64

    /// The point in time that many milliseconds after 1970-01-01T00:00:00Z.
    public init(millisecondsSince1970: Int64) {
        self.millisecondsSince1970 = millisecondsSince1970
    }

    /// The point in time that long after 1970-01-01T00:00:00Z, rounded down to a millisecond.
    public init(since1970 duration: Duration) {
        self.init(millisecondsSince1970: duration.wholeMilliseconds)
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    public var secondsSince1970: Int64 {
        let (seconds, rest) = millisecondsSince1970.quotientAndRemainder(dividingBy: 1000)
        return rest < 0 ? seconds - 1 : seconds
    }

    /// The earlier of two comes first.
    public static func < (left: Self, right: Self) -> Bool {
        left.millisecondsSince1970 < right.millisecondsSince1970
    }

    /// The point in time `duration` later, rounded down to a millisecond.
    public static func + (left: Self, duration: Duration) -> Self {
        let (sum, overflow) = left.millisecondsSince1970.addingReportingOverflow(
            duration.wholeMilliseconds
        )
        if overflow {
            return Self(millisecondsSince1970: duration < .zero ? .min : .max)
        }
        return Self(millisecondsSince1970: sum)
    }

    /// The point in time `duration` earlier, rounded down to a millisecond.
    public static func - (left: Self, duration: Duration) -> Self {
        left + (.zero - duration)
    }

    /// How much later `left` is than `right`; negative if it is earlier.
    public static func - (left: Self, right: Self) -> Duration {
        .milliseconds(left.millisecondsSince1970) - .milliseconds(right.millisecondsSince1970)
    }
}

extension Timestamp {
    /// ISO 8601 in UTC with milliseconds, as `2026-05-12T10:42:00.123Z`.
    public var iso8601: String {
        let date = CivilDate(dayNumber: daysSince1970)
        var rest = millisecondsSince1970 - daysSince1970 * Self.millisecondsADay
        var text = ""
        text.reserveCapacity(24)
        text.append(padded(date.year, to: 4), "-", padded(date.month, to: 2))
        text.append("-", padded(date.day, to: 2), "T")
        text.append(padded(rest / 3_600_000, to: 2), ":")
        rest %= 3_600_000
        text.append(padded(rest / 60_000, to: 2), ":")
        rest %= 60_000
        text.append(padded(rest / 1000, to: 2), ".", padded(rest % 1000, to: 3), "Z")
        return text
    }

    private static let millisecondsADay: Int64 = 86_400_000

    private var daysSince1970: Int64 {
        let (days, rest) = millisecondsSince1970.quotientAndRemainder(
            dividingBy: Self.millisecondsADay
        )
        return rest < 0 ? days - 1 : days
    }

    private func padded(_ number: Int64, to width: Int) -> String {
        let digits = String(number.magnitude)
        let zeros = String(repeating: "0", count: max(0, width - digits.count))
        return (number < 0 ? "-" : "") + zeros + digits
    }
}

extension Timestamp: CustomStringConvertible {
    /// The same as ``iso8601``.
    public var description: String { iso8601 }
}

extension String {
    fileprivate mutating func append(_ parts: String...) {
        for part in parts { append(contentsOf: part) }
    }
}

extension Duration {
    /// Milliseconds, rounded down; bounded by what 64 bits hold.
    package var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        if overflow { return seconds < 0 ? .min : .max }
        let attosecondsAMillisecond: Int64 = 1_000_000_000_000_000
        var part = attoseconds / attosecondsAMillisecond
        if attoseconds < 0, attoseconds % attosecondsAMillisecond != 0 { part -= 1 }
        let (sum, sumOverflow) = scaled.addingReportingOverflow(part)
        return sumOverflow ? (seconds < 0 ? .min : .max) : sum
    }
}
