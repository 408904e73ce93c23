/// How the rows of an input are written.
package enum RowFormat: String, Sendable, Hashable, CaseIterable {
    /// Comma-separated cells below a header line (RFC 4180 and what real files have).
    case csv
    /// One JSON object a line.
    case jsonl
}
