package import Plugipay

/// What a run did: `summary.json`, and the table at the end.
package struct RunSummary: Sendable {
    /// How a run ended.
    package enum Status: String, Sendable {
        /// Every row is settled without an error.
        case completed
        /// Every row is settled, some with an error.
        case completedWithErrors = "completed_with_errors"
        /// Stopped early; the same command goes on.
        case stopped
        /// Could not go on.
        case failed
    }

    /// One input as the run read it.
    package struct Input: Sendable, Hashable {
        /// The path as given, `-` for standard input.
        package var path: String
        /// Bytes on disk.
        package var bytes: Int64
        /// Rows taken from it.
        package var rows: Int
    }

    /// The requests that reached, or may have reached, the server.
    package struct Requests: Sendable, Hashable {
        /// POST and PATCH not answered 429.
        package var attempts = 0
        /// Those of `attempts` that tried a row again.
        package var retries = 0
        /// GET not answered 429.
        package var lookups = 0
        /// Answers 429.
        package var throttled = 0
    }

    /// Milliseconds from the start of a request to its answer.
    package struct Latency: Sendable, Hashable {
        /// Half of the answers were as fast or faster.
        package var p50 = 0
        /// 95 % of them.
        package var p95 = 0
        /// 99 % of them.
        package var p99 = 0
        /// The slowest one.
        package var max = 0
    }

    /// `import`, `validate` or `export`.
    package var command: String
    /// How it ended.
    package var status: Status
    /// The exit code.
    package var exitCode: Int
    /// The job's folder; `nil` for a command without one.
    package var job: String?
    /// Where the customers went; `nil` for a command that sends nothing.
    package var target: JobTarget?
    /// The account, once an answer told it.
    package var account: String?
    /// The inputs.
    package var inputs: [Input]
    /// Local time at the start.
    package var startedAt: Timestamp
    /// Local time at the end.
    package var endedAt: Timestamp
    /// Rows by status.
    package var counts: [RowStatus: Int]
    /// The requests of this run.
    package var requests = Requests()
    /// Writes a second, from the first to the last; 0 for none.
    package var writesPerSecond = 0.0
    /// How long answers took.
    package var latency = Latency()
    /// The path of `results.csv`; `nil` when none was written.
    package var results: String?
    /// The paths of the files of rejects.
    package var rejects: [String] = []
    /// What was written; `nil` for a command that is no export.
    package var export: Export?
    /// The command to go on with; `nil` when nothing is left.
    package var next: String?
    /// Why the run could not go on; shown, not part of the file.
    package var failure: BatchError?

    /// Rows read: the sum of the counts; of an export, customers written.
    package var read: Int { export?.rows ?? counts.values.reduce(0, +) }
}
