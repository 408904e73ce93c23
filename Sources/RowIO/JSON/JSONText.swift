/// The escapes of JSON strings (RFC 8259, section 7).
enum JSONText {
    /// What an escape stands for.
    struct Escape {
        /// The scalar's number; meaningless for a lone surrogate.
        var scalar: UInt32
        /// The index behind the escape; behind both for a surrogate pair.
        var end: Int
        var isLoneSurrogate = false
    }

    /// The first quote, backslash or control character, or `end`.
    @inline(__always)
    static func indexOfSpecial(_ text: Span<UInt8>, from start: Int, to end: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high: UInt64 = 0x8080_8080_8080_8080
        var index = start
        while end - index >= 8 {
            let word = UInt64(
                littleEndian: text.bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: index,
                    as: UInt64.self
                )
            )
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            // Each term has the high bit of the first byte that is a quote, a backslash, or less
            // than 0x20; bits above the first may be wrong and are not looked at.
            let found =
                ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
                | ((word &- (ones &* 0x20)) & ~word)
            if found & high != 0 { return index + (found & high).trailingZeroBitCount / 8 }
            index += 8
        }
        while index < end {
            let byte = text[unchecked: index]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 { return index }
            index += 1
        }
        return end
    }

    /// The escape whose backslash stands at `index`; nil if it is none.
    static func escape(_ text: Span<UInt8>, at index: Int, to end: Int) -> Escape? {
        guard index + 1 < end else { return nil }
        let plain: UInt32
        switch text[index + 1] {
        case UInt8(ascii: "\""): plain = 0x22
        case UInt8(ascii: "\\"): plain = 0x5C
        case UInt8(ascii: "/"): plain = 0x2F
        case UInt8(ascii: "b"): plain = 0x08
        case UInt8(ascii: "f"): plain = 0x0C
        case UInt8(ascii: "n"): plain = 0x0A
        case UInt8(ascii: "r"): plain = 0x0D
        case UInt8(ascii: "t"): plain = 0x09
        case UInt8(ascii: "u"): return unicodeEscape(text, at: index, to: end)
        default: return nil
        }
        return Escape(scalar: plain, end: index + 2)
    }

    private static func unicodeEscape(_ text: Span<UInt8>, at index: Int, to end: Int) -> Escape? {
        guard let first = codeUnit(text, at: index, to: end) else { return nil }
        switch first {
        case 0xD800...0xDBFF:
            guard let second = codeUnit(text, at: index + 6, to: end),
                (0xDC00...0xDFFF).contains(second)
            else { return Escape(scalar: first, end: index + 6, isLoneSurrogate: true) }
            let scalar = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)
            return Escape(scalar: scalar, end: index + 12)
        case 0xDC00...0xDFFF:
            return Escape(scalar: first, end: index + 6, isLoneSurrogate: true)
        default:
            return Escape(scalar: first, end: index + 6)
        }
    }

    /// The number of the `\uXXXX` at `index`.
    private static func codeUnit(_ text: Span<UInt8>, at index: Int, to end: Int) -> UInt32? {
        guard end - index >= 6, text[index] == UInt8(ascii: "\\"),
            text[index + 1] == UInt8(ascii: "u")
        else { return nil }
        var unit: UInt32 = 0
        for place in (index + 2)..<(index + 6) {
            guard let digit = hexDigit(text[place]) else { return nil }
            unit = unit << 4 | digit
        }
        return unit
    }

    private static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// Appends the text of checked string content.
    static func append(_ bytes: [UInt8], _ content: Range<Int>, to target: inout [UInt8]) {
        let text = bytes.span
        var index = content.lowerBound
        while index < content.upperBound {
            let special = indexOfSpecial(text, from: index, to: content.upperBound)
            target.append(contentsOf: bytes[index..<special])
            index = special
            guard index < content.upperBound else { return }
            guard let escape = escape(text, at: index, to: content.upperBound) else {
                target.append(text[index])
                index += 1
                continue
            }
            appendScalar(escape.scalar, to: &target)
            index = escape.end
        }
    }

    /// Puts the text of checked string content in its own place; returns the end of the text, which
    /// is never longer than its escapes.
    static func unescape(_ bytes: inout [UInt8], _ content: Range<Int>) -> Int {
        var text: [UInt8] = []
        text.reserveCapacity(content.count)
        append(bytes, content, to: &text)
        let end = content.lowerBound + text.count
        bytes.replaceSubrange(content.lowerBound..<end, with: text)
        return end
    }

    private static func appendScalar(_ number: UInt32, to target: inout [UInt8]) {
        // Checked content holds no surrogates, so there is always a scalar.
        guard let scalar = Unicode.Scalar(number) else { return }
        target.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
