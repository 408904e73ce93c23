import ArgumentParser
import BatchCore

/// How fast a run goes, and how long it tries.
struct PaceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Requests a second in all; 0 is no limit of ours (default: auto, which follows the "
                + "server's headers).",
            valueName: "n|auto"
        ),
        transform: FlagValue.rate
    )
    var rate: RateSetting?

    @Option(
        help: ArgumentHelp(
            "Requests in flight (default: auto, rate times latency).",
            valueName: "n|auto"
        ),
        transform: FlagValue.concurrency
    )
    var concurrency: Concurrency.Setting?

    @Option(help: ArgumentHelp("Tries of one row, or of one page.", valueName: "n"))
    var maxAttempts = 8

    @Option(
        help: ArgumentHelp(
            "How long the server may be down (default: 1h).",
            valueName: "duration"
        ),
        transform: FlagValue.duration
    )
    var maxOutage: Duration?

    func validate() throws {
        guard maxAttempts >= 1 else {
            throw ValidationError("--max-attempts counts tries: give 1 or more.")
        }
    }

    /// Puts what was given into a job.
    ///
    /// - Parameters:
    ///   - job: The job.
    ///   - isSandbox: Whether it goes to a sandbox inside this process, which has no limit that
    ///     would have to be kept.
    func apply(to job: inout ImportJob, isSandbox: Bool) {
        job.rate = rate ?? (isSandbox ? .fixed(0) : .auto)
        job.concurrency = concurrency ?? .auto
        job.maxAttempts = maxAttempts
        if let maxOutage { job.maxOutage = maxOutage }
    }

    /// Puts what was given into an export.
    ///
    /// - Parameters:
    ///   - job: The export.
    ///   - isSandbox: Whether it reads a sandbox inside this process.
    func apply(to job: inout ExportJob, isSandbox: Bool) {
        job.rate = rate ?? (isSandbox ? .fixed(0) : .auto)
        job.concurrency = concurrency ?? .auto
        job.maxAttempts = maxAttempts
        if let maxOutage { job.maxOutage = maxOutage }
    }

    /// The most requests that can be in flight, for which the connection pool has to have room.
    var connectionLimit: Int {
        if case .fixed(let limit) = concurrency { limit } else { Concurrency.range.upperBound }
    }
}
