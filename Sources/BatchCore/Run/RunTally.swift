import Histogram
import Plugipay

/// The requests of a run, as they come back: the numbers of the summary.
struct RunTally {
    private(set) var requests = RunSummary.Requests()
    /// Rows by how they were settled in this run.
    private(set) var settled: [JournalEntry.State: Int] = [:]
    private var latency = Histogram<UInt32>(
        highestTrackableValue: UInt64(longestMilliseconds),
        numberOfSignificantValueDigits: .two
    )
    private var writes = 0
    private var firstWrite: MonotonicTime?
    private var lastWrite: MonotonicTime?

    private static let longestMilliseconds = 3_600_000

    /// Counts an attempt that was made.
    ///
    /// - Parameters:
    ///   - isWrite: Whether it was a POST or PATCH.
    ///   - isRetry: Whether its row had been tried before.
    ///   - answer: What came of it.
    ///   - time: When.
    mutating func count(isWrite: Bool, isRetry: Bool, _ answer: Answer, at time: MonotonicTime) {
        if let response = answer.response {
            let milliseconds = response.roundTrip / .milliseconds(1)
            let bounded = max(0, min(milliseconds.rounded(), Double(Self.longestMilliseconds)))
            latency.record(UInt64(bounded))
        }
        if case .throttled = answer.meaning {
            requests.throttled += 1
            return
        }
        guard answer.hasLeft else { return }
        if isWrite {
            requests.attempts += 1
            if isRetry { requests.retries += 1 }
        } else {
            requests.lookups += 1
        }
        guard isWrite else { return }
        writes += 1
        firstWrite = firstWrite ?? time
        lastWrite = time
    }

    /// Counts a row that was settled.
    mutating func count(_ state: JournalEntry.State) {
        settled[state, default: 0] += 1
    }

    /// Rows that the server's answers made errors.
    var errors: Int { (settled[.rejected] ?? 0) + (settled[.failed] ?? 0) }

    /// Rows that may or may not exist, as far as the server's answers tell.
    var unknownRows: Int { settled[.unknown] ?? 0 }

    /// Rows settled in this run.
    var settledRows: Int { settled.values.reduce(0, +) - (settled[.withdrawn] ?? 0) }

    /// Whether anything was sent.
    var hasSent: Bool { requests != RunSummary.Requests() }

    /// Writes a second, from the first answer to the last.
    var writesPerSecond: Double {
        guard let firstWrite, let lastWrite, lastWrite > firstWrite else { return 0 }
        return Double(writes - 1) / ((lastWrite - firstWrite) / .seconds(1))
    }

    var latencies: RunSummary.Latency {
        guard latency.totalCount > 0 else { return RunSummary.Latency() }
        // A percentile is the upper end of the histogram's bucket, which may lie above every value.
        let slowest = latency.maxRecorded
        func percentile(_ percentile: Double) -> Int {
            Int(min(latency.valueAtPercentile(percentile), slowest))
        }
        return RunSummary.Latency(
            p50: percentile(50),
            p95: percentile(95),
            p99: percentile(99),
            max: Int(slowest)
        )
    }
}

extension Answer {
    /// Whether the request may have reached the server.
    var hasLeft: Bool {
        switch meaning {
        case .unsent, .intentExpired: false
        case .refused: response != nil
        default: true
        }
    }
}
