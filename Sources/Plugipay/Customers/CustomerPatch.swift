/// What a patch does with one member of a record.
public enum PatchValue<Value: Sendable>: Sendable {
    /// The member is not mentioned and keeps its value.
    case absent
    /// The member is emptied.
    case clear
    /// The member gets this value.
    case set(Value)
}

extension PatchValue: Equatable where Value: Equatable {}
extension PatchValue: Hashable where Value: Hashable {}

/// A change of a customer: only the members that are mentioned change.
///
/// On the wire a text is cleared by `""` (the API stores null) and metadata by `null`. Metadata is
/// replaced as a whole by servers known today, so send the full map, and compare the record that
/// comes back: servers differ here.
public struct CustomerPatch: Sendable {
    /// The caller's own identifier; changing it to one in use is a conflict.
    public var externalId: PatchValue<String>
    /// The e-mail address.
    public var email: PatchValue<String>
    /// The name.
    public var name: PatchValue<String>
    /// The telephone number.
    public var phone: PatchValue<String>
    /// The tax number.
    public var taxId: PatchValue<String>
    /// The payment token that is charged unless another one is asked for.
    public var defaultPaymentTokenId: PatchValue<String>
    /// The whole map of free text pairs.
    ///
    /// Servers of the first generation refuse it.
    public var metadata: PatchValue<[String: String]>

    /// A patch that mentions the given members.
    public init(
        externalId: PatchValue<String> = .absent,
        email: PatchValue<String> = .absent,
        name: PatchValue<String> = .absent,
        phone: PatchValue<String> = .absent,
        taxId: PatchValue<String> = .absent,
        defaultPaymentTokenId: PatchValue<String> = .absent,
        metadata: PatchValue<[String: String]> = .absent
    ) {
        self.externalId = externalId
        self.email = email
        self.name = name
        self.phone = phone
        self.taxId = taxId
        self.defaultPaymentTokenId = defaultPaymentTokenId
        self.metadata = metadata
    }

    /// The request body: compact JSON with a fixed member order, the same on every machine.
    public func canonicalBody() -> [UInt8] {
        var body = CanonicalBody()
        body.begin()
        body.member("externalId", value: externalId)
        body.member("email", value: email)
        body.member("name", value: name)
        body.member("phone", value: phone)
        body.member("taxId", value: taxId)
        body.member("defaultPaymentTokenId", value: defaultPaymentTokenId)
        switch metadata {
        case .absent: break
        case .clear: body.member("metadata", literal: "null")
        case .set(let pairs): body.metadata(pairs)
        }
        body.end()
        return body.bytes
    }
}

extension CustomerPatch: Hashable {
    /// Whether both ask for the same bytes.
    public static func == (left: Self, right: Self) -> Bool {
        left.canonicalBody() == right.canonicalBody()
    }

    /// Hashes the bytes of the body.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(canonicalBody())
    }
}

extension CanonicalBody {
    fileprivate mutating func member(_ name: StaticString, value: PatchValue<String>) {
        switch value {
        case .absent: break
        case .clear: member(name, value: "")
        case .set(let text): member(name, value: text)
        }
    }
}
