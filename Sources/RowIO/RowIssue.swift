/// One thing that is wrong with a row.
///
/// A value, never thrown: the rows after it go on.
package struct RowIssue: Sendable, Hashable {
    /// The machine-readable name, as it stands in `error_code` of results.csv.
    package struct Code: RawRepresentable, Sendable, Hashable {
        /// The code as text.
        package let rawValue: String

        /// A code from its text.
        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// More cells than the header has columns, and the surplus is not empty.
        package static let tooManyCells = Code(rawValue: "too_many_cells")
        /// Text after the closing quote of a cell.
        package static let badQuote = Code(rawValue: "bad_quote")
        /// A quote that nothing closes.
        package static let unclosedQuote = Code(rawValue: "unclosed_quote")
        /// A NUL in the text.
        package static let nulByte = Code(rawValue: "nul_byte")
        /// Bytes that are not UTF-8.
        package static let invalidUTF8 = Code(rawValue: "invalid_utf8")
        /// A record longer than `RowLimits.recordBytes`.
        package static let recordTooLong = Code(rawValue: "record_too_long")
        /// A line that is not JSON.
        package static let invalidJSON = Code(rawValue: "invalid_json")
        /// One object names a member twice.
        package static let duplicateMember = Code(rawValue: "duplicate_member")
        /// Objects or arrays nested deeper than `RowLimits.jsonDepth`.
        package static let tooDeep = Code(rawValue: "too_deep")
        /// A line whose value is not an object.
        package static let invalidType = Code(rawValue: "invalid_type")
    }

    /// Which rule is broken.
    package var code: Code
    /// Where, what was found, what was expected.
    ///
    /// It never repeats the row's text.
    package var message: String

    /// An issue.
    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }
}
