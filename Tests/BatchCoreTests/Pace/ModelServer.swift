import BatchCore

/// A server that allows so many requests a second, with a bucket that holds one second's worth.
struct ModelServer {
    var limit: Double
    var sendsHeaders = true
    private var tokens: Double
    private var filledAt = MonotonicTime.start

    init(limit: Double, sendsHeaders: Bool = true) {
        self.limit = limit
        self.sendsHeaders = sendsHeaders
        tokens = limit
    }

    struct Answer {
        var isThrottled: Bool
        var retryAfter: Duration?
        var reading: RateLimitReading?
    }

    mutating func answer(at now: MonotonicTime) -> Answer {
        tokens = min(limit, tokens + limit * ((now - filledAt) / .seconds(1)))
        filledAt = now
        let isThrottled = tokens < 1
        if !isThrottled { tokens -= 1 }
        guard sendsHeaders else { return Answer(isThrottled: isThrottled) }
        return Answer(
            isThrottled: isThrottled,
            retryAfter: isThrottled ? .seconds(1) : nil,
            reading: RateLimitReading(limit: Int(limit), resetAfter: .seconds(1))
        )
    }
}
