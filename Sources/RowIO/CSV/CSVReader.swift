/// Rows out of a CSV or TSV.
///
/// An empty line, one without a single byte, is no row; a line of blanks is a row with a blank
/// cell. A record of more than `RowLimits.recordBytes` is skipped to the end of the physical line
/// on which it passes the limit: quotes opened behind the limit are not looked at, so that none of
/// them can hide the rest of the file.
package struct CSVReader: RowReader {
    /// The header's cells, in order, or the names given in its place.
    ///
    /// Empty for an input of no bytes that should have had a header.
    package private(set) var columns: [Column] = []
    /// Where the header stands; nil if the columns were named from outside.
    package private(set) var header: RowPosition?
    /// The header's original bytes, if they are to be kept.
    package private(set) var rawHeader: [UInt8]?
    /// Bytes taken from the input so far, as they are on disk.
    package var bytesRead: Int64 { window.source.bytesRead }

    private let limits: RowLimits
    private let keepsRawBytes: Bool
    private var window: ReadWindow
    private var scanner: CSVScanner
    private var batch = RowBatch()
    private var rowsRead = 0

    /// Reads the header of the input that `window` begins, unless `options` name the columns.
    init(
        _ window: ReadWindow,
        dialect: CSVDialect,
        options: InputOptions
    ) throws(InputError) {
        self.window = window
        limits = options.limits
        keepsRawBytes = options.keepsRawBytes
        scanner = CSVScanner(
            dialect: dialect,
            recordLimit: limits.recordBytes,
            columnLimit: limits.columns
        )
        if let names = options.columns {
            try setColumns(names.map { Column(path: [$0]) })
        } else {
            try readHeader()
        }
    }

    /// The next rows; see `RowReader.next()`.
    package mutating func next() throws(InputError) -> RowBatch? {
        while true {
            let stop = scan(limit: RowBatch.capacity)
            if !scanner.records.isEmpty { return takeBatch() }
            // Empty lines may have been passed over.
            window.consume(to: scanner.position)
            switch stop {
            case .needsBytes: try window.fill()
            case .tooLong: return try skipLongRecord()
            case .full, .end: return nil
            }
        }
    }

    private mutating func scan(limit: Int) -> CSVScanner.Stop {
        batch.removeAll()
        return scanner.scan(
            window.bytes,
            window.range,
            isLast: window.isAtEnd,
            limit: limit,
            cells: &batch.cells
        )
    }

    // MARK: Rows

    /// Makes rows of the records found last and moves on behind them.
    private mutating func takeBatch() -> RowBatch {
        let slab = window.range.lowerBound..<scanner.position
        batch.bytes.append(contentsOf: window.bytes[slab])
        if keepsRawBytes { batch.raw.append(contentsOf: batch.bytes) }
        for index in scanner.doubledCells { undouble(cellAt: index) }
        for record in scanner.records {
            rowsRead += 1
            appendRow(record, slabStart: slab.lowerBound)
        }
        window.consume(to: slab.upperBound)
        return batch
    }

    private mutating func appendRow(_ record: CSVRecord, slabStart: Int) {
        let position = RowPosition(
            row: rowsRead,
            line: record.line,
            offset: window.offset(of: record.range.lowerBound),
            length: record.range.count
        )
        var row = Row(
            position: position,
            cells: record.cells,
            issues: [],
            isReadable: true,
            raw: nil
        )
        if keepsRawBytes {
            let start = record.range.lowerBound - slabStart
            row.raw = start..<(start + record.range.count)
        }
        if record.isSuspect || record.hasSurplus || record.flaw != nil {
            row.issues = issues(of: record, isReadable: &row.isReadable)
            if !row.isReadable { row.cells = record.cells.prefix(0) }
        }
        batch.rows.append(row)
    }

    /// Puts one quote in place of two, within the slab.
    private mutating func undouble(cellAt cell: Int) {
        let range = batch.cells[cell].range
        var target = range.lowerBound
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = batch.bytes[index]
            batch.bytes[target] = byte
            target += 1
            index += byte == scanner.dialect.quote ? 2 : 1
        }
        batch.cells[cell].end = UInt32(truncatingIfNeeded: target)
    }

    private func issues(of record: CSVRecord, isReadable: inout Bool) -> [RowIssue] {
        var issues: [RowIssue] = []
        if record.flaw != nil {
            issues.append(quoteIssue(of: record))
            isReadable = false
        }
        if record.hasSurplus { issues.append(.surplus(record.cellCount, columns: columns.count)) }
        if record.isSuspect {
            let check = TextCheck(window.bytes, record.range)
            if let index = check.firstNUL { issues.append(.nulByte(at: window.offset(of: index))) }
            if let index = check.firstInvalid {
                let offset = window.offset(of: index)
                issues.append(.invalidUTF8(window.bytes[index], at: offset))
                isReadable = false
            }
        }
        return issues
    }

    private func quoteIssue(of record: CSVRecord) -> RowIssue {
        let offset = window.offset(of: record.flawIndex)
        return record.flaw == .unclosedQuote
            ? .unclosedQuote(line: record.flawLine, offset: offset)
            : .badQuote(line: record.flawLine, offset: offset)
    }

    /// Passes over a record that is too long to be kept, and reports it.
    private mutating func skipLongRecord() throws(InputError) -> RowBatch {
        let line = scanner.line
        let offset = window.offset(of: window.range.lowerBound)
        let skip = try window.skipLine(notBefore: limits.recordBytes)
        scanner.line += skip.lines
        rowsRead += 1
        let position = RowPosition(
            row: rowsRead,
            line: line,
            offset: offset,
            length: skip.length
        )
        batch.rows.append(.tooLong(at: position, limit: limits.recordBytes))
        return batch
    }

    // MARK: Header

    private mutating func readHeader() throws(InputError) {
        while true {
            let stop = scan(limit: 1)
            if let record = scanner.records.first { return try takeHeader(record) }
            window.consume(to: scanner.position)
            switch stop {
            case .needsBytes: try window.fill()
            case .tooLong:
                throw headerError(RowIssue.recordTooLong(limit: limits.recordBytes).message)
            case .full, .end: return
            }
        }
    }

    private mutating func takeHeader(_ record: CSVRecord) throws(InputError) {
        try checkCount(record.cellCount)
        var isReadable = true
        if let issue = issues(of: record, isReadable: &isReadable).first {
            throw headerError(issue.message)
        }
        let row = takeBatch().rows[0]
        header = row.position
        header?.row = 0
        rawHeader = row.raw.map { Array(batch.raw[$0]) }
        rowsRead = 0
        try setColumns(
            batch.cells.map { cell in
                Column(path: [String(decoding: trimmed(cell.range), as: UTF8.self)])
            }
        )
    }

    private mutating func setColumns(_ columns: [Column]) throws(InputError) {
        try checkCount(columns.count)
        self.columns = columns
        scanner.columnLimit = columns.count
    }

    private func checkCount(_ count: Int) throws(InputError) {
        guard count > limits.columns else { return }
        throw headerError("it has \(count) columns, and at most \(limits.columns) can be read")
    }

    private func trimmed(_ range: Range<Int>) -> ArraySlice<UInt8> {
        var text = batch.bytes[range]
        while let first = text.first, scanner.dialect.isBlank(first) { text.removeFirst() }
        while let last = text.last, scanner.dialect.isBlank(last) { text.removeLast() }
        return text
    }

    private func headerError(_ reason: String) -> InputError {
        let line = scanner.records.first?.line ?? scanner.line
        return InputError(
            code: .badHeader,
            message: "the header (line \(line)) cannot be used: \(reason)",
            path: window.source.name
        )
    }
}
