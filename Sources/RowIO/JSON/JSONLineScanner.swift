/// Splits bytes into the lines of JSON Lines.
///
/// LF and CRLF end a line. So does a lone CR, but inside a string it does not: there it is a
/// control character that makes the line invalid JSON. A value without effects, like `CSVScanner`.
struct JSONLineScanner {
    /// A line that is not blank.
    struct Line {
        /// The line with its end, as indices of the window.
        var range: Range<Int>
        /// Where the line's end begins.
        var contentEnd: Int
        /// Its number.
        var line: Int
    }

    /// Whether a place in a line is inside a string, found by one walk from the line's start.
    private struct StringState {
        var index: Int
        var isInside = false

        mutating func isInside(_ bytes: UnsafePointer<UInt8>, at target: Int) -> Bool {
            while index < target {
                switch bytes[index] {
                case UInt8(ascii: "\\") where isInside: index += 1
                case UInt8(ascii: "\""): isInside.toggle()
                default: break
                }
                index += 1
            }
            return isInside
        }
    }

    private static let lf = UInt8(ascii: "\n")
    private static let cr = UInt8(ascii: "\r")

    /// The most bytes of a line without its end.
    let recordLimit: Int
    /// The physical line of `position`.
    var line = 1
    /// Where the next line starts in the window of the last scan.
    private(set) var position = 0
    /// The lines found by the last scan.
    private(set) var lines: [Line] = []

    init(recordLimit: Int) {
        self.recordLimit = recordLimit
        lines.reserveCapacity(RowBatch.capacity)
    }

    /// Finds up to `limit` lines that are not blank in `bytes[range]`.
    mutating func scan(
        _ bytes: [UInt8],
        _ range: Range<Int>,
        isLast: Bool,
        limit: Int
    ) -> CSVScanner.Stop {
        precondition(range.upperBound + ReadWindow.slack <= bytes.count)
        lines.removeAll(keepingCapacity: true)
        position = range.lowerBound
        return bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return .end }
            var cursor = ByteSetCursor(
                base,
                from: range.lowerBound,
                to: range.upperBound,
                wanted: .init(Self.lf, Self.cr, Self.lf, Self.cr)
            )
            while lines.count < limit {
                if let stop = nextLine(base, range.upperBound, isLast, &cursor) { return stop }
            }
            return .full
        }
    }

    private mutating func nextLine(
        _ bytes: UnsafePointer<UInt8>,
        _ end: Int,
        _ isLast: Bool,
        _ cursor: inout ByteSetCursor
    ) -> CSVScanner.Stop? {
        let limit = min(end, position + recordLimit + 1)
        var state = StringState(index: position)
        while true {
            let index = cursor.next()
            guard index < limit else {
                let available = end - position
                if available > recordLimit + 1 || (isLast && available > recordLimit) {
                    return .tooLong
                }
                guard isLast else { return .needsBytes }
                guard position < end else { return .end }
                take(bytes, contentEnd: end, next: end)
                return nil
            }
            guard bytes[index] == Self.cr else {
                take(bytes, contentEnd: index, next: index + 1)
                return nil
            }
            if index + 1 == end && !isLast { return .needsBytes }
            if index + 1 < end && bytes[index + 1] == Self.lf {
                _ = cursor.next()
                take(bytes, contentEnd: index, next: index + 2)
                return nil
            }
            if !state.isInside(bytes, at: index) {
                take(bytes, contentEnd: index, next: index + 1)
                return nil
            }
        }
    }

    private mutating func take(_ bytes: UnsafePointer<UInt8>, contentEnd: Int, next: Int) {
        let isBlank = (position..<contentEnd).allSatisfy { index in
            bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\t")
        }
        if !isBlank {
            lines.append(Line(range: position..<next, contentEnd: contentEnd, line: line))
        }
        position = next
        line += 1
    }
}
