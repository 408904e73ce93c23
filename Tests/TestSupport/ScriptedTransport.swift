package import Plugipay
import Synchronization

/// A transport whose answers come from a closure, and which remembers what was sent.
package final class ScriptedTransport: Transport {
    /// Answers one request; the number counts the requests from 0.
    package typealias Script =
        @Sendable (TransportRequest, Int) async throws(TransportFailure) -> TransportResponse

    private let script: Script
    private let sent = Mutex<[TransportRequest]>([])

    /// A transport that answers as `script` says.
    package init(_ script: @escaping Script) {
        self.script = script
    }

    /// A transport that gives these answers one after the other, and the last one for ever.
    package convenience init(answers: [TransportResponse]) {
        self.init { _, number in answers[min(number, answers.count - 1)] }
    }

    /// What was sent so far.
    package var requests: [TransportRequest] { sent.withLock { $0 } }

    /// Remembers the request and answers as the script says.
    package func send(
        _ request: TransportRequest,
        timeout: Duration
    ) async throws(TransportFailure) -> TransportResponse {
        let number = sent.withLock { sent in
            sent.append(request)
            return sent.count - 1
        }
        return try await script(request, number)
    }

    /// Does nothing: there are no connections.
    package func shutdown() async {}
}

extension TransportResponse {
    /// An answer with a JSON body.
    package static func json(
        _ status: Int,
        _ body: String,
        headers: Headers = Headers()
    ) -> TransportResponse {
        var headers = headers
        headers.append("Content-Type", "application/json; charset=utf-8")
        return TransportResponse(status: status, headers: headers, body: Array(body.utf8))
    }

    /// An answer in the API's form with this JSON as its `data`.
    package static func envelope(
        _ status: Int,
        data: String,
        meta: String = #"{"requestId":"req_1"}"#,
        headers: Headers = Headers()
    ) -> TransportResponse {
        .json(status, #"{"data":\#(data),"error":null,"meta":\#(meta)}"#, headers: headers)
    }

    /// An error in the API's form.
    package static func failure(
        _ status: Int,
        _ code: String,
        headers: Headers = Headers()
    ) -> TransportResponse {
        let body = #"{"data":null,"error":{"code":"\#(code)","message":"as scripted"},"meta":{}}"#
        return .json(status, body, headers: headers)
    }
}

extension Configuration {
    /// Signed requests to a server that does not exist.
    package static let scripted = Configuration(
        credentials: .signed(keyID: "ak_test_1", secret: "sk_test_contract_vector_secret")
    )
}
