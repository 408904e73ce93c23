/// Writes rows as a CSV (RFC 4180, lines end in LF), a cell at a time, into a buffer that the
/// caller empties.
///
/// A cell is quoted if it holds a delimiter, quote or line end, or begins or ends with a blank. A
/// row of one empty cell is written as `""`, because an empty line is no row, and so is a first
/// cell that begins with a byte order mark: what is written reads back as the same cells.
package struct CSVWriter: Sendable {
    /// The CSV so far; empty it with `removeAll` after handing it on.
    package private(set) var bytes: [UInt8] = []

    private let dialect: CSVDialect
    private let isSpreadsheetSafe: Bool
    private var cellsInRow = 0
    private var isRowEmpty = true

    /// A writer.
    ///
    /// `isSpreadsheetSafe` puts a `'` before a cell that a spreadsheet would take for a formula:
    /// one that begins with `=`, `+`, `-`, `@`, TAB or CR.
    package init(dialect: CSVDialect = .comma, isSpreadsheetSafe: Bool = false) {
        self.dialect = dialect
        self.isSpreadsheetSafe = isSpreadsheetSafe
    }

    /// Appends a cell of UTF-8 bytes to the row.
    package mutating func append(_ cell: some Collection<UInt8>) {
        if cellsInRow > 0 { bytes.append(dialect.delimiter) }
        cellsInRow += 1
        isRowEmpty = isRowEmpty && cell.isEmpty
        let isFormula = isSpreadsheetSafe && cell.first.map(Self.startsFormula) ?? false
        guard needsQuotes(cell) else {
            if isFormula { bytes.append(Self.apostrophe) }
            bytes.append(contentsOf: cell)
            return
        }
        bytes.append(dialect.quote)
        if isFormula { bytes.append(Self.apostrophe) }
        for byte in cell {
            if byte == dialect.quote { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(dialect.quote)
    }

    /// Appends a cell of text to the row.
    package mutating func append(_ cell: String) {
        append(cell.utf8)
    }

    /// Ends the row.
    package mutating func endRow() {
        if cellsInRow == 1 && isRowEmpty {
            bytes.append(dialect.quote)
            bytes.append(dialect.quote)
        }
        bytes.append(UInt8(ascii: "\n"))
        cellsInRow = 0
        isRowEmpty = true
    }

    /// Appends a whole row of text.
    package mutating func appendRow(_ cells: some Sequence<String>) {
        for cell in cells { append(cell) }
        endRow()
    }

    /// Forgets the bytes, which the caller has handed on, and keeps their memory.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    private static let apostrophe = UInt8(ascii: "'")

    private static func startsFormula(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"),
            UInt8(ascii: "\t"), UInt8(ascii: "\r"):
            true
        default: false
        }
    }

    private func needsQuotes(_ cell: some Collection<UInt8>) -> Bool {
        guard let first = cell.first else { return false }
        // The first byte of a byte order mark; quoting a few other letters too does no harm.
        if isBlank(first) || first == FormatDetection.byteOrderMark[0] { return true }
        var last = first
        for byte in cell {
            if byte == dialect.delimiter || byte == dialect.quote || byte == UInt8(ascii: "\n")
                || byte == UInt8(ascii: "\r")
            {
                return true
            }
            last = byte
        }
        return isBlank(last)
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}
