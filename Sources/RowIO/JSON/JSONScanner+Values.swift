extension JSONScanner {
    /// A member of an object.
    package struct Member: Sendable, Hashable {
        /// The name, a string.
        package let name: JSONValue
        /// The value.
        package let value: JSONValue
    }

    /// The members of an object of the last scan, in order; none for another kind.
    package func members(of object: JSONValue) -> [Member] {
        guard object.kind == .object else { return [] }
        var members: [Member] = []
        forEachMember(of: object) { members.append(Member(name: $0, value: $1)) }
        return members
    }

    /// The elements of an array of the last scan, in order; none for another kind.
    package func elements(of array: JSONValue) -> [JSONValue] {
        guard array.kind == .array else { return [] }
        var elements: [JSONValue] = []
        var token = array.token + 1
        while token < array.end {
            let element = value(at: token)
            elements.append(element)
            token = element.end
        }
        return elements
    }

    /// The member of that name, the last one if there are several (as JavaScript reads it).
    package func member(
        _ name: String,
        of object: JSONValue,
        in bytes: [UInt8]
    ) -> JSONValue? {
        guard object.kind == .object else { return nil }
        var found: JSONValue?
        forEachMember(of: object) { key, value in
            if matches(key, name, in: bytes) { found = value }
        }
        return found
    }

    /// The name that an object has twice, compared after unescaping; nil if all differ.
    package func firstRepeatedName(of object: JSONValue, in bytes: [UInt8]) -> JSONValue? {
        var seen: Set<[UInt8]> = []
        return members(of: object).first { !seen.insert(text(of: $0.name, in: bytes)).inserted }?
            .name
    }

    /// The text of a string, unescaped; the literal bytes of every other kind.
    package func text(of value: JSONValue, in bytes: [UInt8]) -> [UInt8] {
        guard value.hasEscapes else { return Array(bytes[value.content]) }
        var text: [UInt8] = []
        JSONText.append(bytes, value.content, to: &text)
        return text
    }

    /// The text of a string as a `String`; the literal text of every other kind.
    package func string(of value: JSONValue, in bytes: [UInt8]) -> String {
        value.hasEscapes
            ? String(decoding: text(of: value, in: bytes), as: UTF8.self)
            : String(decoding: bytes[value.content], as: UTF8.self)
    }

    /// Visits the members of an object in order.
    func forEachMember(of object: JSONValue, _ body: (JSONValue, JSONValue) -> Void) {
        var token = object.token + 1
        while token < object.end {
            let member = value(at: token + 1)
            body(value(at: token), member)
            token = member.end
        }
    }

    private func matches(_ key: JSONValue, _ name: String, in bytes: [UInt8]) -> Bool {
        key.hasEscapes
            ? text(of: key, in: bytes).elementsEqual(name.utf8)
            : bytes[key.content].elementsEqual(name.utf8)
    }
}
