extension PlugipayClient {
    /// The customers of the workspace that the credentials open.
    public var customers: CustomersResource {
        CustomersResource(client: self)
    }
}

/// The calls that read and change customers.
///
/// Each call sends one request; walking through pages sends one for each page. No call is
/// repeated. All of them throw a ``PlugipayError``.
///
/// Find or create, with the caller's own identifier as the guard against doubles:
///
/// ```swift
/// do {
///     return try await client.customers.create(draft)
/// } catch where error.code == .conflict {
///     // Somebody was faster. A server that does not know the filter answers with others.
///     let page = try await client.customers.list(CustomerQuery(externalId: externalId))
///     guard let found = page.items.first(where: { $0.externalId == externalId }) else {
///         throw error
///     }
///     return found
/// }
/// ```
///
/// Walk the book:
///
/// ```swift
/// let query = CustomerQuery(limit: CustomerQuery.maximumLimit, order: .ascending)
/// for try await customer in client.customers.all(query) {
///     visit(customer)
/// }
/// ```
///
/// Look up, and give up when the caller's task is cancelled or when it takes too long:
///
/// ```swift
/// do {
///     return try await client.customers.get(id, options: CallOptions(timeout: .seconds(2)))
/// } catch where error.code == .notFound || error.code == .canceled {
///     return nil
/// }
/// ```
public struct CustomersResource: Sendable {
    private static let path = "/customers"

    let client: PlugipayClient

    /// Creates a customer.
    ///
    /// - Returns: The customer as the server keeps it; it may have changed what was sent.
    /// - Throws: `conflict` where the externalId is taken, `validation_error` with the member at
    ///   fault in `field`.
    public func create(
        _ draft: CustomerDraft,
        options: CallOptions = CallOptions()
    ) async throws(PlugipayError) -> Customer {
        try await customer(options.applied(to: .post(Self.path, body: draft.canonicalBody())))
    }

    /// Reads a customer.
    ///
    /// - Throws: `not_found` where there is none with that id in this workspace and mode.
    public func get(
        _ id: String,
        options: CallOptions = CallOptions()
    ) async throws(PlugipayError) -> Customer {
        try await customer(options.applied(to: .get(Self.path(of: id))))
    }

    /// Changes the members of a customer that `patch` mentions.
    ///
    /// - Returns: The customer after the change; compare it with what was asked for.
    public func update(
        _ id: String,
        _ patch: CustomerPatch,
        options: CallOptions = CallOptions()
    ) async throws(PlugipayError) -> Customer {
        let operation = Operation.patch(Self.path(of: id), body: patch.canonicalBody())
        return try await customer(options.applied(to: operation))
    }

    /// Deletes a customer.
    ///
    /// - Throws: `conflict` while money history refers to the customer. `not_found` may also mean
    ///   that the server cannot delete customers: read the record to tell the two apart.
    public func delete(
        _ id: String,
        options: CallOptions = CallOptions()
    ) async throws(PlugipayError) {
        _ = try await client.request(options.applied(to: .delete(Self.path(of: id))))
    }

    /// Reads one page of customers.
    ///
    /// - Parameters:
    ///   - query: Which customers. It must stay the same during a walk.
    ///   - cursor: Where the page begins: the one that the page before told; `nil` for the first.
    ///   - options: What this call has of its own.
    /// - Returns: The page, with the bytes of each item as they came.
    /// - Throws: `invalid_response` where an item is no customer with an id.
    public func list(
        _ query: CustomerQuery = CustomerQuery(),
        cursor: String? = nil,
        options: CallOptions = CallOptions()
    ) async throws(PlugipayError) -> Page<Customer> {
        let operation = Operation.get(Self.path, query: query.pairs(cursor: cursor))
        let response = try await client.respond(to: options.applied(to: operation))
        return try Page(response) { Customer(json: $0, in: $1) }
    }

    private func customer(_ operation: Operation) async throws(PlugipayError) -> Customer {
        let response = try await client.respond(to: operation)
        let envelope = try response.checked()
        guard case .object(let range) = envelope.data,
            let customer = Customer(json: envelope.body, in: range)
        else { throw response.invalid("The answer has no customer with an id in it.") }
        return customer
    }

    private static func path(of id: String) -> String {
        path + Operation.path(id)
    }
}
