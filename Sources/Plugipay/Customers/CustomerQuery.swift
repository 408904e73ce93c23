/// Which customers a list is of, and in which order.
///
/// Older servers ignore filters that they do not know, so check that each record that comes back
/// is one that was asked for.
public struct CustomerQuery: Sendable, Hashable {
    /// The order of a list, by time of creation.
    public enum Order: String, Sendable {
        /// Oldest first: what is added during a walk comes at its end.
        case ascending = "asc"
        /// Newest first.
        case descending = "desc"
    }

    /// The most customers that a page can have.
    public static let maximumLimit = 100

    /// Customers on a page, 1 to ``maximumLimit``; `nil` for the server's own number.
    public var limit: Int?
    /// The order; `nil` for the server's own, newest first.
    public var order: Order?
    /// Only customers with exactly this e-mail address; there may be several.
    public var email: String?
    /// Only the customer with this identifier of the caller.
    public var externalId: String?
    /// Only customers created after this time.
    public var createdAfter: Timestamp?

    /// A query with the given parts.
    public init(
        limit: Int? = nil,
        order: Order? = nil,
        email: String? = nil,
        externalId: String? = nil,
        createdAfter: Timestamp? = nil
    ) {
        self.limit = limit
        self.order = order
        self.email = email
        self.externalId = externalId
        self.createdAfter = createdAfter
    }

    /// Names and values of the query, for the page that begins at `cursor`; `nil` for the first.
    package func pairs(cursor: String?) -> [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        if let limit { pairs.append(("limit", String(min(max(1, limit), Self.maximumLimit)))) }
        if let cursor { pairs.append(("cursor", cursor)) }
        if let order { pairs.append(("order", order.rawValue)) }
        if let email { pairs.append(("email", email)) }
        if let externalId { pairs.append(("externalId", externalId)) }
        if let createdAfter { pairs.append(("createdAfter", createdAfter.iso8601)) }
        return pairs
    }
}
