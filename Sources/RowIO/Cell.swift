/// One value of a row: the column it belongs to and where its bytes stand in the batch.
///
/// The bytes are unquoted and unescaped, and nothing is trimmed. Twelve bytes a cell, because a
/// batch holds some thousand of them.
package struct Cell: Sendable, Hashable {
    @usableFromInline var start: UInt32
    @usableFromInline var end: UInt32
    @usableFromInline var columnIndex: UInt16
    /// What the bytes are.
    package var kind: CellKind

    /// The index of the cell's column in the reader's `columns`.
    @inlinable @inline(__always) package var column: Int { Int(columnIndex) }

    /// The cell's bytes in `RowBatch.bytes`; empty for an empty cell.
    @inlinable @inline(__always) package var range: Range<Int> {
        Range(uncheckedBounds: (Int(start), Int(end)))
    }

    /// A cell over `range` of a batch's bytes.
    ///
    /// `RowLimits` keeps columns below 2^16 and a batch far below 2^32 bytes.
    @inline(__always)
    package init(column: Int, range: Range<Int>, kind: CellKind) {
        columnIndex = UInt16(truncatingIfNeeded: column)
        start = UInt32(truncatingIfNeeded: range.lowerBound)
        end = UInt32(truncatingIfNeeded: range.upperBound)
        self.kind = kind
    }
}
