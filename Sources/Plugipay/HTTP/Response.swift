/// One answer of the server, whatever its status, and when it came.
public struct Response: Sendable {
    /// The longest wait that ``retryAfter`` tells; a longer one is taken for a mistake.
    public static let longestRetryAfter: Duration = .seconds(24 * 3600)

    /// The method of the request.
    public var method: Operation.Method
    /// The HTTP status.
    public var status: Int
    /// All headers.
    public var headers: Headers
    /// The body as it came.
    public let body: [UInt8]
    /// The server time with which the request was signed; `nil` with a bearer key.
    public var signedAt: Timestamp?
    /// When the request was handed over for sending, by this machine's clock.
    public var sentAt: Timestamp
    /// When the whole answer was there, by this machine's clock.
    public var receivedAt: Timestamp
    /// The time between the two, waiting for a free connection included.
    public var roundTrip: Duration
    /// What the body is; see ``Envelope``.
    public let content: Envelope.Content

    /// An answer with the given parts; the body is read here.
    public init(
        method: Operation.Method,
        status: Int,
        headers: Headers,
        body: [UInt8],
        signedAt: Timestamp? = nil,
        sentAt: Timestamp,
        receivedAt: Timestamp,
        roundTrip: Duration
    ) {
        self.method = method
        self.status = status
        self.headers = headers
        self.body = body
        self.signedAt = signedAt
        self.sentAt = sentAt
        self.receivedAt = receivedAt
        self.roundTrip = roundTrip
        content = Envelope.read(body)
    }

    /// Whether the status is one of success.
    public var isSuccess: Bool { (200...299).contains(status) }

    /// The `Date` header: the server's clock when it answered, in whole seconds.
    public var date: Timestamp? {
        headers["Date"].flatMap(Timestamp.init(httpDate:))
    }

    /// The server's name for the request: the `X-Request-Id` header, else `meta.requestId`.
    public var requestID: String? {
        if let header = headers["X-Request-Id"], !header.isEmpty { return header }
        guard case .envelope(let envelope) = content else { return nil }
        return envelope.meta.requestID
    }

    /// The `Retry-After` header (RFC 9110, 10.2.3): seconds, or a date, which counts from the
    /// answer's own `Date`.
    ///
    /// At most ``longestRetryAfter``; `nil` where it cannot be read.
    public var retryAfter: Duration? {
        guard let text = headers["Retry-After"]?.trimmedASCII, !text.isEmpty else { return nil }
        if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            // More digits than an Int64 holds are a long wait, too.
            return min(
                Int64(text).map { .seconds($0) } ?? .seconds(Int64.max),
                Self.longestRetryAfter
            )
        }
        guard let until = Timestamp(httpDate: text) else { return nil }
        return min(max(.zero, until - (date ?? receivedAt)), Self.longestRetryAfter)
    }

    /// The `X-RateLimit-…` headers.
    public var rateLimit: RateLimit {
        RateLimit(
            limit: headers["X-RateLimit-Limit"].flatMap(Int.init(header:)),
            remaining: headers["X-RateLimit-Remaining"].flatMap(Int.init(header:)),
            reset: headers["X-RateLimit-Reset"].flatMap(Int.init(header:))
        )
    }
}

/// What the server tells about its limit with each answer; a value that is no number is `nil`.
public struct RateLimit: Sendable, Hashable {
    /// Requests in one period, of an unnamed length.
    public var limit: Int?
    /// Requests left in this period.
    public var remaining: Int?
    /// When the period ends, or the bucket is full again: seconds since 1970 of server time.
    public var reset: Int?

    /// A limit with the given parts.
    public init(limit: Int? = nil, remaining: Int? = nil, reset: Int? = nil) {
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
    }
}

extension Int {
    fileprivate init?(header text: String) {
        self.init(text.trimmedASCII)
    }
}

extension String {
    /// The text without blanks and tabs at both ends.
    fileprivate var trimmedASCII: String {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        guard let first = firstIndex(where: { !isBlank($0) }),
            let last = lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(self[first...last])
    }
}
