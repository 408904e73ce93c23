import HTTPTypes

extension HTTPField.Name {
    static let idempotencyKey = parsed("Idempotency-Key")
    static let onBehalfOf = parsed("X-Plugipay-On-Behalf-Of")
    static let plugipayMode = parsed("X-Plugipay-Mode")
    static let plugipayTimestamp = parsed("X-Plugipay-Timestamp")
    static let rateLimitLimit = parsed("X-RateLimit-Limit")
    static let rateLimitRemaining = parsed("X-RateLimit-Remaining")
    static let rateLimitReset = parsed("X-RateLimit-Reset")
    static let requestID = parsed("X-Request-Id")

    private static func parsed(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no token") }
        return name
    }
}
