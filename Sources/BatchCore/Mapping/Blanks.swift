extension Span<UInt8> {
    /// A range without the blanks and tabs at both of its ends.
    @inline(__always)
    func trimmingBlanks(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, self[start].isBlank { start += 1 }
        while start < end, self[end - 1].isBlank { end -= 1 }
        return start..<end
    }
}

extension UInt8 {
    /// Whether this is an ASCII blank or tab.
    @inline(__always)
    var isBlank: Bool { self == 0x20 || self == 0x09 }
}

/// A name without blanks and tabs at both ends.
func trimmingBlanks(_ text: some StringProtocol) -> String {
    let isBlank = { (character: Character) in character == " " || character == "\t" }
    guard let first = text.firstIndex(where: { !isBlank($0) }),
        let last = text.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(text[first...last])
}
