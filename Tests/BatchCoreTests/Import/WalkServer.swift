import BatchCore
import Plugipay

/// A little server for a random walk.
///
/// It has a book with unique externalIds, an idempotency store that may forget, and a clock of its
/// own.
struct WalkServer {
    /// What the network and the server may do to a request.
    enum Fate: CaseIterable {
        case good, lostBefore, lostAfter, fails, throttles, strange, unreached, forgets
    }

    private(set) var book: [Customer] = []
    private var stored: [String: Customer] = [:]

    /// Puts a customer into the book, as if somebody else had made it.
    mutating func add(_ draft: CustomerDraft, at time: Timestamp) {
        book.append(Customer("cus_\(book.count + 1)", of: draft, createdAt: time))
    }

    mutating func reply(to attempt: Attempt, _ fate: Fate, at time: Timestamp) -> Reply {
        switch fate {
        case .good: return carryOut(attempt, at: time)
        case .lostBefore: return .lost
        case .lostAfter:
            _ = carryOut(attempt, at: time)
            return .lost
        case .fails: return .error(503, "service_unavailable")
        case .throttles: return .error(429, "rate_limited", headers: ["Retry-After": "1"])
        case .strange:
            _ = carryOut(attempt, at: time)
            return .page
        case .unreached: return .unreached
        case .forgets:
            if let key = attempt.operation.idempotencyKey { stored[key] = nil }
            return carryOut(attempt, at: time)
        }
    }

    private mutating func carryOut(_ attempt: Attempt, at time: Timestamp) -> Reply {
        let key = attempt.operation.idempotencyKey ?? ""
        switch attempt.purpose {
        case .probe, .page: return .list(Array(book.prefix(1)))
        case .lookUp(let lookUp): return .list(book.filter(lookUp.matches))
        case .create(let draft):
            if let customer = stored[key] { return .customer(customer) }
            let isTaken =
                draft.externalId != nil && book.contains { $0.externalId == draft.externalId }
            guard !isTaken else { return .error(409, "conflict") }
            add(draft, at: time)
            stored[key] = book[book.count - 1]
            return .customer(book[book.count - 1])
        case .update(let id):
            if let customer = stored[key] { return .customer(customer, status: 200) }
            guard let place = book.firstIndex(where: { $0.id == id }) else {
                return .error(404, "not_found")
            }
            // Of the fields only the name differs in the rows of the walk.
            if let name = Customer(json: Array(#"{"id":"x","#.utf8) + attempt.nameMember)?.name {
                book[place].name = name
            }
            book[place].updatedAtText = time.iso8601
            stored[key] = book[place]
            return .customer(book[place], status: 200)
        }
    }
}

extension Attempt {
    /// The body without its opening brace.
    fileprivate var nameMember: [UInt8] { Array((operation.body ?? []).dropFirst()) }
}
