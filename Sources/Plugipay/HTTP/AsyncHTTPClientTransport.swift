import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// Sends requests with AsyncHTTPClient, each exactly once.
///
/// Everything that could send a request twice or elsewhere is off: no redirects, no proxy, no
/// second connection attempt, HTTP/1.1 only (an HTTP/2 `GOAWAY` invites repetition). Answers are
/// not decompressed, so their limit is what crosses the network.
///
/// All connections and callbacks of a transport run on one event loop. So the order in which the
/// callbacks come is the order of what happened, and ``AnswerCollector/isRequestStarted`` is exact:
/// on several loops a deadline could overtake the news that the request has been written.
final class AsyncHTTPClientTransport: Transport {
    /// Longer than any sensible time-out, and short enough for a clock in nanoseconds.
    private static let longestTimeout: Duration = .seconds(24 * 3600)

    private let client: HTTPClient

    /// A transport with its own connection pool.
    ///
    /// - Parameters:
    ///   - configuration: Times and limits.
    ///   - tlsConfiguration: Whom to trust; `nil` for the system's certificates.
    init(configuration: Configuration, tlsConfiguration: TLSConfiguration? = nil) {
        var settings = HTTPClient.Configuration(tlsConfiguration: tlsConfiguration)
        settings.httpVersion = .http1Only
        settings.redirectConfiguration = .disallow
        settings.decompression = .disabled
        settings.proxy = nil
        settings.timeout.connect = TimeAmount(configuration.connectTimeout)
        settings.connectionPool.idleTimeout = TimeAmount(configuration.idleTimeout)
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(
            1,
            configuration.connectionLimit
        )
        settings.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(
            eventLoopGroup: HTTPClient.defaultEventLoopGroup.any(),
            configuration: settings
        )
    }

    deinit {
        // AsyncHTTPClient must not go away open; a second shutdown only reports that it is one.
        client.shutdown { _ in }
    }

    func send(
        _ request: TransportRequest,
        timeout: Duration
    ) async throws(TransportFailure) -> TransportResponse {
        let collector = AnswerCollector(maximumBytes: request.maximumResponseBytes)
        let start = NIODeadline.now()
        let deadline = start + TimeAmount(min(max(.zero, timeout), Self.longestTimeout))
        do {
            let task = client.execute(
                request: try HTTPClient.Request(request),
                delegate: collector,
                deadline: deadline
            )
            return try await withTaskCancellationHandler {
                try await task.get()
            } onCancel: {
                task.cancel()
            }
        } catch {
            throw TransportFailure(
                error,
                isRequestStarted: collector.isRequestStarted,
                status: collector.status,
                isCancelled: Task.isCancelled,
                isLate: NIODeadline.now() >= deadline
            )
        }
    }

    func shutdown() async throws {
        do {
            try await client.shutdown()
        } catch let error as HTTPClientError where error == .alreadyShutdown {
            // Copies of a client share the transport; closing twice is no mistake.
        }
    }
}

/// Gathers one answer, and knows how far the exchange came.
private final class AnswerCollector: HTTPClientResponseDelegate {
    private struct State {
        var isRequestStarted = false
        var status: Int?
        var headers = Headers()
        var body: [UInt8] = []
    }

    private let maximumBytes: Int
    private let state = Mutex(State())

    init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
    }

    /// Whether the head of the request was handed to the connection.
    ///
    /// Of a head that failed while it was written the server has a piece at most, and cannot act on
    /// it.
    var isRequestStarted: Bool { state.withLock { $0.isRequestStarted } }

    /// The status, once it is there.
    var status: Int? { state.withLock { $0.status } }

    func didSendRequestHead(task: HTTPClient.Task<TransportResponse>, _ head: HTTPRequestHead) {
        state.withLock { $0.isRequestStarted = true }
    }

    func didReceiveHead(
        task: HTTPClient.Task<TransportResponse>,
        _ head: HTTPResponseHead
    ) -> EventLoopFuture<Void> {
        let length = head.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
        state.withLock { state in
            state.status = Int(head.status.code)
            state.headers = Headers(head.headers.map { (name: $0.name, value: $0.value) })
            state.body.reserveCapacity(min(max(length, 0), maximumBytes))
        }
        return length > maximumBytes ? tooLarge(task) : task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(
        task: HTTPClient.Task<TransportResponse>,
        _ part: ByteBuffer
    ) -> EventLoopFuture<Void> {
        let fits = state.withLock { state in
            guard state.body.count + part.readableBytes <= maximumBytes else { return false }
            state.body.append(contentsOf: part.readableBytesView)
            return true
        }
        return fits ? task.eventLoop.makeSucceededVoidFuture() : tooLarge(task)
    }

    func didFinishRequest(
        task: HTTPClient.Task<TransportResponse>
    ) throws -> TransportResponse {
        state.withLock { state in
            TransportResponse(
                status: state.status ?? 0,
                headers: state.headers,
                body: state.body
            )
        }
    }

    private func tooLarge(_ task: HTTPClient.Task<TransportResponse>) -> EventLoopFuture<Void> {
        task.eventLoop.makeFailedFuture(AnswerTooLarge(maximumBytes: maximumBytes))
    }
}

