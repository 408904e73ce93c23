import Plugipay

@testable import BatchCore

/// What an answer means, without what it carries: for tables.
enum MeaningKind: String, Sendable {
    case applied, found, inDoubt, unsent, rejected, taken, keyMismatch, throttled, clockRefused
    case refused, intentExpired

    init(_ answer: Answer) {
        self =
            switch answer.meaning {
            case .applied: .applied
            case .found: .found
            case .inDoubt: .inDoubt
            case .unsent: .unsent
            case .rejected: .rejected
            case .taken: .taken
            case .keyMismatch: .keyMismatch
            case .throttled: .throttled
            case .clockRefused: .clockRefused
            case .refused: .refused
            case .intentExpired: .intentExpired
            }
    }
}

/// What stands in the body of a scripted answer.
enum SampleBody: Sendable, CustomStringConvertible {
    /// The API's envelope with this JSON as its data.
    case data(String)
    /// The API's envelope with this code as its error.
    case error(String)
    /// No envelope: a proxy's page.
    case html
    /// Nothing.
    case empty
    /// These bytes.
    case raw(String)

    var text: String {
        switch self {
        case .data(let json):
            #"{"data":\#(json),"error":null,"meta":{"requestId":"req_1"}}"#
        case .error(let code):
            #"{"data":null,"error":{"code":"\#(code)","message":"m","param":"email"},"meta":{}}"#
        case .html: "<html><body>Bad gateway</body></html>"
        case .empty: ""
        case .raw(let text): text
        }
    }

    var description: String { text }

    /// An answer with this body.
    func answer(
        _ status: Int,
        method: Operation.Method = .post,
        headers: Headers = Headers()
    ) -> Response {
        Response(
            method: method,
            status: status,
            headers: headers,
            body: Array(text.utf8),
            sentAt: Timestamp(millisecondsSince1970: 0),
            receivedAt: Timestamp(millisecondsSince1970: 100),
            roundTrip: .milliseconds(100)
        )
    }
}

extension Answer {
    /// What is filed of the error, if the answer is one.
    var fault: Fault? {
        switch meaning {
        case .inDoubt(let fault), .unsent(let fault), .rejected(let fault), .taken(let fault),
            .keyMismatch(let fault), .clockRefused(_, let fault), .refused(let fault):
            fault
        case .applied, .found, .throttled, .intentExpired: nil
        }
    }
}

extension Customer {
    /// A customer with these members.
    static func sample(
        _ id: String = "cus_1",
        externalId: String? = nil,
        email: String? = nil,
        name: String? = nil,
        metadata: [String: String]? = nil,
        createdAt milliseconds: Int64? = 10_000
    ) -> Customer {
        var customer = Customer(id: id)
        customer.externalId = externalId
        customer.email = email
        customer.name = name
        customer.metadata = metadata
        customer.createdAt = milliseconds.map(Timestamp.init(millisecondsSince1970:))
        return customer
    }
}
