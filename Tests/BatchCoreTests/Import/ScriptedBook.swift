import Plugipay
import Synchronization
import TestSupport

/// A server in memory that follows the contract as far as an import needs it.
final class ScriptedBook: Sendable {
    private struct State {
        var customers: [Customer] = []
        var stored: [String: Customer] = [:]
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

    func answer(_ request: TransportRequest) -> TransportResponse {
        state.withLock { state in
            switch request.method {
            case "GET": list(request, state)
            case "POST": create(request, &state)
            default: update(request, &state)
            }
        }
    }

    private func list(_ request: TransportRequest, _ state: State) -> TransportResponse {
        let query = request.target.split(separator: "?").last.map(String.init) ?? ""
        let parts = query.split(separator: "&").map { $0.split(separator: "=").map(String.init) }
        let found = state.customers.filter { customer in
            parts.allSatisfy { part in
                switch part[0] {
                case "externalId": customer.externalId == part[1]
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
        customer.updatedAtText = clock().iso8601
        customer.accountId = "acc_1"
        state.customers.append(customer)
        state.stored[key] = customer
        return .envelope(201, data: customer.json, meta: meta)
    }

    private func update(
        _ request: TransportRequest,
        _ state: inout State
    ) -> TransportResponse {
        let id = request.target.split(separator: "/").last.map(String.init)
        guard let place = state.customers.firstIndex(where: { $0.id == id }),
            let patch = Customer(json: Array(#"{"id":"x","#.utf8) + members(request))
        else { return .failure(404, "not_found") }
        state.customers[place].name = patch.name ?? state.customers[place].name
        state.customers[place].email = patch.email ?? state.customers[place].email
        state.customers[place].updatedAtText = clock().iso8601
        return .envelope(200, data: state.customers[place].json, meta: meta)
    }

    private var meta: String { #"{"requestId":"req_1","timestamp":"\#(clock().iso8601)"}"# }

    /// The body without its opening brace.
    private func members(_ request: TransportRequest) -> [UInt8] {
        Array((request.body ?? []).dropFirst())
    }
}
