/// What a cell's bytes are.
///
/// A JSON null is no cell at all, so it is not listed.
package enum CellKind: UInt8, Sendable, Hashable {
    /// Text: every CSV cell, and a JSON string after unescaping.
    case text
    /// A JSON number, its literal text as it stands.
    case number
    /// `true` or `false`.
    case boolean
    /// A JSON object without members; the bytes are the literal text.
    case emptyObject
    /// A JSON array; the bytes are the literal text.
    case array
}
