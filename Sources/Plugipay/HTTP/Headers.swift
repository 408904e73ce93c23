/// HTTP header fields, in order; names are compared without regard to case (RFC 9110, 5.1).
public struct Headers: Sendable {
    /// The fields in the order in which they were added or came.
    public private(set) var fields: [(name: String, value: String)]

    /// Headers with these fields.
    public init(_ fields: [(name: String, value: String)] = []) {
        self.fields = fields
    }

    /// Adds a field behind those that are there.
    public mutating func append(_ name: String, _ value: String) {
        fields.append((name, value))
    }

    /// The value of the first field with that name.
    public subscript(name: String) -> String? {
        fields.first { $0.name.isEqualIgnoringASCIICase(name) }?.value
    }
}

extension Headers: ExpressibleByDictionaryLiteral {
    /// Headers with these fields, in this order.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { (name: $0, value: $1) })
    }
}

extension String {
    fileprivate func isEqualIgnoringASCIICase(_ other: String) -> Bool {
        utf8.count == other.utf8.count
            && zip(utf8, other.utf8).allSatisfy { $0 == $1 || $0.asciiFolded == $1.asciiFolded }
    }
}

extension UInt8 {
    /// Lower case, if it is an upper-case ASCII letter.
    package var asciiFolded: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
