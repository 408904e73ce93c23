/// A customer as the server keeps it.
///
/// Only `id` is always there: what a server leaves out, or sends as `null`, is `nil`, and members
/// that are not listed here are ignored. A number where a text is expected is taken literally.
public struct Customer: Sendable, Hashable {
    /// The server's identifier; opaque.
    public var id: String
    /// The resource name; newer servers only.
    public var arn: String?
    /// The workspace to which the customer belongs.
    public var accountId: String?
    /// The caller's own identifier, unique in a workspace and mode.
    public var externalId: String?
    /// The e-mail address.
    public var email: String?
    /// The name.
    public var name: String?
    /// The telephone number.
    public var phone: String?
    /// The tax number.
    public var taxId: String?
    /// The payment token that is charged unless another one is asked for.
    public var defaultPaymentTokenId: String?
    /// Free text pairs.
    ///
    /// A value that is no text is kept as its JSON.
    public var metadata: [String: String]?
    /// When the customer was created, by the server's clock.
    public var createdAt: Timestamp?
    /// When the customer was last changed, by the server's clock.
    public var updatedAt: Timestamp?
    /// `createdAt` as it came.
    public var createdAtText: String?
    /// `updatedAt` as it came.
    public var updatedAtText: String?

    /// A customer with that id and nothing else.
    public init(id: String) {
        self.id = id
    }

    /// The customer that a JSON object describes; `nil` where there is no object, or it has no id.
    ///
    /// - Parameters:
    ///   - bytes: A body, or any bytes.
    ///   - range: Where in them the object is, as ``Envelope/data`` tells it; `nil` for all.
    public init?(json bytes: [UInt8], in range: Range<Int>? = nil) {
        var reader = JSONReader(bytes, in: range)
        self.init(id: "")
        do {
            try reader.members { (name, reader) throws(JSONFailure) in
                if name.isEqual(to: "metadata", in: bytes), try reader.peek() == UInt8(ascii: "{") {
                    metadata = try Self.pairs(&reader, bytes)
                } else {
                    set(name, to: try reader.value(depth: 1), bytes)
                }
            }
        } catch {
            return nil
        }
        guard !id.isEmpty, reader.isAtEnd() else { return nil }
    }

    private mutating func set(_ name: JSONValue, to value: JSONValue, _ bytes: [UInt8]) {
        let text = { value.text(in: bytes) }
        let isNamed = { (member: StaticString) in name.isEqual(to: member, in: bytes) }
        if isNamed("id") {
            id = text() ?? ""
        } else if isNamed("externalId") {
            externalId = text()
        } else if isNamed("email") {
            email = text()
        } else if isNamed("name") {
            self.name = text()
        } else if isNamed("phone") {
            phone = text()
        } else if isNamed("taxId") {
            taxId = text()
        } else if isNamed("defaultPaymentTokenId") {
            defaultPaymentTokenId = text()
        } else if isNamed("accountId") {
            accountId = text()
        } else if isNamed("arn") {
            arn = text()
        } else if isNamed("createdAt") {
            createdAtText = text()
            createdAt = createdAtText.flatMap(Timestamp.init(iso8601:))
        } else if isNamed("updatedAt") {
            updatedAtText = text()
            updatedAt = updatedAtText.flatMap(Timestamp.init(iso8601:))
        }
    }

    private static func pairs(
        _ reader: inout JSONReader,
        _ bytes: [UInt8]
    ) throws(JSONFailure) -> [String: String] {
        var pairs: [String: String] = [:]
        try reader.members(depth: 1) { (name, reader) throws(JSONFailure) in
            let value = try reader.value(depth: 2)
            guard value.kind != .null, let name = name.text(in: bytes) else { return }
            pairs[name] =
                value.text(in: bytes) ?? String(decoding: bytes[value.range], as: UTF8.self)
        }
        return pairs
    }
}
