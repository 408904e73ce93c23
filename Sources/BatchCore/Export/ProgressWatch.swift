/// Tells a loop when to report how far it is: now and then, and whenever what it waits for changes.
struct ProgressWatch: Sendable {
    /// When the next report is due.
    private(set) var next: MonotonicTime

    private let interval: Duration
    private var window: RateWindow
    private var lastWait: RunProgress.Wait?

    /// - Parameters:
    ///   - interval: The time between two reports.
    ///   - done: How much was done before the run.
    init(every interval: Duration, done: Int) {
        self.interval = interval
        next = .start + interval
        window = RateWindow(at: .start, done: done)
    }

    /// Whether to report now; if so, the next report is due an interval later.
    mutating func isDue(at now: MonotonicTime, wait: RunProgress.Wait?) -> Bool {
        let hasChanged = wait?.kind != lastWait?.kind
        guard hasChanged || now >= next else { return false }
        lastWait = wait
        next = now + interval
        return true
    }

    /// How many a second of late.
    mutating func rate(of done: Int, at now: MonotonicTime) -> Double {
        window.note(done, at: now)
        return window.perSecond
    }
}

extension RunProgress.Wait {
    /// What is waited for, without the times.
    fileprivate var kind: Int {
        switch self {
        case .limit: 0
        case .server: 1
        case .retries: 2
        case .answers: 3
        }
    }
}
