/// Whether bytes are text that a server can take: UTF-8 (RFC 3629: no overlong forms, no
/// surrogates, nothing beyond U+10FFFF) without NUL.
struct TextCheck {
    /// The index of the first NUL.
    private(set) var firstNUL: Int?
    /// The index of the first byte that begins or continues no UTF-8 sequence.
    private(set) var firstInvalid: Int?

    /// Looks through `bytes[range]`, up to the first invalid sequence.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        let text = bytes.span
        precondition(range.upperBound <= text.count)
        var index = range.lowerBound
        while index < range.upperBound {
            index = Self.skipPlain(text, from: index, to: range.upperBound)
            guard index < range.upperBound else { return }
            let byte = text[unchecked: index]
            if byte == 0 {
                firstNUL = firstNUL ?? index
                index += 1
            } else if byte < 0x80 {
                index += 1
            } else {
                let length = Self.sequenceLength(text, at: index, to: range.upperBound)
                guard length > 0 else {
                    firstInvalid = index
                    return
                }
                index += length
            }
        }
    }

    /// Passes over ASCII without NUL, eight bytes at a time.
    @inline(__always)
    private static func skipPlain(_ text: Span<UInt8>, from start: Int, to end: Int) -> Int {
        let highBits: UInt64 = 0x8080_8080_8080_8080
        let ones: UInt64 = 0x0101_0101_0101_0101
        var index = start
        while end - index >= 8 {
            let word = text.bytes.unsafeLoadUnaligned(
                fromUncheckedByteOffset: index,
                as: UInt64.self
            )
            // A zero byte borrows from its high bit.
            guard (word | (word &- ones)) & highBits == 0 else { return index }
            index += 8
        }
        return index
    }

    /// The length of the sequence at `index`; 0 if it is none (RFC 3629, section 4).
    @inline(__always)
    private static func sequenceLength(_ text: Span<UInt8>, at index: Int, to end: Int) -> Int {
        let lead = text[unchecked: index]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard end - index >= length, second.contains(text[unchecked: index + 1]) else { return 0 }
        for place in 2..<max(2, length) where text[unchecked: index + place] & 0xC0 != 0x80 {
            return 0
        }
        return length
    }
}
