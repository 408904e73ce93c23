/// How the rows of an input are written.
package enum RowFormat: String, Sendable, Hashable, CaseIterable {
    /// Comma-separated cells below a header line (RFC 4180 and what real files have).
    case csv
    /// The same with TAB between the cells: quotes mean what they mean in CSV.
    case tsv
    /// One JSON object a line.
    case jsonl

    /// The dialect of a format of cells, unless the user names another; nil for objects.
    package var dialect: CSVDialect? {
        switch self {
        case .csv: .comma
        case .tsv: .tab
        case .jsonl: nil
        }
    }
}
