/// A record of the input: its position, and a view of its cells in the batch.
package struct Row: Sendable, Hashable {
    /// Where the record stands in the input.
    package var position: RowPosition
    /// The row's cells in `RowBatch.cells`, in the order of the input; empty if not readable.
    package var cells: Range<Int>
    /// Everything the reader found wrong, in the order of discovery.
    package var issues: [RowIssue]
    /// Whether the cells can be trusted.
    ///
    /// A readable row may have issues: one with surplus cells still shows those that belong to
    /// columns.
    package var isReadable: Bool
    /// The record's original bytes in `RowBatch.raw`, its line end included.
    ///
    /// Nil if they were not asked for, or the record was too long to be kept.
    package var raw: Range<Int>?

    /// A row.
    package init(
        position: RowPosition,
        cells: Range<Int>,
        issues: [RowIssue],
        isReadable: Bool,
        raw: Range<Int>?
    ) {
        self.position = position
        self.cells = cells
        self.issues = issues
        self.isReadable = isReadable
        self.raw = raw
    }
}

extension Row {
    /// A record that was passed over because it is longer than `limit` bytes.
    static func tooLong(at position: RowPosition, limit: Int) -> Row {
        Row(
            position: position,
            cells: 0..<0,
            issues: [.recordTooLong(limit: limit)],
            isReadable: false,
            raw: nil
        )
    }
}
