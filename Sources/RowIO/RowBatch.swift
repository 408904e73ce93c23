/// Rows that were read together, with all their bytes in one slab.
///
/// The arrays may share storage with the reader. A reader uses that storage again when the caller
/// has dropped the batch before it asks for the next one; a batch that is kept stays as it is.
package struct RowBatch: Sendable {
    /// The most rows of one batch.
    package static let capacity = 256

    /// The text of all cells.
    package var bytes: [UInt8]
    /// The cells of all rows, row after row.
    package var cells: [Cell]
    /// The rows; never empty in a batch that a reader hands out.
    package var rows: [Row]
    /// The original bytes of the rows, if `InputOptions.keepsRawBytes`.
    package var raw: [UInt8]

    /// An empty batch.
    package init() {
        bytes = []
        cells = []
        rows = []
        raw = []
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        cells.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        raw.removeAll(keepingCapacity: true)
    }
}
