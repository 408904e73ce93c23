/// Why a request has no whole answer.
public struct TransportFailure: Error, Sendable {
    /// What happened.
    public enum Code: String, Sendable, CaseIterable {
        /// The time allowed was over.
        case timeout
        /// The task was cancelled.
        case canceled
        /// The host's name has no address.
        case unknownHost
        /// Nobody accepted the connection.
        case refused
        /// The connection was not made in time, or none became free.
        case noConnection
        /// The TLS handshake failed.
        case tlsHandshake
        /// The server's certificate is not trusted or not for this host.
        case certificate
        /// The connection broke before the whole answer was there.
        case connectionLost
        /// The answer ended before its announced length.
        case shortBody
        /// What came back is not HTTP.
        case notHTTP
        /// The answer is longer than allowed.
        case tooLarge
        /// The request cannot be sent: its URL or a header is malformed, or the client is closed.
        case unsendable
        /// Anything else.
        case other
    }

    /// What happened.
    public var code: Code
    /// Whether the server may have seen the request.
    ///
    /// `false` only where that is certain.
    public var mayHaveReachedServer: Bool
    /// The status of the answer, if it broke after that.
    public var status: Int?
    /// One sentence for people.
    public var message: String
    /// The error of the HTTP library.
    public var cause: (any Error)?

    /// A failure with the given parts.
    public init(
        code: Code,
        mayHaveReachedServer: Bool,
        status: Int? = nil,
        message: String,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.mayHaveReachedServer = mayHaveReachedServer
        self.status = status
        self.message = message
        self.cause = cause
    }
}

extension TransportFailure: CustomStringConvertible {
    /// The code and the sentence.
    public var description: String {
        "\(code.rawValue): \(message)"
    }
}

extension TransportFailure.Code {
    /// The code under which callers of the client see the failure.
    var errorCode: PlugipayError.Code {
        switch self {
        case .timeout: .timeout
        case .canceled: .canceled
        case .certificate: .invalidCertificate
        case .tooLarge: .responseTooLarge
        case .unsendable: .invalidRequest
        case .unknownHost, .refused, .noConnection, .tlsHandshake, .connectionLost, .shortBody,
            .notHTTP, .other:
            .networkError
        }
    }
}
