/// Where the API is, who asks, and how long and how much an answer may take.
public struct Configuration: Sendable {
    /// Where the API is.
    public var baseURL: BaseURL
    /// Who asks.
    public var credentials: Credentials
    /// The merchant for whom a platform key acts; `nil` for the key's own account.
    public var onBehalfOf: String?
    /// How long one call may take, waiting for a connection included.
    public var timeout: Duration = .seconds(30)
    /// How long making a connection may take, TLS included.
    public var connectTimeout: Duration = .seconds(10)
    /// How long an unused connection is kept.
    ///
    /// It must be closed here before the server closes it: a request that meets a connection just
    /// being closed is lost with its outcome unknown. The shortest time that is usual at servers is
    /// 5 s (Node.js), so it is 4 s.
    public var idleTimeout: Duration = .seconds(4)
    /// How many connections are open at most; further calls wait for a free one.
    public var connectionLimit = 64
    /// The longest answer to a write or a read without a query, in bytes.
    public var maximumResponseBytes = 1 << 20
    /// The longest answer to a read with a query (a list), in bytes.
    public var maximumListBytes = 8 << 20
    /// How this program introduces itself.
    public var userAgent = "plugipay-swift/1.0"

    /// A configuration with the usual times and limits.
    public init(
        credentials: Credentials,
        baseURL: BaseURL = .service,
        onBehalfOf: String? = nil
    ) {
        self.credentials = credentials
        self.baseURL = baseURL
        self.onBehalfOf = onBehalfOf
    }

    /// Refuses settings with which no request can be sent.
    ///
    /// ``PlugipayClient`` asks before each request, so a wrong setting cannot get further.
    ///
    /// - Throws: `missing_key_id`, `missing_secret` or `invalid_request`.
    public func validate() throws(PlugipayError) {
        try credentials.validate()
        try HeaderText.check(onBehalfOf, of: "X-Plugipay-On-Behalf-Of")
        try HeaderText.check(userAgent, of: "User-Agent")
    }
}
