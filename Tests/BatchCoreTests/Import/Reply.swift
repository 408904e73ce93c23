import BatchCore
import Plugipay
import Testing

/// What a server does with one request, before it is classified.
struct Reply: Sendable, CustomTestStringConvertible {
    var result: Result<Response, PlugipayError>

    var testDescription: String {
        switch result {
        case .success(let response):
            "\(response.status) \(String(decoding: response.body, as: UTF8.self))"
        case .failure(let error): error.description
        }
    }

    private init(_ result: Result<Response, PlugipayError>) {
        self.result = result
    }

    /// A customer as `data`.
    static func customer(_ customer: Customer, status: Int = 201) -> Reply {
        raw(status, #"{"data":\#(customer.json),"error":null,"meta":{"requestId":"req_9"}}"#)
    }

    /// A page of customers.
    static func list(_ customers: [Customer], hasMore: Bool = false) -> Reply {
        let items = customers.map(\.json).joined(separator: ",")
        return raw(200, #"{"data":[\#(items)],"error":null,"meta":{"hasMore":\#(hasMore)}}"#)
    }

    /// An error in the API's form.
    static func error(
        _ status: Int,
        _ code: String,
        message: String = "as scripted",
        field: String? = "email",
        headers: Headers = [:]
    ) -> Reply {
        let param = field.map { #","param":"\#($0)""# } ?? ""
        let error = #"{"code":"\#(code)","message":"\#(message)"\#(param)}"#
        return raw(status, #"{"data":null,"error":\#(error),"meta":{}}"#, headers: headers)
    }

    /// Any body.
    static func raw(_ status: Int, _ body: String, headers: Headers = [:]) -> Reply {
        Reply(
            .success(
                Response(
                    method: .post,
                    status: status,
                    headers: headers,
                    body: Array(body.utf8),
                    sentAt: MachineRig.epoch,
                    receivedAt: MachineRig.epoch,
                    roundTrip: .milliseconds(10)
                )
            )
        )
    }

    /// The connection broke after the request had left.
    static let lost = Reply(
        .failure(
            PlugipayError(code: .networkError, message: "reset", mayHaveReachedServer: true)
        )
    )
    /// Nobody accepted the connection.
    static let unreached = Reply(
        .failure(
            PlugipayError(code: .networkError, message: "refused", mayHaveReachedServer: false)
        )
    )
    /// The certificate is not trusted.
    static let badCertificate = Reply(
        .failure(
            PlugipayError(code: .invalidCertificate, message: "bad", mayHaveReachedServer: false)
        )
    )
    /// The intent was too old when the request was to be signed.
    static let expired = Reply(
        .failure(
            PlugipayError(code: .signingExpired, message: "late", mayHaveReachedServer: false)
        )
    )
    /// A body that no API sends.
    static let page = raw(200, "<html>welcome</html>")

    /// The reply as the attempt reads it.
    func answer(to attempt: Attempt) -> Answer {
        var result = result
        if case .success(var response) = result {
            response.method = attempt.operation.method
            result = .success(response)
        }
        return switch attempt.purpose {
        case .create(let draft): .toCreate(of: draft, result)
        case .update(let id): .toUpdate(of: id, result)
        case .lookUp(let lookUp): .toLookUp(lookUp, result)
        case .probe, .page:
            .toLookUp(.createdAfter(Timestamp(millisecondsSince1970: 0)), result)
        }
    }
}

extension Customer {
    /// A stored customer as a draft asks for it.
    init(_ id: String, of draft: CustomerDraft, createdAt: Timestamp) {
        self.init(id: id)
        externalId = draft.externalId
        email = draft.email
        name = draft.name
        phone = draft.phone
        metadata = draft.metadata
        self.createdAt = createdAt
        updatedAtText = createdAt.iso8601
    }

    /// The customer on the wire.
    ///
    /// Sample values need no escapes.
    var json: String {
        var members = [#""id":"\#(id)""#]
        let texts = [
            ("externalId", externalId), ("email", email), ("name", name), ("phone", phone),
            ("accountId", accountId), ("createdAt", createdAt?.iso8601),
            ("updatedAt", updatedAtText),
        ]
        for (name, value) in texts {
            if let value { members.append(#""\#(name)":"\#(value)""#) }
        }
        if let metadata {
            let pairs = metadata.sorted { $0.key < $1.key }.map { #""\#($0)":"\#($1)""# }
            members.append(#""metadata":{\#(pairs.joined(separator: ","))}"#)
        }
        return "{\(members.joined(separator: ","))}"
    }
}
