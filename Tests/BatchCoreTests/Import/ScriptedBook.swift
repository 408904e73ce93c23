import Plugipay
import Synchronization
import TestSupport

/// A server in memory that follows the contract as far as an import needs it.
final class ScriptedBook: Sendable {
    /// How a server differs from the newest one.
    struct Style: Sendable {
        /// An update that has metadata is refused, as the first servers do.
        var refusesMetadata = false
        /// An update adds its metadata to what is there.
        var mergesMetadata = false
        /// E-mails are kept in lower case.
        var lowercasesEmails = false
        /// Records tell when they were changed.
        var tellsUpdates = true
        /// A list takes no filter by externalId.
        var filtersByExternalID = true
    }

    private struct State {
        var customers: [Customer] = []
        var stored: [String: Customer] = [:]
        var style = Style()
    }

    private let state = Mutex(State())
    private let clock: @Sendable () -> Timestamp

    /// An empty book.
    ///
    /// - Parameter clock: The server's time.
    init(clock: @escaping @Sendable () -> Timestamp) {
        self.clock = clock
    }

    var customers: [Customer] { state.withLock { $0.customers } }

    /// Makes it another server.
    func become(_ change: (inout Style) -> Void) {
        state.withLock { change(&$0.style) }
    }

    /// Changes a customer, as if somebody else did.
    func change(_ externalID: String, _ change: (inout Customer) -> Void) {
        state.withLock { state in
            guard let place = state.customers.firstIndex(where: { $0.externalId == externalID })
            else { return }
            change(&state.customers[place])
            if state.style.tellsUpdates {
                state.customers[place].updatedAtText = clock().iso8601
            }
        }
    }

    /// Deletes a customer, as if somebody else did.
    func delete(_ externalID: String) {
        state.withLock { state in state.customers.removeAll { $0.externalId == externalID } }
    }

    func answer(_ request: TransportRequest) -> TransportResponse {
        state.withLock { state in
            switch request.method {
            case "GET" where request.target.contains("/customers/"): find(request, state)
            case "GET": list(request, state)
            case "POST": create(request, &state)
            default: update(request, &state)
            }
        }
    }

    private func find(_ request: TransportRequest, _ state: State) -> TransportResponse {
        let id = request.target.split(separator: "/").last.map(String.init)
        guard let customer = state.customers.first(where: { $0.id == id }) else {
            return .failure(404, "not_found")
        }
        return .envelope(200, data: customer.json, meta: meta)
    }

    private func list(_ request: TransportRequest, _ state: State) -> TransportResponse {
        let query = request.target.split(separator: "?").last.map(String.init) ?? ""
        let parts = query.split(separator: "&").map { $0.split(separator: "=").map(String.init) }
        let found = state.customers.filter { customer in
            parts.allSatisfy { part in
                switch part[0] {
                case "externalId":
                    !state.style.filtersByExternalID || customer.externalId == part[1]
                case "email": customer.email == part[1].replacing("%40", with: "@")
                default: true
                }
            }
        }
        let items = found.prefix(100).map(\.json).joined(separator: ",")
        return .envelope(200, data: "[\(items)]", meta: meta)
    }

    private func create(
        _ request: TransportRequest,
        _ state: inout State
    ) -> TransportResponse {
        let key = request.headers["Idempotency-Key"] ?? ""
        if let customer = state.stored[key] {
            return .envelope(201, data: customer.json, meta: meta)
        }
        let id = "cus_\(state.customers.count + 1)"
        guard var customer = Customer(json: Array(#"{"id":"\#(id)","#.utf8) + members(request))
        else { return .failure(400, "validation_error") }
        let isTaken =
            customer.externalId != nil
            && state.customers.contains { $0.externalId == customer.externalId }
        guard !isTaken else { return .failure(409, "conflict") }
        customer.createdAt = clock()
        if state.style.tellsUpdates { customer.updatedAtText = clock().iso8601 }
        customer.accountId = "acc_1"
        if state.style.lowercasesEmails { customer.email = customer.email?.lowercased() }
        state.customers.append(customer)
        state.stored[key] = customer
        return .envelope(201, data: customer.json, meta: meta)
    }

    private func update(
        _ request: TransportRequest,
        _ state: inout State
    ) -> TransportResponse {
        let key = request.headers["Idempotency-Key"] ?? ""
        if let customer = state.stored[key] {
            return .envelope(200, data: customer.json, meta: meta)
        }
        let id = request.target.split(separator: "/").last.map(String.init)
        guard let place = state.customers.firstIndex(where: { $0.id == id }),
            let patch = Customer(json: Array(#"{"id":"x","#.utf8) + members(request))
        else { return .failure(404, "not_found") }
        if patch.metadata != nil, state.style.refusesMetadata {
            let error =
                #"{"code":"validation_error","message":"Unknown field.","param":"metadata"}"#
            return .json(400, #"{"data":null,"error":\#(error),"meta":\#(meta)}"#)
        }
        apply(patch, to: &state.customers[place], state.style)
        state.stored[key] = state.customers[place]
        return .envelope(200, data: state.customers[place].json, meta: meta)
    }

    private func apply(_ patch: Customer, to customer: inout Customer, _ style: Style) {
        customer.name = patch.name ?? customer.name
        customer.email = patch.email ?? customer.email
        customer.phone = patch.phone ?? customer.phone
        if style.lowercasesEmails { customer.email = customer.email?.lowercased() }
        let old = style.mergesMetadata ? customer.metadata ?? [:] : [:]
        customer.metadata = patch.metadata.map { old.merging($0) { $1 } } ?? customer.metadata
        if style.tellsUpdates { customer.updatedAtText = clock().iso8601 }
    }

    private var meta: String { #"{"requestId":"req_1","timestamp":"\#(clock().iso8601)"}"# }

    /// The body without its opening brace.
    private func members(_ request: TransportRequest) -> [UInt8] {
        Array((request.body ?? []).dropFirst())
    }
}
