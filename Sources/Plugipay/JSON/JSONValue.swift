/// What a value in a JSON text is, and which bytes it takes.
struct JSONValue {
    enum Kind {
        case string
        case number
        case boolean
        case null
        case object
        case array
    }

    var kind: Kind
    /// The value's bytes; those of a string without its quotes.
    var range: Range<Int>
    /// Whether a string has escapes in it.
    var hasEscapes = false

    /// Whether the string says `name`.
    ///
    /// A name that is written with escapes counts, too.
    func isEqual(to name: StaticString, in bytes: [UInt8]) -> Bool {
        guard !hasEscapes else { return text(in: bytes) == name.description }
        guard range.count == name.utf8CodeUnitCount else { return false }
        for offset in 0..<range.count
        where bytes[range.lowerBound + offset] != name.utf8Start[offset] {
            return false
        }
        return true
    }

    /// A string's text; the literal text of a number or boolean; `nil` for anything else.
    ///
    /// What is not UTF-8, and half of a surrogate pair, becomes U+FFFD.
    func text(in bytes: [UInt8]) -> String? {
        switch kind {
        case .string:
            hasEscapes
                ? JSONUnescaping.text(of: bytes[range])
                : String(decoding: bytes[range], as: UTF8.self)
        case .number, .boolean:
            String(decoding: bytes[range], as: UTF8.self)
        case .null, .object, .array:
            nil
        }
    }
}
