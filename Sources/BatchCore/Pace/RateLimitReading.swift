/// What the rate headers of one answer say.
package struct RateLimitReading: Sendable, Hashable {
    /// `X-RateLimit-Limit`.
    package var limit: Int?
    /// `X-RateLimit-Reset` less the same answer's `Date`: our clock has no part in it.
    package var resetAfter: Duration?

    /// A reading.
    package init(limit: Int?, resetAfter: Duration?) {
        self.limit = limit
        self.resetAfter = resetAfter
    }
}
