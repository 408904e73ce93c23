/// How long a row waits before it is tried again: full jitter, a random share of a doubling time.
///
/// Spreading the waits over the whole time empties a server's queue faster than waiting about the
/// same time each.
package struct Backoff: Sendable, Hashable {
    /// After a failure.
    package static let failure = Backoff(base: .milliseconds(500))
    /// After a 429 that names no time.
    package static let throttle = Backoff(base: .seconds(1))

    /// The longest wait of our own choice.
    package static let cap: Duration = .seconds(30)
    /// The longest wait that a server can ask for.
    ///
    /// One that asks for more is asked again then.
    package static let longestRetryAfter: Duration = .seconds(600)

    /// The longest first wait.
    package let base: Duration

    /// A back-off that starts with waits of up to `base`.
    package init(base: Duration) {
        self.base = base
    }

    /// The wait after a failed try.
    ///
    /// - Parameters:
    ///   - failures: how many tries failed before this one, from 0.
    ///   - retryAfter: what the server asks for at least; nil or not positive if it says nothing.
    ///   - generator: where the random share comes from.
    /// - Returns: how long to wait.
    package func delay(
        afterFailures failures: Int,
        retryAfter: Duration? = nil,
        using generator: inout some RandomNumberGenerator
    ) -> Duration {
        let longest = longestDelay(afterFailures: failures)
        let share = Double.random(in: 0...1, using: &generator)
        return max(longest * share, Self.bounded(retryAfter) ?? .zero)
    }

    private func longestDelay(afterFailures failures: Int) -> Duration {
        var (longest, doublings) = (base, failures)
        while doublings > 0, longest < Self.cap {
            longest *= 2
            doublings -= 1
        }
        return min(longest, Self.cap)
    }

    /// A `Retry-After` that can be followed: positive, and bounded.
    static func bounded(_ retryAfter: Duration?) -> Duration? {
        guard let retryAfter, retryAfter > .zero else { return nil }
        return min(retryAfter, longestRetryAfter)
    }
}
