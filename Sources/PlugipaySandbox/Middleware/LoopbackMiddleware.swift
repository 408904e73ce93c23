import Hummingbird
import NIOCore

/// Hides routes from other machines.
struct LoopbackMiddleware: RouterMiddleware {
    func handle(
        _ request: Request,
        context: SandboxContext,
        next: NextResponder
    ) async throws -> Response {
        guard context.channel.remoteAddress?.isLoopback == true else { throw APIError.noRoute }
        return try await next(request, context)
    }
}

extension SocketAddress {
    fileprivate var isLoopback: Bool {
        guard let ipAddress else { return false }
        return ipAddress.hasPrefix("127.") || ipAddress == "::1"
            || ipAddress.hasPrefix("::ffff:127.")
    }
}
