/// A client of the Plugipay API.
///
/// A client is a value: copies, and clients made by ``forMerchant(_:)``, share one connection
/// pool and one estimate of the server's clock, and may be used from any number of tasks.
///
/// **It never repeats a request.** Whether a repetition is safe depends on the record, its
/// idempotency key and on how the first try ended; the caller decides, and the errors say what is
/// needed for that (``PlugipayError/mayHaveReachedServer``).
///
/// A call ends when its task is cancelled (code `canceled`) and when its time is over (code
/// `timeout`). Both leave open whether a write has had its effect, unless the error says
/// otherwise.
///
/// ```swift
/// let client = PlugipayClient(configuration: try .fromEnvironment(environment))
/// let ada = try await client.customers.create(CustomerDraft(email: "ada@example.com"))
/// try await client.shutdown()
/// ```
public struct PlugipayClient: Sendable {
    /// The settings.
    public let configuration: Configuration
    /// The estimate of the server's clock, with which requests are signed.
    public let clock: ServerClock

    private let transport: any Transport
    private let keys: IdempotencyKeySource
    private let signer: RequestSigner
    private let origin: String

    /// A client with its own connection pool.
    ///
    /// - Parameters:
    ///   - configuration: Where the API is and who asks.
    ///   - transport: What sends requests; `nil` for AsyncHTTPClient.
    ///   - clock: The estimate of the server's clock.
    ///   - keys: Where idempotency keys come from that the caller does not give.
    public init(
        configuration: Configuration,
        transport: (any Transport)? = nil,
        clock: ServerClock = ServerClock(),
        keys: IdempotencyKeySource = .system()
    ) {
        self.configuration = configuration
        self.clock = clock
        self.keys = keys
        self.transport = transport ?? AsyncHTTPClientTransport(configuration: configuration)
        signer = RequestSigner(credentials: configuration.credentials)
        origin = configuration.baseURL.origin
    }

    /// A client that acts for `account`, as platform keys may, and shares everything else.
    public func forMerchant(_ account: String?) -> PlugipayClient {
        var configuration = configuration
        configuration.onBehalfOf = account
        return PlugipayClient(
            configuration: configuration,
            transport: transport,
            clock: clock,
            keys: keys
        )
    }

    /// Sends one request, exactly once, and returns the answer, whatever its status.
    ///
    /// The request is signed now, with the server's time as far as it is known; the answer tells
    /// the time in ``Response/signedAt`` and teaches ``clock``.
    ///
    /// - Throws: A ``PlugipayError`` where there is no whole answer: `timeout`, `canceled`,
    ///   `network_error`, `invalid_certificate`, `response_too_large`; `invalid_request` and
    ///   `signing_expired` for a request that was not sent.
    public func respond(to operation: Operation) async throws(PlugipayError) -> Response {
        guard !Task.isCancelled else {
            throw .unsent(.canceled, "The task was cancelled before the request was sent.")
        }
        let (request, signedAt) = try prepare(operation)
        let sentAt = clock.localTime()
        let answer: TransportResponse
        do {
            answer = try await transport.send(
                request,
                timeout: operation.timeout ?? configuration.timeout
            )
        } catch {
            throw PlugipayError(error)
        }
        let receivedAt = clock.localTime()
        let response = Response(
            method: operation.method,
            status: answer.status,
            headers: answer.headers,
            body: answer.body,
            signedAt: signedAt,
            sentAt: Timestamp(since1970: sentAt),
            receivedAt: Timestamp(since1970: receivedAt),
            roundTrip: receivedAt - sentAt
        )
        clock.observe(response, sentAt: sentAt)
        return response
    }

    /// Sends one request and returns what it asked for; an error answer is thrown.
    ///
    /// - Throws: What ``respond(to:)`` throws, and the server's error, `unknown` where it gives no
    ///   code, `invalid_response` where the answer is not the API's.
    public func request(_ operation: Operation) async throws(PlugipayError) -> Envelope {
        try await respond(to: operation).checked()
    }

    /// Closes all connections, those of clients made from this one included.
    public func shutdown() async throws {
        try await transport.shutdown()
    }
}

extension PlugipayClient {
    /// The request as it goes over the wire, and the time with which it is signed.
    private func prepare(
        _ operation: Operation
    ) throws(PlugipayError) -> (request: TransportRequest, signedAt: Timestamp?) {
        try check(operation)
        let method = operation.method.rawValue
        let target = operation.target(under: configuration.baseURL.root)
        let isRead = operation.method.isRead
        let key = isRead ? nil : operation.idempotencyKey ?? keys.next()
        let now = clock.now()
        if let signBy = operation.signBy, now > signBy {
            throw .unsent(
                .signingExpired,
                "The request was to be signed by \(signBy) and it is \(now) at the server. "
                    + "Nothing was sent."
            )
        }
        var headers = Headers([(name: "Accept", value: "application/json")])
        signer.sign(
            &headers,
            method: method,
            target: target,
            body: operation.body,
            idempotencyKey: key,
            at: now.secondsSince1970
        )
        addHeaders(of: operation, key: key, to: &headers)
        let request = TransportRequest(
            method: method,
            origin: origin,
            target: target,
            headers: headers,
            body: operation.body,
            maximumResponseBytes: operation.maximumResponseBytes ?? limit(for: operation)
        )
        let signedAt = Timestamp(millisecondsSince1970: now.secondsSince1970 * 1000)
        return (request, signer.usesTimestamp ? signedAt : nil)
    }

    private func addHeaders(of operation: Operation, key: String?, to headers: inout Headers) {
        if operation.body != nil { headers.append("Content-Type", "application/json") }
        if let key { headers.append("Idempotency-Key", key) }
        if let account = operation.onBehalfOf ?? configuration.onBehalfOf {
            headers.append("X-Plugipay-On-Behalf-Of", account)
        }
        if let requestID = operation.requestID { headers.append("X-Request-Id", requestID) }
        headers.append("User-Agent", configuration.userAgent)
    }

    private func limit(for operation: Operation) -> Int {
        operation.method.isRead && !operation.query.isEmpty
            ? configuration.maximumListBytes
            : configuration.maximumResponseBytes
    }

    private func check(_ operation: Operation) throws(PlugipayError) {
        try configuration.validate()
        guard PercentEncoding.isSendable(path: operation.path) else {
            throw .unsent(
                .invalidRequest,
                "The path of the request is empty, does not begin with a slash, or has an empty, "
                    + "dotted or badly encoded part (an empty id makes one). Nothing was sent."
            )
        }
        try HeaderText.check(operation.idempotencyKey, of: "Idempotency-Key")
        try HeaderText.check(operation.requestID, of: "X-Request-Id")
        try HeaderText.check(operation.onBehalfOf, of: "X-Plugipay-On-Behalf-Of")
    }
}
