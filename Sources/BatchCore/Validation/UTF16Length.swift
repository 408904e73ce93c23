extension Span<UInt8> {
    /// The length of UTF-8 text in UTF-16 units, as a JavaScript server counts: one for each
    /// character, two beyond U+FFFF.
    var utf16Length: Int {
        var length = 0
        for index in indices {
            let byte = self[index]
            if byte & 0xC0 != 0x80 { length += byte >= 0xF0 ? 2 : 1 }
        }
        return length
    }

    /// Whether this UTF-8 text has more than `limit` UTF-16 units.
    ///
    /// Most texts are short enough by
    /// their bytes alone: no character has more UTF-16 units than UTF-8 bytes.
    @inline(__always)
    func isLonger(than limit: Int) -> Bool {
        count > limit && utf16Length > limit
    }
}
