/// Rows out of an input, a batch at a time, in constant memory.
package protocol RowReader {
    /// CSV and TSV: the header, or the names given in its place, known from the start.
    ///
    /// JSONL: the paths met so far, in order of appearance. An index never changes its meaning.
    var columns: [Column] { get }

    /// The header's own bytes (`row` is 0); nil if the input has none.
    var header: RowPosition? { get }

    /// The header's original bytes, its line end included, if `InputOptions.keepsRawBytes`.
    var rawHeader: [UInt8]? { get }

    /// Bytes taken from the file or pipe so far, as they are on disk; final after the end.
    var bytesRead: Int64 { get }

    /// The next rows; nil at the end.
    ///
    /// Damage of the input is thrown after the complete rows that stand before it were handed out,
    /// and again by every later call. A row that touches damage is never handed out.
    mutating func next() throws(InputError) -> RowBatch?
}
