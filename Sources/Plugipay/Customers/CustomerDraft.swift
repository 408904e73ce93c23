/// A customer to create: what the request asks for, nothing else.
///
/// Every member is optional; `nil` is left out of the request. Limits of the API: `externalId`
/// and `name` 1 to 255 characters, `email` at most 320, `phone` and `taxId` 1 to 64, at most 50
/// metadata pairs. An empty text is sent as such and refused by the server.
///
/// Two drafts are equal when they ask for the same bytes. (`String` compares by canonical
/// equivalence, by which a composed and a decomposed é are one; for the server they are two.)
public struct CustomerDraft: Sendable {
    /// The caller's own identifier, unique in a workspace and mode: the guard against doubles.
    public var externalId: String?
    /// The e-mail address; several customers may share one.
    public var email: String?
    /// The name, as the customer writes it.
    public var name: String?
    /// The telephone number, in any form.
    public var phone: String?
    /// The tax number (in Indonesia the NPWP).
    public var taxId: String?
    /// The payment token that is charged unless another one is asked for.
    public var defaultPaymentTokenId: String?
    /// Free text pairs.
    ///
    /// An empty dictionary is sent as an empty object, `nil` is not sent.
    public var metadata: [String: String]?

    /// A draft with the given members.
    public init(
        externalId: String? = nil,
        email: String? = nil,
        name: String? = nil,
        phone: String? = nil,
        taxId: String? = nil,
        defaultPaymentTokenId: String? = nil,
        metadata: [String: String]? = nil
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
        if let externalId { body.member("externalId", value: externalId) }
        if let email { body.member("email", value: email) }
        if let name { body.member("name", value: name) }
        if let phone { body.member("phone", value: phone) }
        if let taxId { body.member("taxId", value: taxId) }
        if let token = defaultPaymentTokenId { body.member("defaultPaymentTokenId", value: token) }
        if let metadata { body.metadata(metadata) }
        body.end()
        return body.bytes
    }
}

extension CustomerDraft: Hashable {
    /// Whether both ask for the same bytes.
    public static func == (left: Self, right: Self) -> Bool {
        left.canonicalBody() == right.canonicalBody()
    }

    /// Hashes the bytes of the body.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(canonicalBody())
    }
}
