/// The timers of a run's loop, so that it starts no more of them than it needs.
struct RunTimers: Sendable {
    private var running: [MonotonicTime] = []

    /// No timer is running.
    init() {}

    /// Whether a timer has to be started for this time; if so, it counts as running.
    ///
    /// An earlier one that is running will lead to this time by itself.
    mutating func starts(for time: MonotonicTime) -> Bool {
        guard running.allSatisfy({ $0 > time }) else { return false }
        running.append(time)
        return true
    }

    /// The timer for this time has come back.
    mutating func ended(_ time: MonotonicTime) {
        running.removeAll { $0 == time }
    }
}
