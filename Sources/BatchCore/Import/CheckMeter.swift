import RowIO

/// Tells how far a check of the inputs is: by bytes, because nobody knows yet how many rows there
/// are.
struct CheckMeter {
    /// So many rows are checked between two looks at the clock.
    static let rows = 1024

    private let environment: RunEnvironment
    private let begun: Duration
    /// The inputs' sizes on disk together; `nil` where one has none.
    private let totalBytes: Int64?
    private var pulse: ProgressPulse

    init(inputs: [String], environment: RunEnvironment) {
        self.environment = environment
        begun = environment.elapsed()
        totalBytes = Self.size(of: inputs)
        pulse = ProgressPulse(every: environment.progressInterval, from: .start)
    }

    private static func size(of inputs: [String]) -> Int64? {
        var sum: Int64 = 0
        for path in inputs {
            // What cannot be looked at is met again, and said, when it is opened.
            guard path != "-", let identity = try? FileIdentity.current(atPath: path) else {
                return nil
            }
            sum += identity.size
        }
        return sum
    }

    /// Tells how far the check is, if it is time.
    mutating func note(rows: Int, errors: Int, bytesRead: Int64) {
        let now = MonotonicTime(environment.elapsed() - begun)
        guard pulse.isDue(at: now, waitingFor: nil) else { return }
        pulse.beat(at: now, waitingFor: nil, done: rows)
        var progress = RunProgress(
            .checking,
            done: rows,
            errors: errors,
            perSecond: pulse.perSecond
        )
        if let totalBytes {
            progress.bytes = RunProgress.Bytes(read: bytesRead, total: totalBytes)
            let rowsPerByte = Double(rows) / Double(max(bytesRead, 1))
            let bytesLeft = Double(max(totalBytes - bytesRead, 0))
            progress.remaining = pulse.time(for: Int((bytesLeft * rowsPerByte).rounded(.up)))
        }
        environment.progress(progress)
    }
}
