internal import RowIO

/// The columns of inputs without a header line, as `--columns` names them.
///
/// The names are matched like those of a header; an empty one leaves its column out.
package struct ColumnNames: Sendable, Hashable, CustomStringConvertible {
    /// The names, in the order of the columns, without blanks at their ends.
    package let names: [String]

    /// Reads `a,b,c`; nil if no column has a name.
    package init?(_ text: String) {
        names = text.split(separator: ",", omittingEmptySubsequences: false)
            .map { trimmingBlanks($0) }
        guard names.contains(where: { !$0.isEmpty }) else { return nil }
    }

    /// The flags as they were given, for the journal.
    package var description: String { "--no-header --columns \(names.joined(separator: ","))" }

    /// Whether the cells of a row are these names, so that it can only be a header line.
    func areRepeated(by row: Row, of batch: RowBatch) -> Bool {
        guard row.isReadable, row.cells.count == names.count else { return false }
        return batch.cells[row.cells].allSatisfy { cell in
            let name = names[cell.column]
            let text = String(decoding: batch.bytes[cell.range], as: UTF8.self)
            return name.isEmpty || LooseName(text) == LooseName(name)
        }
    }
}
