/// What one call of a resource may have of its own.
public struct CallOptions: Sendable {
    /// The key by which the server recognises a repetition; `nil` for a new one.
    ///
    /// To repeat a write whose outcome is unknown, give the key of the first try, and the same
    /// content.
    public var idempotencyKey: String?
    /// How long the call may take; `nil` for the client's setting.
    public var timeout: Duration?
    /// A name for the request that the server adopts, up to 64 characters.
    public var requestID: String?
    /// The merchant for whom a platform key acts; `nil` for the client's setting.
    public var onBehalfOf: String?

    /// Options with the given parts.
    public init(
        idempotencyKey: String? = nil,
        timeout: Duration? = nil,
        requestID: String? = nil,
        onBehalfOf: String? = nil
    ) {
        self.idempotencyKey = idempotencyKey
        self.timeout = timeout
        self.requestID = requestID
        self.onBehalfOf = onBehalfOf
    }

    func applied(to operation: Operation) -> Operation {
        var operation = operation
        operation.idempotencyKey = operation.method.isRead ? nil : idempotencyKey
        operation.timeout = timeout
        operation.requestID = requestID
        operation.onBehalfOf = onBehalfOf
        return operation
    }
}
