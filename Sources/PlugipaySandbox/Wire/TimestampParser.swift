extension Timestamp {
    /// Reads ISO 8601: a date, or a date and time with an optional fraction and `Z` or an offset.
    init?(iso8601 text: String) {
        var reader = TimestampReader(text)
        guard let milliseconds = reader.read() else { return nil }
        self.init(milliseconds: milliseconds)
    }
}

private struct TimestampReader {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = text[...].utf8
    }

    mutating func read() -> Int64? {
        guard let date = date() else { return nil }
        let midnight = date.daysSinceEpoch * 86_400_000
        guard !rest.isEmpty else { return midnight }
        guard take("T") || take("t") || take(" "), let time = timeOfDay(), let zone = offset(),
            rest.isEmpty
        else { return nil }
        return midnight + time - zone
    }

    private mutating func date() -> CivilDate? {
        guard let year = number(4), take("-"), let month = number(2), take("-"),
            let day = number(2)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    private mutating func timeOfDay() -> Int64? {
        guard let hour = number(2), take(":"), let minute = number(2), hour < 24, minute < 60
        else { return nil }
        var milliseconds = (hour * 60 + minute) * 60_000
        guard take(":") else { return milliseconds }
        guard let second = number(2), second <= 60 else { return nil }
        milliseconds += second * 1000
        guard take(".") else { return milliseconds }
        return fraction().map { milliseconds + $0 }
    }

    /// Digits after the third are read and dropped.
    private mutating func fraction() -> Int64? {
        var scale: Int64 = 100
        var value: Int64 = 0
        let start = rest.count
        while let digit = digit() {
            value += digit * scale
            scale /= 10
        }
        return rest.count < start ? value : nil
    }

    private mutating func offset() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let sign: Int64 = take("-") ? -1 : 1
        guard sign < 0 || take("+"), let hour = number(2) else { return nil }
        _ = take(":")
        guard let minute = number(2) else { return nil }
        return sign * (hour * 60 + minute) * 60_000
    }

    private mutating func number(_ width: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<width {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    private mutating func digit() -> Int64? {
        guard let byte = rest.first, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else {
            return nil
        }
        rest.removeFirst()
        return Int64(byte - UInt8(ascii: "0"))
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }
}
