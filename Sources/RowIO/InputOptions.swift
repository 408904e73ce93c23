/// How an input is to be read.
package struct InputOptions: Sendable {
    /// The row format; nil finds it by content, then by name.
    package var format: RowFormat?
    /// The dialect of a CSV or TSV; nil takes the format's own.
    package var dialect: CSVDialect?
    /// The column names of a CSV or TSV without a header line, in order; nil reads them from the
    /// first record.
    package var columns: [String]?
    /// The member of a JSON object that becomes one cell with its literal text where its members
    /// would be more columns than `RowLimits` allows; nil refuses such rows.
    package var packedMember: String?
    /// Whether batches carry the original bytes of their rows: for an input that cannot be read
    /// again.
    package var keepsRawBytes = false
    /// The bounds of a record.
    package var limits = RowLimits()
    /// Bytes asked for in one read(2).
    ///
    /// Larger reads gain nothing: the scanner is the slower part.
    package var readBytes = 256 << 10

    /// The format found by content, nothing kept, the usual bounds.
    package init() {}

    /// Options that differ from the usual in format or in keeping the original bytes.
    package init(format: RowFormat?, keepsRawBytes: Bool = false) {
        self.format = format
        self.keepsRawBytes = keepsRawBytes
    }
}
