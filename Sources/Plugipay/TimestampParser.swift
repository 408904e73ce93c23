/// Reads dates from bytes, one field after the other; every step may fail.
struct TimestampParser {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    var isAtEnd: Bool { position == bytes.endIndex }

    mutating func next() -> UInt8? {
        guard position < bytes.endIndex else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.endIndex, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func skip(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { text in
            guard bytes[position...].starts(with: text) else { return false }
            position += text.count
            return true
        }
    }

    /// Exactly `count` digits.
    mutating func number(digits count: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    mutating func digit() -> Int64? {
        guard position < bytes.endIndex else { return nil }
        let byte = bytes[position]
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        position += 1
        return Int64(byte - UInt8(ascii: "0"))
    }

    /// A three-letter month of HTTP dates, as a number from 1.
    mutating func monthName() -> Int64? {
        let names: [StaticString] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        for (index, name) in names.enumerated() where skip(name) {
            return Int64(index + 1)
        }
        return nil
    }

    /// `hh:mm:ss`, as seconds of the day; 60 seconds (a leap second) are taken.
    mutating func timeOfDay() -> Int64? {
        guard let hours = number(digits: 2), hours < 24, skip(UInt8(ascii: ":")),
            let minutes = number(digits: 2), minutes < 60, skip(UInt8(ascii: ":")),
            let seconds = number(digits: 2), seconds <= 60
        else { return nil }
        return hours * 3600 + minutes * 60 + seconds
    }
}

extension Timestamp {
    /// A date and time of ISO 8601 (RFC 3339), with or without a fraction of a second, in UTC or
    /// with an offset.
    ///
    /// What is finer than a millisecond is cut off.
    public init?(iso8601 text: String) {
        self.init(iso8601: ArraySlice(text.utf8))
    }

    /// A date and time of ISO 8601 (RFC 3339), from its bytes.
    package init?(iso8601 bytes: ArraySlice<UInt8>) {
        var parser = TimestampParser(bytes)
        guard let year = parser.number(digits: 4), parser.skip(UInt8(ascii: "-")),
            let month = parser.number(digits: 2), parser.skip(UInt8(ascii: "-")),
            let day = parser.number(digits: 2),
            let separator = parser.next(), "Tt ".utf8.contains(separator),
            let seconds = parser.timeOfDay(),
            let fraction = parser.milliseconds(),
            let offset = parser.offset(), parser.isAtEnd,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        let total = date.dayNumber * 86_400 + seconds - offset
        self.init(millisecondsSince1970: total * 1000 + fraction)
    }

    /// A date of an HTTP header (RFC 9110, section 5.6.7): the form in use and the two old ones.
    public init?(httpDate text: String) {
        let text = ArraySlice(text.utf8)
        let parsed =
            Self.fixedDate(TimestampParser(text))
            ?? Self.dashedDate(TimestampParser(text))
            ?? Self.unixDate(TimestampParser(text))
        guard let parsed else { return nil }
        self = parsed
    }

    private init?(year: Int64, month: Int64, day: Int64, seconds: Int64) {
        guard let date = CivilDate(year: year, month: month, day: day) else { return nil }
        self.init(millisecondsSince1970: (date.dayNumber * 86_400 + seconds) * 1000)
    }

    /// The form in use: `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func fixedDate(_ start: TimestampParser) -> Self? {
        var parser = start
        guard parser.skipLetters() == 3, parser.skip(", "),
            let day = parser.number(digits: 2), parser.skip(UInt8(ascii: " ")),
            let month = parser.monthName(), parser.skip(UInt8(ascii: " ")),
            let year = parser.number(digits: 4), parser.skip(UInt8(ascii: " ")),
            let seconds = parser.timeOfDay(), parser.skip(" GMT"), parser.isAtEnd
        else { return nil }
        return Self(year: year, month: month, day: day, seconds: seconds)
    }

    /// `Sunday, 06-Nov-94 08:49:37 GMT`.
    ///
    /// Two digits from 70 on belong to the last century.
    private static func dashedDate(_ start: TimestampParser) -> Self? {
        var parser = start
        guard parser.skipLetters() >= 6, parser.skip(", "),
            let day = parser.number(digits: 2), parser.skip(UInt8(ascii: "-")),
            let month = parser.monthName(), parser.skip(UInt8(ascii: "-")),
            let year = parser.number(digits: 2), parser.skip(UInt8(ascii: " ")),
            let seconds = parser.timeOfDay(), parser.skip(" GMT"), parser.isAtEnd
        else { return nil }
        return Self(
            year: year + (year < 70 ? 2000 : 1900),
            month: month,
            day: day,
            seconds: seconds
        )
    }

    /// The form of C: `Sun Nov  6 08:49:37 1994`.
    private static func unixDate(_ start: TimestampParser) -> Self? {
        var parser = start
        guard parser.skipLetters() == 3, parser.skip(UInt8(ascii: " ")),
            let month = parser.monthName(), parser.skip(UInt8(ascii: " ")),
            let day = parser.skip(UInt8(ascii: " ")) ? parser.digit() : parser.number(digits: 2),
            parser.skip(UInt8(ascii: " ")),
            let seconds = parser.timeOfDay(), parser.skip(UInt8(ascii: " ")),
            let year = parser.number(digits: 4), parser.isAtEnd
        else { return nil }
        return Self(year: year, month: month, day: day, seconds: seconds)
    }
}

extension TimestampParser {
    fileprivate mutating func skipLetters() -> Int {
        var count = 0
        while position < bytes.endIndex, bytes[position] | 0x20 >= UInt8(ascii: "a"),
            bytes[position] | 0x20 <= UInt8(ascii: "z")
        {
            position += 1
            count += 1
        }
        return count
    }

    /// The fraction of a second in milliseconds; 0 where there is none.
    fileprivate mutating func milliseconds() -> Int64? {
        guard skip(UInt8(ascii: ".")) else { return 0 }
        guard let first = digit() else { return nil }
        var value = first * 100
        var weight: Int64 = 10
        while let digit = digit() {
            value += digit * weight
            weight /= 10
        }
        return value
    }

    /// `Z` or `±hh:mm`, in seconds east of Greenwich.
    fileprivate mutating func offset() -> Int64? {
        guard let sign = next() else { return nil }
        if sign | 0x20 == UInt8(ascii: "z") { return 0 }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
            let hours = number(digits: 2), hours < 24, skip(UInt8(ascii: ":")),
            let minutes = number(digits: 2), minutes < 60
        else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return sign == UInt8(ascii: "-") ? -seconds : seconds
    }
}
