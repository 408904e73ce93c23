import BatchCore

/// Decides what of a run's progress is told in lines that stay.
struct ProgressLog: Sendable {
    /// What is told.
    struct Telling: Sendable, Hashable {
        /// Changes of state, as sentences.
        var news: [String] = []
        /// Whether a whole look at the run is due.
        var isLookDue = false
    }

    /// Servers that are asked too fast limit every second; so often that is told at most.
    static let limitPause = Duration.seconds(10)

    private let settings: ScreenSettings
    private var lastLook: Duration
    private var wait: RunProgress.Wait?
    private var lastLimit: Duration?
    private var isLimitTold = false

    /// Nothing has been told yet.
    ///
    /// - Parameters:
    ///   - settings: The form of progress.
    ///   - start: Time since the start of the program.
    init(_ settings: ScreenSettings, from start: Duration = .zero) {
        self.settings = settings
        lastLook = start
        // Who shows the progress himself shows it from the start.
        if settings.progress == .json(every: ScreenSettings.jsonInterval) {
            lastLook -= ScreenSettings.jsonInterval
        }
    }

    /// Takes a look at the run.
    ///
    /// - Parameters:
    ///   - progress: The look.
    ///   - elapsed: Time since the start of the program.
    /// - Returns: What is told of it.
    mutating func take(_ progress: RunProgress, at elapsed: Duration) -> Telling {
        let old = wait
        wait = progress.wait
        var telling = Telling(news: news(old, progress, at: elapsed))
        telling.isLookDue = isLookDue(progress, hasChanged: old?.kind != wait?.kind, at: elapsed)
        if telling.isLookDue { lastLook = elapsed }
        return telling
    }

    private func isLookDue(
        _ progress: RunProgress,
        hasChanged: Bool,
        at elapsed: Duration
    ) -> Bool {
        switch settings.progress {
        case .live, .none: false
        case .plain: elapsed - lastLook >= ScreenSettings.logInterval
        case .json(let interval):
            hasChanged || elapsed - lastLook >= interval || isLast(progress)
        }
    }

    /// The end is told: who shows the progress himself waits for it.
    private func isLast(_ progress: RunProgress) -> Bool {
        progress.activity != .checking && progress.total == progress.done
    }

    // MARK: Changes of state

    private mutating func news(
        _ old: RunProgress.Wait?,
        _ progress: RunProgress,
        at elapsed: Duration
    ) -> [String] {
        guard settings.progress == .plain, old?.kind != wait?.kind else { return [] }
        var news: [String] = []
        if case .limit = old, isLimitTold, wait == nil {
            news.append("the server takes requests again")
        }
        switch wait {
        case .limit: if isLimitNews(at: elapsed) { news.append(sentence(progress)) }
        case .retries: news.append(sentence(progress))
        // A stop is said by whoever asks for it, an outage and its end by the run, which knows why.
        case .server, .answers, nil: break
        }
        return news
    }

    private mutating func isLimitNews(at elapsed: Duration) -> Bool {
        isLimitTold = lastLimit.map { elapsed - $0 >= Self.limitPause } ?? true
        if isLimitTold { lastLimit = elapsed }
        return isLimitTold
    }

    private func sentence(_ progress: RunProgress) -> String {
        progress.wait.map { ProgressWords.wait($0, progress) } ?? ""
    }
}
