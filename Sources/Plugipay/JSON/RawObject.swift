/// The members of a JSON object, as they stand in its bytes: for handing a server's object on
/// without losing what is not known here.
package struct RawObject: Sendable {
    private let bytes: [UInt8]
    private var members: [(name: String, value: JSONValue)] = []

    /// The members of the object in `bytes[range]`; `nil` where there is no object.
    package init?(_ bytes: [UInt8], in range: Range<Int>? = nil) {
        self.bytes = bytes
        var reader = JSONReader(bytes, in: range)
        do {
            try reader.members { (name, reader) throws(JSONFailure) in
                members.append((name.text(in: bytes) ?? "", try reader.value(depth: 1)))
            }
        } catch {
            return nil
        }
        guard reader.isAtEnd() else { return nil }
    }

    /// The value of a member as it stands in the bytes, a string with its quotes; `nil` where
    /// there is none.
    ///
    /// Of a name that occurs twice it is the last one, as JavaScript reads it.
    package func range(of name: String) -> Range<Int>? {
        guard let value = value(of: name) else { return nil }
        guard value.kind == .string else { return value.range }
        return (value.range.lowerBound - 1)..<(value.range.upperBound + 1)
    }

    /// The text of a string, the literal text of a number or boolean; `nil` for anything else.
    ///
    /// What is not UTF-8, and half of a surrogate pair, becomes U+FFFD.
    package func text(of name: String) -> String? {
        value(of: name)?.text(in: bytes)
    }

    /// Whether a member is there and is an object or an array.
    package func isContainer(_ name: String) -> Bool {
        switch value(of: name)?.kind {
        case .object, .array: true
        default: false
        }
    }

    private func value(of name: String) -> JSONValue? {
        members.last { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }
}
