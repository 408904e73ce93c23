import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Plays the network and the proxies between client and service: latency and faults.
final class FaultMiddleware: RouterMiddleware {
    typealias Context = SandboxContext

    private let probabilities: [FaultKind: Double]
    private let latency: Duration
    private let clock: SandboxClock
    private let answers: AnswerBuilder
    private let random: Mutex<SeededGenerator>

    init(configuration: SandboxConfiguration, answers: AnswerBuilder) {
        probabilities = configuration.faults
        latency = configuration.latency
        clock = configuration.clock
        random = Mutex(SeededGenerator(seed: configuration.seed))
        self.answers = answers
    }

    func handle(
        _ request: Request,
        context: SandboxContext,
        next: NextResponder
    ) async throws -> Response {
        var context = context
        context.faults = plan()
        try await wait(latency / 2 + context.faults.delay)
        if let fault = context.faults.before { return try await before(fault, context) }
        let response = try await next(request, context)
        try await wait(latency / 2)
        return try await after(context.faults.after, response, context)
    }

    private func plan() -> FaultPlan {
        guard !probabilities.isEmpty else { return FaultPlan() }
        return random.withLock { FaultPlan.draw(probabilities, using: &$0) }
    }

    private func wait(_ duration: Duration) async throws {
        if duration > .zero { try await clock.sleep(duration) }
    }

    private func before(_ fault: FaultKind, _ context: SandboxContext) async throws -> Response {
        switch fault {
        case .html: return Self.html
        case .error: return answers.failure(.failing(context.faults.status), context)
        default: throw await ConnectionCut.reset(context.channel)
        }
    }

    private func after(
        _ fault: FaultKind?,
        _ response: Response,
        _ context: SandboxContext
    ) async throws -> Response {
        switch fault {
        case .garbage: return Self.garbage
        case .truncated: return try await Self.truncated(response, context.channel)
        case .lostResponse: throw await ConnectionCut.close(context.channel)
        default: return response
        }
    }
}

// MARK: - Broken answers

extension FaultMiddleware {
    private static var html: Response {
        let page = """
            <html>
            <head><title>502 Bad Gateway</title></head>
            <body><center><h1>502 Bad Gateway</h1></center><hr></body>
            </html>

            """
        return Response(
            status: .badGateway,
            headers: [.contentType: "text/html"],
            body: .init(byteBuffer: ByteBuffer(string: page))
        )
    }

    private static var garbage: Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: "{\"data\":{\"id\":\u{FFFD}\u{FFFD}"))
        )
    }

    /// The head as it was, half of the body, and the end of the connection.
    private static func truncated(
        _ response: Response,
        _ channel: any Channel
    ) async throws -> Response {
        let collector = BodyCollector()
        try await response.body.write(collector)
        let body = collector.bytes.withLock { $0 }
        var response = response
        response.body = ResponseBody(contentLength: body.readableBytes) { writer in
            try await writer.write(body.getSlice(at: 0, length: body.readableBytes / 2) ?? body)
            throw await ConnectionCut.close(channel)
        }
        return response
    }
}

/// Takes a body in instead of sending it.
private final class BodyCollector: ResponseBodyWriter, Sendable {
    let bytes = Mutex(ByteBuffer())

    func write(_ buffer: ByteBuffer) async throws {
        bytes.withLock { _ = $0.writeImmutableBuffer(buffer) }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

extension APIError {
    /// What a failing service says (contract, section 11).
    fileprivate static func failing(_ status: Int) -> APIError {
        let code =
            switch status {
            case 500: "internal_error"
            case 503: "service_unavailable"
            default: "upstream_error"
            }
        return APIError(status: status, code: code, message: "A fault, as it was asked for.")
    }
}
