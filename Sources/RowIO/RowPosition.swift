/// Where a record stands in its input.
package struct RowPosition: Sendable, Hashable {
    /// The record's number from 1, counted in each file without the header; 0 is the header itself.
    package var row: Int
    /// The physical line, from 1, on which the record starts.
    package var line: Int
    /// The record's first byte in the uncompressed stream, counted from 0, a byte order mark
    /// included.
    package var offset: Int64
    /// The record's size in bytes, its line end included.
    package var length: Int

    /// A position from its four parts.
    package init(row: Int, line: Int, offset: Int64, length: Int) {
        self.row = row
        self.line = line
        self.offset = offset
        self.length = length
    }
}
