package import Plugipay

/// What a run takes from the world around it besides files and the network: handed in, so that a
/// test can stand in for it.
package struct RunEnvironment: Sendable {
    /// Local time, for what is shown and filed; never for deciding.
    package var localTime: @Sendable () -> Timestamp
    /// Time since some fixed moment, that neither jumps nor stops with the wall clock.
    package var elapsed: @Sendable () -> Duration
    /// Returns after that long, or throws when the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void
    /// The seed of every random choice of the run.
    package var seed: UInt64
    /// Takes what the user should know, in the order in which it happens.
    package var report: @Sendable (RunNote) -> Void
    /// Takes how far the run is; must return at once.
    package var progress: @Sendable (RunProgress) -> Void
    /// How often that is worth knowing.
    package var progressInterval: Duration
    /// Where the wish to stop comes from.
    package var stop: StopSource

    /// Makes an environment from its parts.
    package init(
        localTime: @escaping @Sendable () -> Timestamp,
        elapsed: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        seed: UInt64,
        report: @escaping @Sendable (RunNote) -> Void,
        progress: @escaping @Sendable (RunProgress) -> Void = { _ in },
        progressInterval: Duration = .seconds(30),
        stop: StopSource
    ) {
        self.localTime = localTime
        self.elapsed = elapsed
        self.sleep = sleep
        self.seed = seed
        self.report = report
        self.progress = progress
        self.progressInterval = progressInterval
        self.stop = stop
    }
}

/// One line for the user.
package struct RunNote: Sendable, Hashable {
    /// How much it matters.
    package enum Level: Sendable {
        /// Worth knowing.
        case info
        /// Worth acting on.
        case warning
    }

    /// How much it matters.
    package var level: Level
    /// The line, without a line end.
    package var text: String

    /// Makes a note.
    package init(_ level: Level, _ text: String) {
        self.level = level
        self.text = text
    }
}

/// Why a run was asked to stop.
package enum StopReason: Sendable, Hashable {
    /// A signal of this number.
    case signal(Int32)
}

/// Carries the wish to stop from wherever it arises to the run's loop.
package struct StopSource: Sendable {
    private let stream: AsyncStream<StopReason>
    private let continuation: AsyncStream<StopReason>.Continuation

    /// A source that nobody has used.
    package init() {
        // One wish is enough: the first counts.
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    /// Asks the run to stop: take no more rows, await the answers in flight, write the files.
    package func request(_ reason: StopReason) {
        continuation.yield(reason)
    }

    /// Waits for the wish.
    ///
    /// - Returns: The reason, or `nil` when the waiting task was cancelled.
    package func wait() async -> StopReason? {
        var iterator = stream.makeAsyncIterator()
        return await iterator.next()
    }
}
