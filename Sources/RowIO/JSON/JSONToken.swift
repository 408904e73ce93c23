/// An entry of the scanner's tape: a value, or a member's name, in the order of the text.
struct JSONToken {
    var start: UInt32
    var end: UInt32
    /// The entry behind this one and everything inside it.
    var next: UInt32
    var kind: JSONValue.Kind
    var hasEscapes: Bool
}
