package import Plugipay

/// What one attempt came to: the answer's meaning, and the facts around it.
package struct Answer: Sendable {
    /// What the answer means for the row or the run.
    package enum Meaning: Sendable {
        /// A create or a PATCH was carried out, and this is the record.
        case applied(Customer)
        /// A look-up was answered: these records, and whether the server has more.
        case found([Customer], hasMore: Bool)
        /// A write may or may not have been carried out; or a look-up has no usable answer.
        case inDoubt(Fault)
        /// Nothing left this machine.
        case unsent(Fault)
        /// The server refuses what the row says.
        case rejected(Fault)
        /// The externalId is taken.
        case taken(Fault)
        /// The idempotency key was used with another body.
        case keyMismatch(Fault)
        /// Too many requests; wait at least so long, if the server says.
        case throttled(retryAfter: Duration?)
        /// The server does not accept the time of the signature.
        case clockRefused(Response, Fault)
        /// The credentials, the scope, the path or the server's certificate: never about the row.
        case refused(Fault)
        /// The intent was too old to be signed; it must be committed anew.
        case intentExpired
    }

    /// An error as it is filed: no value of a row stands in it but in the server's own message,
    /// which is cleaned before it is filed.
    package struct Fault: Sendable, Hashable {
        /// The HTTP status, 0 without an answer.
        package var status = 0
        /// The code, in lower case.
        package var code: String
        /// The server's or our words.
        package var message: String
        /// The field that the server named.
        package var field: String?

        /// Makes a fault.
        package init(status: Int = 0, code: String, message: String, field: String? = nil) {
            self.status = status
            self.code = code
            self.message = message
            self.field = field
        }
    }

    /// What the answer means.
    package var meaning: Meaning
    /// The answer itself; `nil` when none came.
    package var response: Response?

    /// Makes an answer.
    package init(_ meaning: Meaning, response: Response? = nil) {
        self.meaning = meaning
        self.response = response
    }

    /// The server's id of the request.
    package var requestID: String? { response?.requestID }
    /// The HTTP status, 0 without an answer.
    package var status: Int { response?.status ?? 0 }
    /// Whether the server limits requests (429).
    var isThrottled: Bool { if case .throttled = meaning { true } else { false } }
}

// MARK: - Classification

extension Answer {
    /// Reads the answer to a create.
    ///
    /// - Parameters:
    ///   - draft: What the row asked for: an answer that speaks of something else proves nothing.
    ///   - result: The answer, or why there is none.
    /// - Returns: What it means, by the table of the design.
    package static func toCreate(
        of draft: CustomerDraft,
        _ result: Result<Response, PlugipayError>
    ) -> Answer {
        toWrite(result) { RecordComparison.isAnchored(draft, $0) }
    }

    /// Reads the answer to a PATCH of a customer.
    package static func toUpdate(
        of id: String,
        _ result: Result<Response, PlugipayError>
    ) -> Answer {
        toWrite(result) { RecordComparison.hasSameBytes(id, $0.id) }
    }

    private static func toWrite(
        _ result: Result<Response, PlugipayError>,
        isOurs: (Customer) -> Bool
    ) -> Answer {
        let response: Response
        switch result {
        case .failure(let error): return Answer(failed(error))
        case .success(let answer): response = answer
        }
        guard response.isSuccess else { return Answer(refusal(response), response: response) }
        guard case .envelope(let envelope) = response.content, envelope.error == nil,
            case .object(let range) = envelope.data,
            let record = Customer(json: envelope.bytes(range)), !record.id.isEmpty, isOurs(record)
        else {
            let fault = Fault(
                status: response.status,
                code: "in_doubt",
                message: "the answer is no customer of this row"
            )
            return Answer(.inDoubt(fault), response: response)
        }
        return Answer(.applied(record), response: response)
    }

    /// Reads the answer to a look-up.
    package static func toLookUp(
        _ lookUp: LookUp,
        _ result: Result<Response, PlugipayError>
    ) -> Answer {
        switch result {
        case .failure(let error): return Answer(failed(error))
        case .success(let response):
            if response.status == 404, case .id = lookUp, case .envelope = response.content {
                return Answer(.found([], hasMore: false), response: response)
            }
            guard response.isSuccess else { return Answer(refusal(response), response: response) }
            return Answer(records(in: response, for: lookUp), response: response)
        }
    }

    private static func records(in response: Response, for lookUp: LookUp) -> Meaning {
        let unreadable = Meaning.inDoubt(
            Fault(
                status: response.status,
                code: PlugipayError.Code.invalidResponse.name,
                message: "the answer is not the API's envelope"
            )
        )
        guard case .envelope(let envelope) = response.content, envelope.error == nil else {
            return unreadable
        }
        let ranges: [Range<Int>]
        switch envelope.data {
        case .array(let items): ranges = items
        case .object(let item): ranges = [item]
        case .none, .scalar: return unreadable
        }
        let records = ranges.compactMap { Customer(json: envelope.bytes($0)) }
        guard records.count == ranges.count else { return unreadable }
        // A filter may be ignored; but who is asked for one customer never shows another one.
        if case .id = lookUp, !records.allSatisfy(lookUp.matches) { return unreadable }
        let hasMore = envelope.meta.hasMore ?? (envelope.meta.cursor != nil)
        return .found(records, hasMore: hasMore)
    }

    private static func failed(_ error: PlugipayError) -> Meaning {
        let fault = Fault(code: error.code.name, message: error.message)
        switch error.code {
        case .signingExpired: return .intentExpired
        case .invalidCertificate, .invalidRequest: return .refused(fault)
        default: return error.mayHaveReachedServer ? .inDoubt(fault) : .unsent(fault)
        }
    }

    private static func refusal(_ response: Response) -> Meaning {
        let fault = fault(response)
        let isEnvelope = if case .envelope = response.content { true } else { false }
        switch response.status {
        case 429:
            return .throttled(retryAfter: response.retryAfter)
        case 401 where isClockError(fault.code):
            return .clockRefused(response, fault)
        case 401, 403, 404, 405, 415:
            return .refused(fault)
        case 409, 422:
            guard isEnvelope else { return .inDoubt(fault) }
            if fault.code.contains("idempotency") { return .keyMismatch(fault) }
            return response.status == 409 ? .taken(fault) : .rejected(fault)
        case 400, 413:
            return isEnvelope ? .rejected(fault) : .inDoubt(fault)
        case 408:
            return .inDoubt(fault)
        case 300...399:
            return response.method.isRead ? .refused(fault) : .inDoubt(fault)
        case 400...499:
            return isEnvelope ? .rejected(fault) : .inDoubt(fault)
        default:
            return .inDoubt(fault)
        }
    }

    private static func isClockError(_ code: String) -> Bool {
        code == PlugipayError.Code.timestampSkew.name
            || code == PlugipayError.Code.invalidTimestamp.name
    }

    private static func fault(_ response: Response) -> Fault {
        guard let error = response.failure else {
            return Fault(
                status: response.status,
                code: "http_\(response.status)",
                message: "HTTP \(response.status)"
            )
        }
        return Fault(
            status: response.status,
            code: error.code.name,
            message: error.message,
            field: error.field
        )
    }
}
