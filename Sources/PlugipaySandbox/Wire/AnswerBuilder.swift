import HTTPTypes
import Hummingbird

/// Puts answers together: status, headers and the bytes of the envelope.
struct AnswerBuilder: Sendable {
    let profile: SandboxProfile
    let clock: SandboxClock

    func success(data: String, _ context: SandboxContext) -> Response {
        response(200, envelope(context).success(data: data))
    }

    func page(items: [String], limit: Int, cursor: String?, _ context: SandboxContext) -> Response {
        response(200, envelope(context).page(items: items, limit: limit, cursor: cursor))
    }

    func failure(_ error: APIError, _ context: SandboxContext) -> Response {
        var response = response(error.status, envelope(context).failure(error))
        response.headers.append(contentsOf: error.headers)
        return response
    }

    func stored(_ answer: StoredAnswer) -> Response {
        guard answer.status != 204 else { return Response(status: .noContent) }
        return response(answer.status, answer.body)
    }

    private func envelope(_ context: SandboxContext) -> Envelope {
        Envelope(requestID: context.requestID, time: clock.timestamp, profile: profile)
    }

    private func response(_ status: Int, _ body: String) -> Response {
        Response(
            status: .init(code: status),
            headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: body))
        )
    }
}
