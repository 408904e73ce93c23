package import Plugipay

/// One question to the server about a customer.
///
/// Servers may ignore a filter that they do not know, so what comes back is checked before it is
/// believed.
package enum LookUp: Sendable, Hashable {
    /// The customer with this id.
    case id(String)
    /// The customer with this externalId: none or one.
    case externalID(String)
    /// The customers with this e-mail; several may share it.
    case email(String)
    /// The customers created at this server time or later.
    case createdAfter(Timestamp)

    /// As many as a page can hold.
    private static let pageSize = "100"

    /// The request that asks it.
    package var operation: Operation {
        switch self {
        case .id(let id):
            .get(Operation.path("customers", id))
        case .externalID(let externalID):
            list(("externalId", externalID))
        case .email(let email):
            list(("email", email))
        case .createdAfter(let time):
            list(("createdAfter", time.iso8601))
        }
    }

    private func list(_ filter: (name: String, value: String)) -> Operation {
        .get("/customers", query: [filter, ("limit", Self.pageSize)])
    }

    /// Whether a record fits what was asked.
    package func matches(_ record: Customer) -> Bool {
        switch self {
        case .id(let id): RecordComparison.hasSameBytes(id, record.id)
        case .externalID(let externalID):
            RecordComparison.hasSameBytes(externalID, record.externalId)
        case .email(let email):
            RecordComparison.isAnchored(CustomerDraft(email: email), record)
        case .createdAfter(let time):
            record.createdAt.map { $0 >= time } ?? false
        }
    }
}
