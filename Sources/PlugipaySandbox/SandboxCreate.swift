/// One line of the log of creates: a customer that came into being.
///
/// The log is append-only and written in the transaction of the create itself, so it is what
/// tests believe, whatever the answers said.
public struct SandboxCreate: Sendable, Hashable {
    /// Counts from 1 over all books, in commit order.
    public let sequence: Int64
    /// Milliseconds since 1970-01-01T00:00:00Z by the sandbox's clock.
    public let time: Int64
    /// The workspace of the customer.
    public let workspace: String
    /// The book of the workspace.
    public let mode: SandboxKey.Mode
    /// The id of the customer.
    public let customerID: String
    /// The externalId that it was created with.
    public let externalID: String?
    /// The key that the request carried.
    public let idempotencyKey: String?
    /// Lower-case hex SHA-256 of the request's body.
    public let bodySHA256: String
    /// The id of the request.
    public let requestID: String
}
