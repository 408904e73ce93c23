/// Why bytes are not one JSON value that can be used.
package struct JSONProblem: Error, Sendable, Hashable {
    /// The kind of problem.
    package enum Code: Sendable, Hashable {
        /// The grammar of RFC 8259 is broken, or an escape is half a surrogate pair.
        case syntax
        /// Objects and arrays are nested too deeply.
        case tooDeep
        /// A byte is not UTF-8.
        case invalidUTF8
        /// A NUL stands in the text as it is, not as an escape.
        case nulByte
    }

    /// The kind of problem.
    package var code: Code
    /// The index of the first byte that is wrong; the end of the text if something is missing.
    package var index: Int
    /// What was expected and what was found, without place and without repeating the text.
    package var message: String

    init(_ code: Code, at index: Int, _ message: String) {
        self.code = code
        self.index = index
        self.message = message
    }

    init(expected: String, at index: Int, in text: Span<UInt8>, end: Int) {
        let found = index < end ? Self.describe(text[index]) : "the end"
        self.init(.syntax, at: index, "expected \(expected), found \(found)")
    }

    /// A byte in words.
    ///
    /// Punctuation is shown, because it is structure and never personal.
    private static func describe(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            "a letter"
        case UInt8(ascii: "0")...UInt8(ascii: "9"): "a digit"
        case 0..<0x20, 0x7F: "the control character \(byte)"
        case 0x80...: "a character beyond ASCII"
        default: "\(Character(Unicode.Scalar(byte)))"
        }
    }
}
