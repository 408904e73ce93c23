/// One walk over one window, record by record.
///
/// Grammar of a record: cells between delimiters, up to CR, LF or CRLF. A cell is quoted if its
/// first byte after blanks is a quote; it then goes to the next quote that is not doubled, and only
/// blanks may follow. In any other cell a quote is a character.
struct CSVScanPass {
    /// The next record, or why there is none.
    enum Found {
        case record(CSVRecord)
        case stop(CSVScanner.Stop)
    }

    /// How a quoted cell went on.
    private enum Quoted {
        /// Its closing quote stands here, and only blanks follow.
        case closed(Int)
        /// Text follows its closing quote on the line where it opened: plain text from here on.
        case plain
        /// It closed on a later line and text follows: its opening quote was a stray one.
        case stray
        /// The record's limit or the window ends inside the quotes.
        case open
    }

    private static let lf = UInt8(ascii: "\n")
    private static let cr = UInt8(ascii: "\r")

    private let bytes: UnsafePointer<UInt8>
    private let start: Int
    private let end: Int
    private let isLast: Bool
    private let dialect: CSVDialect
    private let recordLimit: Int
    private let columnLimit: Int
    private var cursor: ByteSetCursor

    /// Where the next record starts.
    private(set) var position: Int
    /// The physical line of `position`.
    private(set) var line: Int

    // The record under way.
    private var firstCell = 0
    private var cellCount = 0
    private var hasSurplus = false
    private var innerLines = 0
    private var flaw: CSVRecord.Flaw?
    private var flawIndex = 0
    private var flawLine = 0
    // The quote that was opened last: its place, the record's line ends before it, and where the
    // first line behind it begins.
    private var quoteIndex = 0
    private var linesBeforeQuote = 0
    private var nextLineAfterQuote: Int?

    init(
        _ bytes: UnsafePointer<UInt8>,
        _ range: Range<Int>,
        isLast: Bool,
        line: Int,
        scanner: CSVScanner
    ) {
        self.bytes = bytes
        start = range.lowerBound
        end = range.upperBound
        self.isLast = isLast
        self.line = line
        dialect = scanner.dialect
        recordLimit = scanner.recordLimit
        columnLimit = scanner.columnLimit
        position = start
        cursor = ByteSetCursor(
            bytes,
            from: start,
            to: end,
            wanted: .init(dialect.delimiter, dialect.quote, Self.lf, Self.cr)
        )
    }

    /// Finds the next record that is not an empty line.
    mutating func nextRecord(cells: inout [Cell], doubled: inout [Int]) -> Found {
        begin(firstCell: cells.count)
        var limit = scanLimit
        var cellStart = position
        var closingQuote: Int?
        while true {
            let index = cursor.next()
            guard index < limit else {
                return atLimit(limit, cellStart..<(closingQuote ?? limit), &cells, &doubled)
            }
            let byte = bytes[index]
            if byte == dialect.delimiter {
                append(cellStart..<(closingQuote ?? index), to: &cells)
                closingQuote = nil
                cellStart = index + 1
            } else if byte == dialect.quote {
                guard isBlank(cellStart, index) else { continue }
                switch quotedCell(openedAt: index, limit, cell: cells.count, &doubled) {
                case .closed(let close):
                    cellStart = index + 1
                    closingQuote = close
                case .plain: continue
                case .stray: return unclosed(&cells, &doubled)
                case .open: return insideQuotesAtLimit(&cells, &doubled)
                }
            } else {
                guard let next = indexAfterLineEnd(at: index) else {
                    return giveUp(.needsBytes, &cells, &doubled)
                }
                if index > position {
                    append(cellStart..<(closingQuote ?? index), to: &cells)
                    return .record(finish(at: next, lines: innerLines + 1, cells.count))
                }
                // An empty line is no record.
                position = next
                line += 1
                limit = scanLimit
                cellStart = next
            }
        }
    }

    // MARK: The parts of a record

    private mutating func begin(firstCell: Int) {
        self.firstCell = firstCell
        cellCount = 0
        hasSurplus = false
        innerLines = 0
        flaw = nil
        cursor.beginRecord()
    }

    /// No byte from here on is looked at: one more than a record may have shows that it is longer.
    private var scanLimit: Int { min(end, position + recordLimit + 1) }

    @inline(__always)
    private mutating func append(_ content: Range<Int>, to cells: inout [Cell]) {
        if cellCount < columnLimit {
            let range = (content.lowerBound - start)..<(content.upperBound - start)
            cells.append(Cell(column: cellCount, range: range, kind: .text))
        } else if !isBlank(content.lowerBound, content.upperBound) {
            hasSurplus = true
        }
        cellCount += 1
    }

