/// When a loop tells how far it is, and how fast it has been of late.
///
/// Once an interval, and at once when it begins or ends to wait, though never in a flood.
package struct ProgressPulse: Sendable {
    /// However often a loop begins and ends to wait, so long is between two looks.
    package static let shortestPause: Duration = .milliseconds(100)

    private let interval: Duration
    private var last: MonotonicTime
    private var waiting: RunProgress.Wait.Kind?
    private var window: RateWindow

    /// A pulse whose first beat is due at once.
    ///
    /// - Parameters:
    ///   - interval: The time between two beats.
    ///   - now: The moment.
    ///   - done: How much was done before.
    package init(every interval: Duration, from now: MonotonicTime, done: Int = 0) {
        self.interval = interval
        last = now - max(interval, Self.shortestPause)
        window = RateWindow(at: now, done: done)
    }

    /// When the next beat is due by itself.
    package var due: MonotonicTime { last + interval }

    /// Whether a beat is due.
    ///
    /// - Parameters:
    ///   - now: The moment.
    ///   - wait: What the loop waits for.
    /// - Returns: Whether an interval has passed, or it waits for something else than before.
    package func isDue(at now: MonotonicTime, waitingFor wait: RunProgress.Wait?) -> Bool {
        now >= due || wait?.kind != waiting && now - last >= Self.shortestPause
    }

    /// Beats.
    ///
    /// - Parameters:
    ///   - now: The moment.
    ///   - wait: What the loop waits for.
    ///   - done: So much has been done in all, for the rate.
    package mutating func beat(
        at now: MonotonicTime,
        waitingFor wait: RunProgress.Wait?,
        done: Int
    ) {
        last = now
        waiting = wait?.kind
        window.note(done, at: now)
    }

    /// So many a second of late, as of the last beat.
    package var perSecond: Double { window.perSecond }

    /// How long so many more will take at this rate; `nil` if it cannot be said.
    package func time(for count: Int?) -> Duration? { window.time(for: count) }
}
