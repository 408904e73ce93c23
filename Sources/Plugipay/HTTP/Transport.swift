/// Sends one request and brings back one answer: what the client needs of an HTTP library.
///
/// A transport sends a request exactly once: it repeats nothing, follows no redirect and uses no
/// proxy. It is used from many tasks at a time.
public protocol Transport: Sendable {
    /// Sends `request` once and waits for the whole answer, whatever its status.
    ///
    /// - Parameters:
    ///   - request: What to send, complete with all headers.
    ///   - timeout: How long all of it may take, waiting for a connection included.
    /// - Returns: The answer with its whole body.
    /// - Throws: A failure that says whether the server can have seen the request.
    func send(
        _ request: TransportRequest,
        timeout: Duration
    ) async throws(TransportFailure) -> TransportResponse

    /// Closes all connections. Nothing is sent after this; a second call changes nothing.
    func shutdown() async throws
}

/// One HTTP request, ready to be sent as it stands.
public struct TransportRequest: Sendable {
    /// The method, upper case.
    public var method: String
    /// Scheme, host and port, without a trailing slash: `https://plugipay.com`.
    public var origin: String
    /// Path and query, percent-encoded.
    ///
    /// It is signed, so it must go out byte for byte.
    public var target: String
    /// All headers but those that frame the message (`Host`, `Content-Length`).
    public var headers: Headers
    /// The body; `nil` for none.
    public var body: [UInt8]?
    /// The longest body that an answer may have, in bytes.
    public var maximumResponseBytes: Int

    /// A request with the given parts.
    public init(
        method: String,
        origin: String,
        target: String,
        headers: Headers,
        body: [UInt8]?,
        maximumResponseBytes: Int
    ) {
        self.method = method
        self.origin = origin
        self.target = target
        self.headers = headers
        self.body = body
        self.maximumResponseBytes = maximumResponseBytes
    }
}

/// One HTTP answer with its whole body.
public struct TransportResponse: Sendable {
    /// The status code.
    public var status: Int
    /// All headers, in the order in which they came.
    public var headers: Headers
    /// The body as it came, not decompressed.
    public var body: [UInt8]

    /// An answer with the given parts.
    public init(status: Int, headers: Headers = Headers(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
