/// Why a call did not give what was asked for: what the server said, or what went wrong here.
///
/// Branch on ``code``, never on ``message``. A ``status`` of 0 means that there was no usable
/// answer; then ``mayHaveReachedServer`` tells whether the request can have had an effect.
public struct PlugipayError: Error, Sendable {
    /// The HTTP status of the answer, 0 without one.
    public var status: Int
    /// What kind of error it is.
    public var code: Code
    /// One sentence for people.
    ///
    /// The server's own words may quote what was sent.
    public var message: String
    /// The member of the request at fault, as a dotted path, where the server names one.
    public var field: String?
    /// The server's name for the request, to quote to support.
    public var requestID: String?
    /// How long to wait at least before another request, if the server said so.
    public var retryAfter: Duration?
    /// Whether the server may have seen the request.
    ///
    /// `false` only where that is certain.
    public var mayHaveReachedServer: Bool
    /// What was behind it, for example a ``TransportFailure``.
    public var cause: (any Error)?

    /// An error with the given parts.
    public init(
        status: Int = 0,
        code: Code,
        message: String,
        field: String? = nil,
        requestID: String? = nil,
        retryAfter: Duration? = nil,
        mayHaveReachedServer: Bool,
        cause: (any Error)? = nil
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.requestID = requestID
        self.retryAfter = retryAfter
        self.mayHaveReachedServer = mayHaveReachedServer
        self.cause = cause
    }

    /// An error of this library that kept a request from being sent.
    package static func unsent(_ code: Code, _ message: String) -> Self {
        Self(code: code, message: message, mayHaveReachedServer: false)
    }

    /// The error of a call that ended without a whole answer.
    init(_ failure: TransportFailure) {
        self.init(
            status: failure.status ?? 0,
            code: failure.code.errorCode,
            message: failure.message,
            mayHaveReachedServer: failure.mayHaveReachedServer,
            cause: failure
        )
    }
}

extension PlugipayError: CustomStringConvertible {
    /// One line, in the form of the official libraries.
    ///
    /// `plugipay: <code>: <message> (status=…, requestId=…)`
    public var description: String {
        var facts: [String] = []
        if status != 0 { facts.append("status=\(status)") }
        if let field { facts.append("field=\(field)") }
        if let requestID { facts.append("requestId=\(requestID)") }
        let tail = facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))"
        return "plugipay: \(code.text): \(message)\(tail)"
    }
}
