import Plugipay

extension Pacer {
    /// Learns from an answer how fast the server lets requests through.
    ///
    /// An episode of 429s is shown by what the run waits for then.
    ///
    /// - Parameters:
    ///   - answer: The answer; one that never came teaches nothing.
    ///   - kind: The request's kind.
    ///   - sent: When the request was sent.
    ///   - now: When the answer came.
    ///   - generator: Where random shares come from.
    mutating func learn(
        from answer: Answer,
        to kind: RequestKind,
        sent: MonotonicTime,
        at now: MonotonicTime,
        using generator: inout some RandomNumberGenerator
    ) {
        guard let response = answer.response else { return }
        let reading = RateLimitReading(response)
        guard case .throttled(let retryAfter) = answer.meaning else {
            answered(kind, sent: sent, at: now, reading: reading)
            return
        }
        _ = throttled(
            kind,
            sent: sent,
            at: now,
            retryAfter: retryAfter,
            reading: reading,
            using: &generator
        )
    }
}

extension RateLimitReading {
    /// What the rate headers of an answer say.
    init(_ response: Response) {
        let told = response.rateLimit
        var resetAfter: Duration?
        if let reset = told.reset, let date = response.date {
            let (seconds, isAbsurd) = Int64(reset).subtractingReportingOverflow(
                date.secondsSince1970
            )
            resetAfter = isAbsurd ? nil : .seconds(seconds)
        }
        self.init(limit: told.limit, resetAfter: resetAfter)
    }
}
