/// A parsed JSON value; members keep their order, and repeats, as they came.
enum JSONValue: Sendable {
    case null
    case boolean(Bool)
    /// The literal as it stood.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    struct Member: Sendable {
        let name: String
        let value: JSONValue
    }
}
