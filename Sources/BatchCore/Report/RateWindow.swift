import DequeModule

/// How fast something goes of late: the mean over the last seconds.
///
/// The mean since the start would take minutes to show that a server has become slow, and that of
/// one second would flicker.
package struct RateWindow: Sendable {
    /// How far back the mean reaches.
    package static let span: Duration = .seconds(15)
    /// A sample nearer to the one before it than this is not kept, so that at most
    /// `span / spacing` are, whatever the caller's rhythm.
    package static let spacing: Duration = .milliseconds(500)

    private struct Sample {
        var done: Int
        var time: MonotonicTime
    }

    private var samples: Deque<Sample> = []
    private var latest: Sample

    /// A window that opens now.
    ///
    /// - Parameters:
    ///   - now: The moment.
    ///   - done: How much is done already.
    package init(at now: MonotonicTime, done: Int = 0) {
        latest = Sample(done: done, time: now)
        samples.append(latest)
    }

    /// Notes how much is done.
    ///
    /// - Parameters:
    ///   - done: So much in all.
    ///   - now: The moment; not before that of the call before.
    package mutating func note(_ done: Int, at now: MonotonicTime) {
        latest = Sample(done: done, time: now)
        if let last = samples.last, now - last.time >= Self.spacing { samples.append(latest) }
        // The oldest one that is kept is the last one outside the window, so that the mean always
        // reaches over all of it.
        while samples.count > 1, now - samples[1].time >= Self.span { samples.removeFirst() }
    }

    /// So many a second, as of the last note; 0 in the first moments, when it would be chance.
    package var perSecond: Double {
        guard let first = samples.first, latest.time - first.time >= Self.spacing else { return 0 }
        let rate = Double(latest.done - first.done) / ((latest.time - first.time) / .seconds(1))
        return max(rate, 0)
    }

    /// How long so many more will take at this rate.
    ///
    /// - Parameter count: So many more; `nil` if nobody knows.
    /// - Returns: The time, or `nil` if it cannot be said.
    package func time(for count: Int?) -> Duration? {
        guard let count else { return nil }
        guard count > 0 else { return .zero }
        let seconds = Double(count) / perSecond
        return seconds < Self.longestForecast ? .seconds(seconds) : nil
    }

    /// Past this a forecast, in seconds, is a guess: a hundred days.
    private static let longestForecast = 8_640_000.0
}
