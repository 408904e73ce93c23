import Hummingbird
import NIOCore

/// What the middleware learns about a request on its way to the route.
struct SandboxContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The client's connection: faults cut it.
    let channel: any Channel
    var requestID = ""
    /// Set by ``AuthenticationMiddleware``.
    var principal: Principal?
    /// Set by ``AuthenticationMiddleware``.
    var body = RequestBytes()
    /// Set by ``FaultMiddleware``.
    var faults = FaultPlan()

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

/// The body of a request and its lower-case hex SHA-256.
struct RequestBytes: Sendable {
    var bytes: [UInt8] = []
    var hash = ""
}

/// The rest of a request's way, as Hummingbird's middleware gets it.
typealias NextResponder = @concurrent (Request, SandboxContext) async throws -> Response
