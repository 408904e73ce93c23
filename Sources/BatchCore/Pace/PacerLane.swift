/// The bucket and the ceiling of one kind of request under `--rate auto`.
struct PacerLane: Sendable {
    private var bucket: TokenBucket
    private var ceiling: RateCeiling

    init(_ kind: RequestKind) {
        ceiling = RateCeiling(kind)
        bucket = TokenBucket(rate: ceiling.ceiling)
    }

    mutating func rate(at now: MonotonicTime) -> Double { ceiling.rate(at: now) }

    mutating func take(at now: MonotonicTime) -> PaceDecision {
        bucket.setRate(ceiling.rate(at: now), at: now)
        return bucket.take(at: now)
    }

    mutating func giveBack() { bucket.giveBack() }

    mutating func observe(_ reading: RateLimitReading, at now: MonotonicTime) {
        ceiling.observe(reading, at: now)
    }

    mutating func throttled(at now: MonotonicTime, resumption: MonotonicTime) {
        ceiling.throttled(at: now, resumption: resumption)
    }
}
