/// A field of a customer that a client may write, in the order of the answer.
enum CustomerField: Int, CaseIterable, Sendable {
    case externalID
    case email
    case name
    case phone
    case taxID
    case defaultPaymentTokenID
    case metadata

    init?(wireName: String) {
        guard let field = Self.allCases.first(where: { $0.wireName == wireName }) else {
            return nil
        }
        self = field
    }

    var wireName: String {
        switch self {
        case .externalID: "externalId"
        case .email: "email"
        case .name: "name"
        case .phone: "phone"
        case .taxID: "taxId"
        case .defaultPaymentTokenID: "defaultPaymentTokenId"
        case .metadata: "metadata"
        }
    }

    /// The longest value in UTF-16 code units, as a JavaScript server counts (contract, section 7).
    ///
    /// The limit of payment tokens is not documented; metadata is limited in pairs.
    var maximumLength: Int {
        switch self {
        case .email: 320
        case .phone, .taxID: 64
        case .externalID, .name, .defaultPaymentTokenID: 255
        case .metadata: .max
        }
    }

    /// The most pairs that metadata may hold.
    static let maximumPairs = 50
}
