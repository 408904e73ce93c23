import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server on a port of its own that does to each request what a script says, byte by byte.
final class LoopbackServer: Sendable {
    /// A request as it came over the wire.
    struct Request: Sendable {
        /// The first line: method, target and version.
        var line: String
        /// The head with its first line.
        var head: String
        var body: [UInt8]
        /// Which connection it came over, from 0.
        var connection: Int
    }

    enum Reply: Sendable {
        case send(String)
        /// Closes in order: FIN.
        case close
        /// Breaks the connection off: RST.
        case reset
    }

    /// What to do with a request; the number counts the requests of the server from 0.
    typealias Script = @Sendable (Request, Int) -> [Reply]

    private struct State {
        var requests: [Request] = []
        var connections = 0
    }

    let port: Int
    /// Yields each request when it is there as a whole.
    let arrivals: AsyncStream<Request>
    /// Yields whenever a connection has ended.
    let closings: AsyncStream<Void>
    private let channel: any Channel
    private let state: Log

    var requests: [Request] { state.requests }
    var connections: Int { state.connections }

    /// Starts a server.
    ///
    /// `greeting` is what it does to each connection before any request.
    /// With `tls` it speaks TLS.
    init(
        greeting: [Reply] = [],
        tls: NIOSSLContext? = nil,
        script: @escaping Script = { _, _ in [] }
    ) async throws {
        let (arrivals, continuation) = AsyncStream.makeStream(of: Request.self)
        let (closings, closed) = AsyncStream.makeStream(of: Void.self)
        let log = Log(arrived: continuation, closed: closed)
        self.arrivals = arrivals
        self.closings = closings
        state = log
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = Connection(
                        number: log.newConnection(),
                        greeting: greeting,
                        log: log,
                        script: script
                    )
                    if let tls {
                        let tlsHandler = NIOSSLServerHandler(context: tls)
                        try channel.pipeline.syncOperations.addHandler(tlsHandler)
                    }
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        port = channel.localAddress?.port ?? 0
    }

    func stop() async throws {
        try await channel.close()
    }

    /// What came, shared by all connections.
    private final class Log: Sendable {
        private let state = Mutex(State())
        private let arrived: AsyncStream<Request>.Continuation
        private let closed: AsyncStream<Void>.Continuation

        init(
            arrived: AsyncStream<Request>.Continuation,
            closed: AsyncStream<Void>.Continuation
        ) {
            self.arrived = arrived
            self.closed = closed
        }

        var requests: [Request] { state.withLock { $0.requests } }
        var connections: Int { state.withLock { $0.connections } }

        func newConnection() -> Int {
            state.withLock { state in
                state.connections += 1
                return state.connections - 1
            }
        }

        func add(_ request: Request) -> Int {
            let number = state.withLock { state in
                state.requests.append(request)
                return state.requests.count - 1
            }
            arrived.yield(request)
            return number
        }

        func connectionEnded() {
            closed.yield()
        }
    }

    private final class Connection: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let number: Int
        private let greeting: [Reply]
        private let log: Log
        private let script: Script
        private var received: [UInt8] = []

        init(number: Int, greeting: [Reply], log: Log, script: @escaping Script) {
            self.number = number
            self.greeting = greeting
            self.log = log
            self.script = script
        }

        func channelActive(context: ChannelHandlerContext) {
            perform(greeting, context: context)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received.append(contentsOf: unwrapInboundIn(data).readableBytesView)
            while let request = nextRequest() {
                perform(script(request, log.add(request)), context: context)
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            log.connectionEnded()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }

        private func nextRequest() -> Request? {
            let text = String(decoding: received, as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { return nil }
            let head = String(text[..<end.lowerBound])
            let length =
                head.split(separator: "\r\n").lazy
                .first { $0.lowercased().hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst("content-length:".count).drop { $0 == " " }) } ?? 0
            let start = head.utf8.count + 4
            guard received.count >= start + length else { return nil }
            let body = Array(received[start..<start + length])
            received.removeFirst(start + length)
            return Request(
                line: String(head.prefix { $0 != "\r\n" }),
                head: head,
                body: body,
                connection: number
            )
        }

        private func perform(_ replies: [Reply], context: ChannelHandlerContext) {
            for reply in replies {
                switch reply {
                case .send(let text):
                    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
                case .close:
                    context.close(promise: nil)
                case .reset:
                    // Closing a socket that lingers for no time sends RST instead of FIN.
                    let provider = context.channel as? any SocketOptionProvider
                    provider?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in }
                    context.close(promise: nil)
                }
            }
        }
    }
}

extension LoopbackServer.Reply {
    /// A whole answer that leaves the connection open.
    static func answer(_ status: String, _ body: String = "", headers: String = "") -> Self {
        .send("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }
}