private struct AnswerTooLarge: Error {
    var maximumBytes: Int
}

extension HTTPClient.Request {
    fileprivate init(_ request: TransportRequest) throws {
        var headers = HTTPHeaders()
        headers.reserveCapacity(request.headers.fields.count + 2)
        for (name, value) in request.headers.fields { headers.add(name: name, value: value) }
        try self.init(
            url: request.origin + request.target,
            method: HTTPMethod(rawValue: request.method),
            headers: headers,
            body: request.body.map { .byteBuffer(ByteBuffer(bytes: $0)) }
        )
    }
}

// MARK: - What went wrong

extension TransportFailure {
    fileprivate init(
        _ error: any Error,
        isRequestStarted: Bool,
        status: Int?,
        isCancelled: Bool,
        isLate: Bool
    ) {
        var code = Self.code(
            of: error,
            isRequestStarted: isRequestStarted,
            hasStatus: status != nil
        )
        if isCancelled {
            // A request that was cancelled in the queue is reported with the pool's last error.
            code = .canceled
        } else if isLate, !isRequestStarted {
            code = .timeout
        }
        self.init(
            code: code,
            mayHaveReachedServer: isRequestStarted,
            status: status,
            message: Self.message(code, isRequestStarted: isRequestStarted, cause: error),
            cause: error
        )
    }

    private static func code(
        of error: any Error,
        isRequestStarted: Bool,
        hasStatus: Bool
    ) -> Code {
        let broken: Code = hasStatus ? .shortBody : .connectionLost
        return switch error {
        case let error as HTTPClientError: code(of: error, broken: broken)
        case is AnswerTooLarge: .tooLarge
        case let error as HTTPParserError: error == .invalidEOFState ? broken : .notHTTP
        case _ where isRequestStarted: broken
        case let error as NIOConnectionError: code(of: error)
        case let error as IOError: error.errnoCode == ECONNREFUSED ? .refused : .noConnection
        case is NIOSSLExtraError: .certificate
        case is NIOSSLError, is BoringSSLError:
            // The reason stands in BoringSSL's own error stack, of which only the text is public.
            String(describing: error).contains("CERTIFICATE_VERIFY_FAILED")
                ? .certificate : .tlsHandshake
        default: .noConnection
        }
    }

    private static func code(of error: HTTPClientError, broken: Code) -> Code {
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout: .timeout
        case .cancelled, .alreadyShutdown: .canceled
        case .remoteConnectionClosed, .requestStreamCancelled: broken
        case .connectTimeout, .getConnectionFromPoolTimeout: .noConnection
        case .tlsHandshakeTimeout: .tlsHandshake
        case .invalidURL, .emptyHost, .emptyScheme: .unsendable
        default: .other
        }
    }

    private static func code(of error: NIOConnectionError) -> Code {
        if error.connectionErrors.isEmpty { return .unknownHost }
        let isRefused = error.connectionErrors.allSatisfy {
            ($0.error as? IOError)?.errnoCode == ECONNREFUSED
        }
        return isRefused ? .refused : .noConnection
    }

    private static func message(_ code: Code, isRequestStarted: Bool, cause: any Error) -> String {
        let what =
            switch code {
            case .timeout: "The time allowed for the request was over"
            case .canceled: "The request was cancelled"
            case .unknownHost: "The host has no address"
            case .refused: "Nobody accepts connections at that host and port"
            case .noConnection: "No connection could be made or became free"
            case .tlsHandshake: "The TLS handshake failed"
            case .certificate: "The server's certificate is not trusted or not for this host"
            case .connectionLost: "The connection broke before an answer came"
            case .shortBody: "The answer broke off before its end"
            case .notHTTP: "What came back is not HTTP"
            case .tooLarge: "The answer is longer than allowed"
            case .unsendable: "The request cannot be sent"
            case .other: "The exchange failed"
            }
        let where_ =
            isRequestStarted
            ? "after the request began to leave"
            : "before anything of the request left"
        switch code {
        case .certificate, .notHTTP, .other, .tlsHandshake, .unsendable:
            return "\(what), \(where_) (\(cause))."
        case .canceled, .connectionLost, .noConnection, .refused, .shortBody, .timeout, .tooLarge,
            .unknownHost:
            // The code says it all; the library's own words stay in the cause.
            return "\(what), \(where_)."
        }
    }
}

extension TimeAmount {
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .seconds(seconds) + .nanoseconds(attoseconds / 1_000_000_000)
    }
}
