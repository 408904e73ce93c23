/// A text field of a customer, in the order in which the canonical body writes its members.
///
/// Metadata is not among them: it holds pairs, not one text.
package enum CustomerField: Int, Sendable, Hashable, CaseIterable {
    /// The caller's own name for the customer, unique in a workspace and mode.
    case externalId
    /// The e-mail address; not unique.
    case email
    /// The person's or company's name.
    case name
    /// The phone number, free form.
    case phone
    /// The tax number (NPWP, VAT).
    case taxId
    /// The stored payment method to charge, `pt_…`.
    case defaultPaymentTokenId

    /// The member's name on the wire, in an export's header and in messages.
    package var label: String {
        switch self {
        case .externalId: "externalId"
        case .email: "email"
        case .name: "name"
        case .phone: "phone"
        case .taxId: "taxId"
        case .defaultPaymentTokenId: "defaultPaymentTokenId"
        }
    }
}
