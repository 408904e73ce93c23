/// Where an input comes from.
package enum InputSource: Sendable, Hashable {
    /// A regular file.
    case file(String)
    /// File descriptor 0, which can be read once.
    case standardInput
    /// Bytes in memory, under a name for messages.
    case bytes([UInt8], name: String)

    /// The name that messages use.
    package var name: String {
        switch self {
        case .file(let path): path
        case .standardInput: "standard input"
        case .bytes(_, let name): name
        }
    }
}
