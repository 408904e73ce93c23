/// One rule that a row breaks; its message names field and rule, never the value.
package struct FieldIssue: Sendable, Hashable {
    /// The rules, by their names in `error_code` of results.csv.
    package enum Rule: String, Sendable, Hashable, CaseIterable {
        /// The row fills nothing.
        case emptyRow = "empty_row"
        /// No server could take this e-mail address.
        case invalidEmail = "invalid_email"
        /// A field is longer than the API allows.
        case tooLong = "too_long"
        /// More metadata pairs than the API allows.
        case tooManyMetadata = "too_many_metadata"
        /// Metadata that is no object of texts.
        case invalidMetadata = "invalid_metadata"
        /// A member that maps to nothing.
        case unknownColumn = "unknown_column"
        /// One member is given twice.
        case duplicateMember = "duplicate_member"
        /// A JSON value of the wrong kind.
        case invalidType = "invalid_type"
    }

    /// Which rule is broken.
    package var rule: Rule
    /// Where: `email`, `metadata.plan`; nil if it is the row as a whole.
    package var field: String?
    /// What was found and what was expected, in numbers and names.
    package var message: String

    /// The rule's name in `error_code` of results.csv.
    package var code: String { rule.rawValue }

    /// An issue.
    package init(_ rule: Rule, field: String?, message: String) {
        self.rule = rule
        self.field = field
        self.message = message
    }
}
