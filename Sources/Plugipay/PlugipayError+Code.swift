extension PlugipayError {
    /// The kind of an error: one of the server's codes, or one of this library's.
    ///
    /// Servers differ in the case of their codes, so two codes are equal when they are equal in
    /// lower case. A code that is not listed here is kept as it came.
    public struct Code: Sendable, Hashable, ExpressibleByStringLiteral {
        /// The code as it came, for people.
        public let text: String
        /// The code in lower case, for comparisons.
        public let name: String

        /// The code with that text, whatever its case.
        public init(_ text: String) {
            self.text = text
            name = text.utf8.contains(where: Self.isNotLower) ? text.lowercased() : text
        }

        /// The code with that text, whatever its case.
        public init(stringLiteral text: String) {
            self.init(text)
        }

        /// Whether both are the same in lower case.
        public static func == (left: Self, right: Self) -> Bool {
            left.name == right.name
        }

        /// Hashes the lower-case form.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(name)
        }

        private static func isNotLower(_ byte: UInt8) -> Bool {
            byte >= 0x80 || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        }
    }
}

extension PlugipayError.Code: CustomStringConvertible {
    /// The code as it came.
    public var description: String { text }
}

// MARK: - Codes of the server

extension PlugipayError.Code {
    /// 400: a member is missing, malformed, too long or unknown; `field` tells which.
    public static let validationError: Self = "validation_error"
    /// 400: the request as a whole is malformed.
    ///
    /// Also ours, unsent, for one that cannot be built.
    public static let invalidRequest: Self = "invalid_request"
    /// 401: the signature does not fit the request.
    public static let invalidSignature: Self = "invalid_signature"
    /// 401: the key is unknown, revoked, or of the other mode.
    public static let invalidKey: Self = "invalid_key"
    /// 401: the timestamp of the signature is unusable.
    ///
    /// Newer servers say `timestamp_skew`.
    public static let invalidTimestamp: Self = "invalid_timestamp"
    /// 401: the timestamp of the signature is more than 300 s from the server's clock.
    public static let timestampSkew: Self = "timestamp_skew"
    /// 401: there are no credentials, or they are malformed.
    public static let authRequired: Self = "auth_required"
    /// 401: the credentials are not accepted.
    public static let unauthorized: Self = "unauthorized"
    /// 403: the key lacks the scope for this call.
    public static let insufficientScope: Self = "insufficient_scope"
    /// 403: not allowed.
    public static let forbidden: Self = "forbidden"
    /// 403: the route is open to signed-in people only, to no key.
    public static let personOnly: Self = "person_only"
    /// 404: no such record in this workspace and mode, or no such route.
    public static let notFound: Self = "not_found"
    /// 409: an externalId is taken, or money history stands against a deletion.
    public static let conflict: Self = "conflict"
    /// 409: the idempotency key was used with another body.
    public static let idempotencyMismatch: Self = "idempotency_mismatch"
    /// 409: another server's word for ``idempotencyMismatch``.
    public static let idempotencyKeyInUse: Self = "idempotency_key_in_use"
    /// 429: too many requests; wait for `retryAfter`.
    public static let rateLimited: Self = "rate_limited"
    /// 500: a fault of the server.
    public static let internalError: Self = "internal_error"
    /// 5xx: a fault of a provider behind the server.
    public static let upstreamError: Self = "upstream_error"
    /// 503: the server is not available for a while.
    public static let serviceUnavailable: Self = "service_unavailable"
    /// An error answer without a code.
    public static let unknown: Self = "unknown"

    /// Whether a 409 or 422 with this code is about the idempotency key, not about the record.
    public var isAboutIdempotency: Bool { name.contains("idempotency") }

    /// Whether the signature's timestamp is what the server refused.
    public var isAboutTimestamp: Bool { self == .timestampSkew || self == .invalidTimestamp }
}

// MARK: - Codes of this library

extension PlugipayError.Code {
    /// The time allowed for the request was over.
    public static let timeout: Self = "timeout"
    /// The connection could not be made, broke, or ended too early.
    public static let networkError: Self = "network_error"
    /// The task that made the call was cancelled.
    public static let canceled: Self = "canceled"
    /// The answer is not what the API sends, for example an HTML page of something in between.
    public static let invalidResponse: Self = "invalid_response"
    /// The answer is longer than allowed.
    public static let responseTooLarge: Self = "response_too_large"
    /// The server's certificate is not trusted or not for this host.
    public static let invalidCertificate: Self = "invalid_certificate"
    /// There is no key id and no API key.
    public static let missingKeyID: Self = "missing_key_id"
    /// There is a key id without its secret.
    public static let missingSecret: Self = "missing_secret"
    /// The time at which the request was to be signed at the latest has passed; it was not sent.
    public static let signingExpired: Self = "signing_expired"
    /// A walk over pages would not end, or would leave something out.
    public static let brokenPaging: Self = "broken_paging"
}
