/// When requests may start, as `--rate` and the server say: gate, buckets and ceilings together.
package struct Pacer: Sendable {
    private enum Lanes: Sendable {
        /// One bucket for all.
        case shared(TokenBucket)
        /// Headers and 429s of a kind rule that kind.
        case apart(reads: PacerLane, writes: PacerLane)
    }

    private var lanes: Lanes
    /// Closed after a 429.
    package private(set) var gate = Gate()

    /// The pace of a run.
    package init(_ setting: RateSetting) {
        lanes =
            switch setting {
            case .auto: .apart(reads: PacerLane(.read), writes: PacerLane(.write))
            case .fixed(let rate): .shared(TokenBucket(rate: rate))
            }
    }

    /// Takes the right to start one request, or says when to ask again.
    ///
    /// After a `.wait` others may be first: ask again at that moment.
    package mutating func take(_ kind: RequestKind, at now: MonotonicTime) -> PaceDecision {
        if case .wait(let reopening) = gate.permits(at: now) { return .wait(until: reopening) }
        switch lanes {
        case .shared(var bucket):
            defer { lanes = .shared(bucket) }
            return bucket.take(at: now)
        case .apart:
            return withLane(of: kind) { $0.take(at: now) } ?? .go
        }
    }

    /// Gives back a right that was taken and not used.
    package mutating func giveBack(_ kind: RequestKind) {
        if case .shared(var bucket) = lanes {
            bucket.giveBack()
            lanes = .shared(bucket)
        }
        withLane(of: kind) { $0.giveBack() }
    }

    /// A request was answered, and not with 429.
    ///
    /// - Parameters:
    ///   - kind: the request's kind.
    ///   - sent: when it was sent.
    ///   - now: when the answer came.
    ///   - reading: what the answer's rate headers say, if it has any.
    package mutating func answered(
        _ kind: RequestKind,
        sent: MonotonicTime,
        at now: MonotonicTime,
        reading: RateLimitReading?
    ) {
        gate.answered(sent: sent)
        observe(kind, reading, at: now)
    }

    /// A request was answered 429.
    ///
    /// - Parameters:
    ///   - kind: the request's kind.
    ///   - sent: when it was sent.
    ///   - now: when the answer came.
    ///   - retryAfter: the time that the server asks for, if it does.
    ///   - reading: what the answer's rate headers say, if it has any.
    ///   - generator: where random shares come from.
    /// - Returns: whether this begins an episode, which the screen shows.
    package mutating func throttled(
        _ kind: RequestKind,
        sent: MonotonicTime,
        at now: MonotonicTime,
        retryAfter: Duration?,
        reading: RateLimitReading?,
        using generator: inout some RandomNumberGenerator
    ) -> Bool {
        observe(kind, reading, at: now)
        let isNew = gate.throttled(
            sent: sent,
            at: now,
            retryAfter: retryAfter,
            using: &generator
        )
        let resumption = gate.reopening ?? now
        if isNew { withLane(of: kind) { $0.throttled(at: now, resumption: resumption) } }
        return isNew
    }

    /// Requests of a kind a second that are allowed now; 0 is unlimited.
    package mutating func rate(of kind: RequestKind, at now: MonotonicTime) -> Double {
        if case .shared(let bucket) = lanes { return bucket.rate }
        return withLane(of: kind) { $0.rate(at: now) } ?? 0
    }

    private mutating func observe(
        _ kind: RequestKind,
        _ reading: RateLimitReading?,
        at now: MonotonicTime
    ) {
        guard let reading else { return }
        withLane(of: kind) { $0.observe(reading, at: now) }
    }

    /// Changes the lane of a kind; does nothing where all share one bucket.
    @discardableResult
    private mutating func withLane<Result>(
        of kind: RequestKind,
        _ change: (inout PacerLane) -> Result
    ) -> Result? {
        guard case .apart(var reads, var writes) = lanes else { return nil }
        defer { lanes = .apart(reads: reads, writes: writes) }
        return kind == .read ? change(&reads) : change(&writes)
    }
}
