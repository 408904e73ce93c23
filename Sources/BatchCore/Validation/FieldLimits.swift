/// What the API allows at most (contract, section 7).
///
/// The contract gives numbers without a unit. That they count UTF-16 units is inferred: the servers
/// known so far are written in JavaScript, whose string length that is.
package enum FieldLimits {
    /// The most metadata pairs; their lengths have no known limit.
    package static let metadataPairs = 50

    /// The most UTF-16 units of a field; nil where no limit is known.
    package static func utf16Units(of field: CustomerField) -> Int? {
        switch field {
        case .externalId, .name: 255
        case .email: 320
        case .phone, .taxId: 64
        case .defaultPaymentTokenId: nil
        }
    }
}
