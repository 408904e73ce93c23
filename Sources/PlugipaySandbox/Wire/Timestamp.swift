/// A moment as milliseconds since 1970-01-01T00:00:00Z, and its spellings on the wire.
struct Timestamp: Hashable, Comparable, Sendable {
    let milliseconds: Int64

    init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    init(sinceEpoch duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(milliseconds: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// Whole seconds, rounded down.
    var seconds: Int64 {
        milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
    }

    /// ISO 8601 with milliseconds, as JavaScript's `toISOString` writes it.
    var iso8601: String {
        let (date, second) = fields
        let fraction = milliseconds - seconds * 1000
        return "\(date.year.padded(4))-\(date.month.padded(2))-\(date.day.padded(2))"
            + "T\(clock(second)).\(fraction.padded(3))Z"
    }

    /// The `Date` header's form (RFC 9110, section 5.6.7).
    var httpDate: String {
        let (date, second) = fields
        // The epoch was a Thursday.
        let weekday = Int((date.daysSinceEpoch % 7 + 11) % 7)
        let month = Self.months[Int(date.month) - 1]
        return "\(Self.weekdays[weekday]), \(date.day.padded(2)) \(month)"
            + " \(date.year.padded(4)) \(clock(second)) GMT"
    }

    private var fields: (date: CivilDate, second: Int64) {
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        return (CivilDate(daysSinceEpoch: days), seconds - days * 86_400)
    }

    private func clock(_ second: Int64) -> String {
        let minute = second / 60
        return "\((minute / 60).padded(2)):\((minute % 60).padded(2)):\((second % 60).padded(2))"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}

extension Int64 {
    fileprivate func padded(_ width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
    }
}
