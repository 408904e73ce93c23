import HTTPTypes
import Hummingbird
import Synchronization

/// Names every request: the client's `X-Request-Id` of up to 64 characters, else a new one.
final class RequestIDMiddleware: RouterMiddleware {
    typealias Context = SandboxContext

    static let maximumLength = 64

    private let clock: SandboxClock
    private let ids: Mutex<ULIDGenerator>

    init(clock: SandboxClock, seed: UInt64) {
        self.clock = clock
        // Another stream than that of the customers' ids.
        ids = Mutex(ULIDGenerator(seed: ~seed))
    }

    func handle(
        _ request: Request,
        context: SandboxContext,
        next: NextResponder
    ) async throws -> Response {
        var context = context
        context.requestID = requestID(request.headers[.requestID])
        var response = try await next(request, context)
        response.headers[.requestID] = context.requestID
        return response
    }

    private func requestID(_ offered: String?) -> String {
        if let offered, 1...Self.maximumLength ~= offered.utf8.count { return offered }
        return "req_" + ids.withLock { $0.next(at: clock.timestamp) }
    }
}
