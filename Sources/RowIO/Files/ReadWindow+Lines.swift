extension ReadWindow {
    /// What a skip passed over.
    struct Skip {
        /// Bytes, the line end included.
        var length: Int
        /// Physical lines.
        var lines: Int
    }

    /// Gives up all bytes up to and with the first line end that stands `minimum` bytes or more
    /// behind the start, and keeps no more than a window of them at a time.
    mutating func skipLine(notBefore minimum: Int) throws(InputError) -> Skip {
        var skip = Skip(length: 0, lines: 1)
        var previous: UInt8 = 0
        while true {
            for index in range {
                let byte = bytes[index]
                let isBreak = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
                if isBreak && skip.length + (index - range.lowerBound) >= minimum {
                    let end = try indexAfterLineEnd(at: index)
                    skip.length += end - range.lowerBound
                    consume(to: end)
                    return skip
                }
                let isSecondHalf = byte == UInt8(ascii: "\n") && previous == UInt8(ascii: "\r")
                if isBreak && !isSecondHalf { skip.lines += 1 }
                previous = byte
            }
            skip.length += range.count
            consume(to: range.upperBound)
            if isAtEnd { return skip }
            try fill()
        }
    }

    /// The index behind the line end at `index`, after reading on if it may be half a CRLF.
    ///
    /// The window may move, so the index is that of the moved window.
    private mutating func indexAfterLineEnd(at index: Int) throws(InputError) -> Int {
        guard bytes[index] == UInt8(ascii: "\r") else { return index + 1 }
        let distance = index - range.lowerBound
        if index + 1 == range.upperBound && !isAtEnd { try fill() }
        let next = range.lowerBound + distance + 1
        return next < range.upperBound && bytes[next] == UInt8(ascii: "\n") ? next + 1 : next
    }
}
