/// Takes the blanks out of JSON text, and nothing else.
package enum JSONCompactor {
    /// Appends valid JSON without the blanks, tabs and line ends between its tokens.
    ///
    /// Every other byte stays as it is: strings, their escapes, the spelling of numbers. Text that
    /// is not valid JSON comes out in some way, never out of bounds.
    package static func append(
        _ bytes: [UInt8],
        _ range: Range<Int>,
        to output: inout [UInt8]
    ) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        let text = bytes.span
        let end = range.upperBound
        var start = range.lowerBound
        var index = start
        while index < end {
            let byte = text[unchecked: index]
            if byte == UInt8(ascii: "\"") {
                index = endOfString(text, from: index + 1, to: end)
            } else if isBlank(byte) {
                output.append(contentsOf: bytes[start..<index])
                repeat { index += 1 } while index < end && isBlank(text[unchecked: index])
                start = index
            } else {
                index += 1
            }
        }
        output.append(contentsOf: bytes[start..<end])
    }

    /// The index behind the closing quote, or `end`.
    private static func endOfString(_ text: Span<UInt8>, from start: Int, to end: Int) -> Int {
        var index = start
        while index < end {
            index = JSONText.indexOfSpecial(text, from: index, to: end)
            guard index < end else { return end }
            switch text[unchecked: index] {
            case UInt8(ascii: "\""): return index + 1
            // Whatever is escaped is no closing quote.
            case UInt8(ascii: "\\"): index += 2
            default: index += 1
            }
        }
        return end
    }

    @inline(__always)
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
