import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Hummingbird's HTTP server around the router.
///
/// It is used without Hummingbird's `Application`, which stamps every answer with the date of its
/// own clock, up to a second late: here `Date` is the time of the sandbox's clock, the one by
/// which signatures and limits are judged.
struct SandboxServer: Sendable {
    private let configuration: SandboxConfiguration
    private let responder: RouterResponder<SandboxContext>
    private let logger: Logger

    init(
        configuration: SandboxConfiguration,
        responder: RouterResponder<SandboxContext>,
        logger: Logger
    ) {
        self.configuration = configuration
        self.responder = responder
        self.logger = logger
    }

    func run(onReady: AsyncStream<SandboxAddress>.Continuation) async throws {
        let host = configuration.host
        let server = try HTTPServerBuilder.http1().buildServer(
            configuration: ServerConfiguration(
                address: .hostname(host, port: configuration.port)
            ),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: serverLogger
        ) { [self] request, writer, channel in
            let response = try await respond(to: request, channel)
            try await writer.write(response: response.head, body: response.body)
        } onServerRunning: { channel in
            let port = channel.localAddress?.port ?? configuration.port
            onReady.yield(SandboxAddress(host: host, port: port))
        }
        do {
            try await server.run()
        } catch let error as IOError {
            throw SandboxError(
                .cannotListen,
                "Cannot listen on \(host):\(configuration.port). Name another host or port; "
                    + "port 0 takes a free one.",
                cause: error
            )
        }
    }

    /// Hummingbird reports its start, and the cancellation that ends it as an error: neither is
    /// news to who runs a sandbox.
    private var serverLogger: Logger {
        var logger = logger
        logger.logLevel = .critical
        return logger
    }

    private func respond(to request: Request, _ channel: any Channel) async throws -> Response {
        let context = SandboxContext(source: .init(channel: channel, logger: logger))
        var response = try await responder.respond(to: request, context: context)
        response.headers[.date] = configuration.clock.timestamp.httpDate
        return response
    }
}
