package import Plugipay

/// One request: signed when it may go, sent once, and its answer read.
///
/// It never waits, retries or settles; that is `ImportMachine`'s.
package struct Attempt: Sendable {
    /// What the request is for.
    package enum Purpose: Sendable {
        /// The first request of a run, and the breaker's probe.
        case probe
        /// Creating a customer.
        case create(CustomerDraft)
        /// Changing the customer with this id.
        case update(id: String)
        /// Asking for a customer.
        case lookUp(LookUp)
        /// Reading a page of the book.
        case page

        /// Whether it is a write, which may be carried out without an answer.
        package var isWrite: Bool {
            switch self {
            case .create, .update: true
            case .probe, .lookUp, .page: false
            }
        }
    }

    /// What the request is for.
    package let purpose: Purpose
    /// The request.
    package let operation: Operation

    /// A create or a PATCH.
    ///
    /// - Parameters:
    ///   - purpose: `create` or `update`.
    ///   - body: The bytes of the body.
    ///   - key: The idempotency key.
    ///   - number: Which attempt of the row it is, from 1.
    ///   - signBy: The server time after which the journaled intent does not cover it any more.
    /// - Returns: The attempt, not sent yet.
    package static func write(
        _ purpose: Purpose,
        body: [UInt8],
        key: IdempotencyKey,
        number: Int,
        signBy: Timestamp
    ) -> Attempt {
        var operation =
            switch purpose {
            case .update(let id): Operation.patch(Operation.path("customers", id), body: body)
            case .create, .probe, .lookUp, .page: Operation.post("/customers", body: body)
            }
        operation.idempotencyKey = key.text
        operation.requestID = "\(key.traceID)-\(number)"
        operation.signBy = signBy
        return Attempt(purpose: purpose, operation: operation)
    }

    /// A look-up.
    package static func read(_ lookUp: LookUp) -> Attempt {
        Attempt(purpose: .lookUp(lookUp), operation: lookUp.operation)
    }

    /// The request that tells whether the server is there: one customer, any.
    package static var probe: Attempt {
        Attempt(purpose: .probe, operation: .get("/customers", query: [("limit", "1")]))
    }

    /// A page of the book.
    ///
    /// - Parameters:
    ///   - query: Which customers, in which order.
    ///   - cursor: Where the page begins; `nil` for the first.
    /// - Returns: The attempt, not sent yet.
    package static func page(_ query: CustomerQuery, cursor: String?) -> Attempt {
        Attempt(
            purpose: .page,
            operation: .get("/customers", query: query.pairs(cursor: cursor))
        )
    }

    /// Sends the request once.
    ///
    /// - Parameter client: The client of the job's target.
    /// - Returns: What came of it.
    package func run(with client: PlugipayClient) async -> Answer {
        let result: Result<Response, PlugipayError>
        do {
            result = .success(try await client.respond(to: operation))
        } catch {
            result = .failure(error)
        }
        return switch purpose {
        case .create(let draft): .toCreate(of: draft, result)
        case .update(let id): .toUpdate(of: id, result)
        case .lookUp(let lookUp): .toLookUp(lookUp, result)
        case .probe, .page: .toLookUp(.createdAfter(Timestamp(millisecondsSince1970: 0)), result)
        }
    }
}
