/// Closed for all requests after a 429, until the server's time has passed: the limit is the
/// workspace's, not the row's.
///
/// 429s that answer requests sent before the gate opens again belong to one episode, which is
/// shown and slows the rate once.
package struct Gate: Sendable {
    /// The most that is added to `Retry-After`, as a share of it: many clients that were told the
    /// same time do not come back in the same moment.
    package static let spread = 0.1

    /// When it opens, or opened last; nil if it was never closed.
    package private(set) var reopening: MonotonicTime?
    /// How many episodes there were.
    package private(set) var episodes = 0
    /// Episodes since the last answer that was not a 429.
    private var episodesInARow = 0

    /// An open gate.
    package init() {}

    /// Whether requests may start.
    package func permits(at now: MonotonicTime) -> PaceDecision {
        guard let reopening, now < reopening else { return .go }
        return .wait(until: reopening)
    }

    /// A request was answered 429.
    ///
    /// - Parameters:
    ///   - sent: when the request was sent.
    ///   - now: when the answer came.
    ///   - retryAfter: the time that the server asks for, if it does.
    ///   - generator: where the spread comes from.
    /// - Returns: whether this begins an episode.
    package mutating func throttled(
        sent: MonotonicTime,
        at now: MonotonicTime,
        retryAfter: Duration?,
        using generator: inout some RandomNumberGenerator
    ) -> Bool {
        let isNew = reopening.map { sent >= $0 } ?? true
        if isNew {
            episodes += 1
            episodesInARow += 1
        } else if retryAfter == nil {
            return false
        }
        let wait = wait(retryAfter, using: &generator)
        reopening = max(reopening ?? now, now + wait)
        return isNew
    }

    /// A request was answered, and not with 429.
    package mutating func answered(sent: MonotonicTime) {
        guard let reopening, sent >= reopening else { return }
        episodesInARow = 0
    }

    private func wait(
        _ retryAfter: Duration?,
        using generator: inout some RandomNumberGenerator
    ) -> Duration {
        guard let retryAfter = Backoff.bounded(retryAfter) else {
            return Backoff.throttle.delay(
                afterFailures: episodesInARow - 1,
                using: &generator
            )
        }
        return retryAfter * (1 + Double.random(in: 0...Self.spread, using: &generator))
    }
}
