/// One call of the API as a value: what to ask for, not how it is signed and sent.
///
/// ```swift
/// let operation = Operation.post("/customers", body: draft.canonicalBody(), idempotencyKey: key)
/// let response = try await client.respond(to: operation)
/// ```
public struct Operation: Sendable {
    /// The methods that the API knows.
    public enum Method: String, Sendable {
        /// Reads.
        case get = "GET"
        /// Creates.
        case post = "POST"
        /// Changes.
        case patch = "PATCH"
        /// Deletes.
        case delete = "DELETE"

        /// Whether the call changes nothing, so that it needs no idempotency key.
        public var isRead: Bool { self == .get }
    }

    /// The method.
    public var method: Method
    /// The path below the API's root, percent-encoded: `/customers/cus_1`.
    ///
    /// See ``path(_:)``.
    public var path: String
    /// Names and values of the query, not encoded, in the order in which they are sent.
    public var query: [(name: String, value: String)]
    /// The body, JSON; `nil` for none.
    public var body: [UInt8]?
    /// The key by which the server recognises a repetition.
    ///
    /// A write without one gets a new key.
    public var idempotencyKey: String?
    /// A name for this request that the server adopts in its logs and answer, up to 64 characters.
    public var requestID: String?
    /// How long the call may take; `nil` for the client's ``Configuration/timeout``.
    public var timeout: Duration?
    /// The merchant for whom a platform key acts; `nil` for the client's own setting.
    public var onBehalfOf: String?
    /// The server time after which the request must not be signed any more: it fails unsent, with
    /// ``PlugipayError/Code/signingExpired``.
    public var signBy: Timestamp?
    /// The longest answer, in bytes; `nil` for the limits of the ``Configuration``.
    public var maximumResponseBytes: Int?

    /// An operation with the given parts.
    public init(
        method: Method,
        path: String,
        query: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        idempotencyKey: String? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.idempotencyKey = idempotencyKey
    }

    /// Reads what is at `path`.
    public static func get(_ path: String, query: [(name: String, value: String)] = []) -> Self {
        Self(method: .get, path: path, query: query)
    }

    /// Creates something below `path`.
    public static func post(
        _ path: String,
        query: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        idempotencyKey: String? = nil
    ) -> Self {
        Self(method: .post, path: path, query: query, body: body, idempotencyKey: idempotencyKey)
    }

    /// Changes what is at `path`.
    public static func patch(
        _ path: String,
        query: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        idempotencyKey: String? = nil
    ) -> Self {
        Self(method: .patch, path: path, query: query, body: body, idempotencyKey: idempotencyKey)
    }

    /// Deletes what is at `path`.
    public static func delete(
        _ path: String,
        query: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        idempotencyKey: String? = nil
    ) -> Self {
        Self(method: .delete, path: path, query: query, body: body, idempotencyKey: idempotencyKey)
    }

    /// A path of these segments, each percent-encoded, so that an id can hold any character.
    public static func path(_ segments: String...) -> String {
        segments.reduce(into: "") { path, segment in
            path += "/" + PercentEncoding.encoded(segment)
        }
    }

    /// Path and query as they are sent and signed, below the given root.
    func target(under root: String) -> String {
        guard !query.isEmpty else { return root + path }
        let pairs = query.map { name, value in
            PercentEncoding.encoded(name) + "=" + PercentEncoding.encoded(value)
        }
        return root + path + "?" + pairs.joined(separator: "&")
    }
}
