/// Spaces requests evenly: one token each, so many tokens a second.
///
/// The bucket holds almost no burst: after a pause the tokens of at most ``catchUp`` are there, so
/// that in no second more than the rate and that little goes out. They are there to make up for
/// wake-ups that come late: each token is due at a fixed distance after the one before it, not
/// after the moment when that one was taken, and so no fraction is lost.
package struct TokenBucket: Sendable {
    /// How much lateness is made up for.
    ///
    /// A sleeping task wakes some milliseconds late, on a busy
    /// machine some tens.
    package static let catchUp: Duration = .milliseconds(100)

    /// The longest time between two tokens, in seconds: it keeps the sums finite.
    private static let longestInterval = 86_400.0

    /// Tokens a second; 0 is unlimited.
    package private(set) var rate: Double

    /// When the last token was due; the next is due an interval later.
    private var lastDue: MonotonicTime?

    /// A bucket of so many tokens a second; 0 is unlimited.
    package init(rate: Double) {
        self.rate = Self.checked(rate)
    }

    private static func checked(_ rate: Double) -> Double {
        rate.isFinite && rate > 0 ? max(rate, 1 / longestInterval) : 0
    }

    private var interval: Duration { .seconds(1 / rate) }

    /// When the next token is there; the past if it is there already.
    package func nextToken() -> MonotonicTime? {
        guard rate > 0, let lastDue else { return nil }
        return lastDue + interval
    }

    /// Takes a token, or says when the next one is there.
    package mutating func take(at now: MonotonicTime) -> PaceDecision {
        guard rate > 0 else { return .go }
        let due = nextToken() ?? now
        if due > now { return .wait(until: due) }
        lastDue = max(due, now - Self.catchUp)
        return .go
    }

    /// Gives a token back: what it was taken for did not start.
    package mutating func giveBack() {
        guard rate > 0, let due = lastDue else { return }
        lastDue = due - interval
    }

    /// Changes the rate.
    ///
    /// The part of a token that has gathered stays: at twice the rate the rest
    /// of the wait is half as long.
    package mutating func setRate(_ newRate: Double, at now: MonotonicTime) {
        let newRate = Self.checked(newRate)
        defer { rate = newRate }
        guard rate > 0, newRate > 0, rate != newRate, let due = nextToken() else { return }
        let rest = due > now ? (due - now) * (rate / newRate) : due - now
        lastDue = now + rest - .seconds(1 / newRate)
    }
}
