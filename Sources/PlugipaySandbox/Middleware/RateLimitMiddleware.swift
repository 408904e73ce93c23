import HTTPTypes
import Hummingbird

/// Refuses what is over the limit, and tells the limit with every answer to a known key.
struct RateLimitMiddleware: RouterMiddleware {
    let limiter: RateLimiter
    let clock: SandboxClock

    func handle(
        _ request: Request,
        context: SandboxContext,
        next: NextResponder
    ) async throws -> Response {
        let kind: RateLimiter.Kind = request.method == .get ? .read : .write
        guard let book = context.principal?.book,
            let decision = limiter.admit(kind, for: book, at: clock.now())
        else { return try await next(request, context) }
        guard decision.isAdmitted else {
            var headers = decision.headers
            headers[.retryAfter] = String(decision.retryAfter)
            throw APIError(
                status: 429,
                code: "rate_limited",
                message: "Too many requests; wait as long as Retry-After says.",
                headers: headers
            )
        }
        var response = try await next(request, context)
        response.headers.append(contentsOf: decision.headers)
        return response
    }
}
