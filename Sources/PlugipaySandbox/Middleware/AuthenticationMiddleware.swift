import Crypto
import Hummingbird
import NIOCore

/// Reads the body, which is part of what was signed, and admits who may ask.
struct AuthenticationMiddleware: RouterMiddleware {
    /// The most bytes of a body: the service's 1 MB (contract, section 1).
    static let maximumBody = 1 << 20

    let authenticator: Authenticator
    let clock: SandboxClock

    func handle(
        _ request: Request,
        context: SandboxContext,
        next: NextResponder
    ) async throws -> Response {
        var context = context
        let body = try await request.body.collect(upTo: Self.maximumBody)
        context.body = RequestBytes(
            bytes: Array(body.readableBytesView),
            hash: Self.hash(body)
        )
        context.principal = try authenticator.principal(
            of: request.head,
            bodyHash: context.body.hash,
            at: clock.timestamp
        )
        return try await next(request, context)
    }

    private static func hash(_ body: ByteBuffer) -> String {
        var hasher = SHA256()
        body.withUnsafeReadableBytes { hasher.update(bufferPointer: $0) }
        return HexText.encode(hasher.finalize())
    }
}
