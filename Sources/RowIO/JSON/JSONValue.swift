/// A value that a `JSONScanner` found: its kind, and where its bytes stand.
package struct JSONValue: Sendable, Hashable {
    /// What JSON calls the value.
    package enum Kind: UInt8, Sendable, Hashable {
        /// Members between braces.
        case object
        /// Elements between brackets.
        case array
        /// Text between quotes.
        case string
        /// A number, its literal text kept.
        case number
        /// `true` or `false`.
        case boolean
        /// `null`.
        case null
    }

    let token: Int
    let end: Int
    /// What the value is.
    package let kind: Kind
    /// The value as it stands in the text, a string with its quotes.
    package let range: Range<Int>
    /// Whether a string has escapes, so that its text differs from its bytes.
    package let hasEscapes: Bool

    /// What stands between a string's quotes, escapes as they are; `range` for all other kinds.
    package var content: Range<Int> {
        kind == .string ? (range.lowerBound + 1)..<(range.upperBound - 1) : range
    }
}
