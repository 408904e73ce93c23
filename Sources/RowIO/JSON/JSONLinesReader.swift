/// Rows out of JSON Lines: one object a line.
///
/// A member's path is its column: nested objects flatten, so `{"metadata":{"plan":"a"}}` has a cell
/// in the column `metadata.plan`. Null is no cell, though its member becomes a column. An array is
/// one cell with its literal text, and what is in it is checked for grammar only. A line of blanks
/// is no row. The order of `columns` is that of appearance; a row with more different paths than
/// `RowLimits` allows is refused, and those with known paths go on. `InputOptions.packedMember`
/// names an object that may have any members: where they are too many for columns of their own, it
/// is one cell with its literal text.
package struct JSONLinesReader: RowReader {
    /// The paths met so far, in order of appearance.
    package var columns: [Column] { table.columns }
    /// None: every line is a row.
    package var header: RowPosition? { nil }
    /// None: every line is a row.
    package var rawHeader: [UInt8]? { nil }
    /// Bytes taken from the input so far, as they are on disk.
    package var bytesRead: Int64 { window.source.bytesRead }

    private let limits: RowLimits
    private let keepsRawBytes: Bool
    private let packedMember: [UInt8]?
    private var window: ReadWindow
    private var lines: JSONLineScanner
    private var scanner: JSONScanner
    private var table: ColumnTable
    private var batch = RowBatch()
    private var rowsRead = 0
    /// The unescaped text of a name that has escapes.
    private var nameText: [UInt8] = []

    init(_ window: ReadWindow, options: InputOptions) {
        self.window = window
        limits = options.limits
        keepsRawBytes = options.keepsRawBytes
        packedMember = options.packedMember.map { Array($0.utf8) }
        lines = JSONLineScanner(recordLimit: limits.recordBytes)
        scanner = JSONScanner(maximumDepth: limits.jsonDepth)
        table = ColumnTable(limits: limits)
    }

    /// The next rows; see `RowReader.next()`.
    package mutating func next() throws(InputError) -> RowBatch? {
        while true {
            batch.removeAll()
            let stop = lines.scan(
                window.bytes,
                window.range,
                isLast: window.isAtEnd,
                limit: RowBatch.capacity
            )
            if !lines.lines.isEmpty { return takeBatch() }
            window.consume(to: lines.position)
            switch stop {
            case .needsBytes: try window.fill()
            case .tooLong: return try skipLongLine()
            case .full, .end: return nil
            }
        }
    }

    private mutating func takeBatch() -> RowBatch {
        let slab = window.range.lowerBound..<lines.position
        batch.bytes.append(contentsOf: window.bytes[slab])
        if keepsRawBytes { batch.raw.append(contentsOf: batch.bytes) }
        for line in lines.lines { appendRow(line, slabStart: slab.lowerBound) }
        window.consume(to: slab.upperBound)
        return batch
    }

    private mutating func appendRow(_ line: JSONLineScanner.Line, slabStart: Int) {
        rowsRead += 1
        let start = line.range.lowerBound - slabStart
        let firstCell = batch.cells.count
        let issue = appendCells(start..<(line.contentEnd - slabStart), slabStart: slabStart)
        var row = Row(
            position: RowPosition(
                row: rowsRead,
                line: line.line,
                offset: window.offset(of: line.range.lowerBound),
                length: line.range.count
            ),
            cells: firstCell..<batch.cells.count,
            issues: [],
            isReadable: issue == nil,
            raw: keepsRawBytes ? start..<(start + line.range.count) : nil
        )
        if let issue {
            batch.cells.removeLast(batch.cells.count - firstCell)
            row.cells = firstCell..<firstCell
            row.issues = [issue]
        } else if let index = scanner.escapedNUL {
            row.issues = [.nulByte(at: window.offset(of: index + slabStart))]
        }
        batch.rows.append(row)
    }

    // MARK: Cells

    /// Appends the cells of one line, or says why they cannot be trusted.
    private mutating func appendCells(_ content: Range<Int>, slabStart: Int) -> RowIssue? {
        let root: JSONValue
        do {
            root = try scanner.scan(batch.bytes, in: content)
        } catch {
            return issue(for: error, lineStart: content.lowerBound, slabStart: slabStart)
        }
        guard root.kind == .object else { return .notAnObject(root.kind) }
        table.beginRow()
        return appendMembers(of: root, below: ColumnTable.root, lineStart: content.lowerBound)
    }

    /// Flattens an object; as deep as `RowLimits.jsonDepth` allows, and no deeper.
    private mutating func appendMembers(
        of object: JSONValue,
        below parent: Int,
        lineStart: Int
    ) -> RowIssue? {
        var token = object.token + 1
        while token < object.end {
            let name = scanner.value(at: token)
            let value = scanner.value(at: token + 1)
            token = value.end
            guard let node = node(of: name, below: parent) else {
                return .tooManyMembers(limit: limits.columns)
            }
            guard table.claim(node, row: rowsRead) else {
                return .duplicateMember(column: name.range.lowerBound - lineStart + 1)
            }
            if value.kind == .object && value.end > value.token + 1 {
                if isPacked(value, name, below: parent) {
                    appendPacked(value, column: table.column(of: node))
                } else if let issue = appendMembers(
                    of: value,
                    below: node,
                    lineStart: lineStart
                ) {
                    return issue
                }
            } else {
                appendCell(value, column: table.column(of: node))
            }
        }
        return nil
    }

    /// Whether an object becomes one cell: it may, and its members could be too many for columns.
    private func isPacked(_ object: JSONValue, _ name: JSONValue, below parent: Int) -> Bool {
        guard let packedMember, parent == ColumnTable.root,
            !table.hasRoom(for: object.end - object.token, bytes: object.range.count)
        else { return false }
        return batch.bytes[name.content].elementsEqual(packedMember)
    }

    private mutating func appendPacked(_ object: JSONValue, column: Int) {
        batch.cells.append(Cell(column: column, range: object.range, kind: .text))
    }

    private mutating func node(of name: JSONValue, below parent: Int) -> Int? {
        guard name.hasEscapes else { return table.node(below: parent, batch.bytes, name.content) }
        nameText.removeAll(keepingCapacity: true)
        JSONText.append(batch.bytes, name.content, to: &nameText)
        return table.node(below: parent, nameText, nameText.indices)
    }

    private mutating func appendCell(_ value: JSONValue, column: Int) {
        var range = value.content
        let kind: CellKind
        switch value.kind {
        case .null: return
        case .string:
            kind = .text
            if value.hasEscapes {
                range = range.lowerBound..<JSONText.unescape(&batch.bytes, range)
            }
        case .number: kind = .number
        case .boolean: kind = .boolean
        case .object: kind = .emptyObject
        case .array: kind = .array
        }
        batch.cells.append(Cell(column: column, range: range, kind: kind))
    }

    // MARK: Lines that are no rows

    private func issue(for problem: JSONProblem, lineStart: Int, slabStart: Int) -> RowIssue {
        let offset = window.offset(of: problem.index + slabStart)
        switch problem.code {
        case .invalidUTF8: return .invalidUTF8(batch.bytes[problem.index], at: offset)
        case .nulByte: return .nulByte(at: offset)
        case .tooDeep: return .tooDeep(problem.message)
        case .syntax:
            return .invalidJSON(problem.message, column: problem.index - lineStart + 1)
        }
    }

    private mutating func skipLongLine() throws(InputError) -> RowBatch {
        let line = lines.line
        let offset = window.offset(of: window.range.lowerBound)
        let skip = try window.skipLine(notBefore: limits.recordBytes)
        lines.line += 1
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
}