    private mutating func quotedCell(
        openedAt opening: Int,
        _ limit: Int,
        cell: Int,
        _ doubled: inout [Int]
    ) -> Quoted {
        quoteIndex = opening
        linesBeforeQuote = innerLines
        nextLineAfterQuote = nil
        var isDoubled = false
        while true {
            let index = cursor.next()
            guard index < limit else { return .open }
            let byte = bytes[index]
            if byte == dialect.quote {
                if index + 1 < end && bytes[index + 1] == dialect.quote {
                    _ = cursor.next()
                    isDoubled = true
                } else if index + 1 < end || isLast {
                    if isDoubled && cellCount < columnLimit { doubled.append(cell) }
                    return closing(index, limit)
                } else {
                    return .open
                }
            } else if byte == Self.cr || (byte == Self.lf && bytes[index - 1] != Self.cr) {
                innerLines += 1
                nextLineAfterQuote = nextLineAfterQuote ?? index + 1
            }
        }
    }

    private mutating func closing(_ close: Int, _ limit: Int) -> Quoted {
        var next = close + 1
        while next < limit && dialect.isBlank(bytes[next]) { next += 1 }
        guard next < limit else { return .closed(close) }
        let byte = bytes[next]
        if byte == dialect.delimiter || byte == Self.lf || byte == Self.cr { return .closed(close) }
        if innerLines > linesBeforeQuote { return .stray }
        if flaw == nil { note(.badQuote) }
        return .plain
    }

    private mutating func note(_ flaw: CSVRecord.Flaw) {
        self.flaw = flaw
        flawIndex = quoteIndex
        flawLine = line + linesBeforeQuote
    }

    /// The index behind CR, LF or CRLF; nil if the window ends between the two.
    private mutating func indexAfterLineEnd(at index: Int) -> Int? {
        guard bytes[index] == Self.cr else { return index + 1 }
        guard index + 1 < end else { return isLast ? index + 1 : nil }
        guard bytes[index + 1] == Self.lf else { return index + 1 }
        _ = cursor.next()
        return index + 2
    }

    private func isBlank(_ from: Int, _ to: Int) -> Bool {
        var index = from
        while index < to {
            guard dialect.isBlank(bytes[index]) else { return false }
            index += 1
        }
        return true
    }

    private mutating func finish(at next: Int, lines: Int, _ cellsEnd: Int) -> CSVRecord {
        let record = CSVRecord(
            range: position..<next,
            line: line,
            cells: firstCell..<cellsEnd,
            cellCount: cellCount,
            hasSurplus: hasSurplus,
            isSuspect: cursor.isSuspect,
            flaw: flaw,
            flawIndex: flawIndex,
            flawLine: flawLine
        )
        position = next
        line += lines
        return record
    }

    // MARK: Where a record does not end as it should

    /// Outside quotes the window, the input, or the record's limit ends.
    private mutating func atLimit(
        _ limit: Int,
        _ lastCell: Range<Int>,
        _ cells: inout [Cell],
        _ doubled: inout [Int]
    ) -> Found {
        if isBeyondRecordLimit { return giveUp(.tooLong, &cells, &doubled) }
        guard isLast else { return giveUp(.needsBytes, &cells, &doubled) }
        guard position < end else { return .stop(.end) }
        append(lastCell, to: &cells)
        return .record(finish(at: end, lines: innerLines + 1, cells.count))
    }

    private mutating func insideQuotesAtLimit(
        _ cells: inout [Cell],
        _ doubled: inout [Int]
    ) -> Found {
        if isBeyondRecordLimit && nextLineAfterQuote == nil {
            return giveUp(.tooLong, &cells, &doubled)
        }
        guard isBeyondRecordLimit || isLast else { return giveUp(.needsBytes, &cells, &doubled) }
        return unclosed(&cells, &doubled)
    }

    /// Whether the bytes at hand decide that the record is too long.
    ///
    /// One byte more than that is asked for, so that a CRLF at the limit is never cut.
    private var isBeyondRecordLimit: Bool {
        let available = end - position
        return available > recordLimit + 1 || (isLast && available > recordLimit)
    }

    private mutating func giveUp(
        _ reason: CSVScanner.Stop,
        _ cells: inout [Cell],
        _ doubled: inout [Int]
    ) -> Found {
        dropCells(&cells, &doubled)
        return .stop(reason)
    }

    /// Ends the record with the physical line on which its last quote opened, so that a stray
    /// quote does not take the rows below with it.
    private mutating func unclosed(_ cells: inout [Cell], _ doubled: inout [Int]) -> Found {
        var next = nextLineAfterQuote ?? end
        if next < end && bytes[next - 1] == Self.cr && bytes[next] == Self.lf { next += 1 }
        dropCells(&cells, &doubled)
        hasSurplus = false
        note(.unclosedQuote)
        let record = finish(at: next, lines: linesBeforeQuote + 1, cells.count)
        cursor.seek(to: next)
        return .record(record)
    }

    private func dropCells(_ cells: inout [Cell], _ doubled: inout [Int]) {
        cells.removeLast(cells.count - firstCell)
        while let last = doubled.last, last >= firstCell { doubled.removeLast() }
    }
}
