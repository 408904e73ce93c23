/// What the process ends with: the whole table of exit codes.
package struct ExitStatus: RawRepresentable, Sendable, Hashable {
    /// The code.
    package let rawValue: Int32

    /// Takes a code as it is.
    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// Every row is settled without an error.
    package static let complete = ExitStatus(rawValue: 0)
    /// Finished, and some rows are invalid, rejected, failed or unknown.
    package static let rowErrors = ExitStatus(rawValue: 1)
    /// Stopped by `--max-errors`.
    package static let tooManyErrors = ExitStatus(rawValue: 2)
    /// Cannot go on: credentials, scope, target, configuration, input, or the disk.
    package static let cannotGoOn = ExitStatus(rawValue: 3)
    /// Stopped early by `--max-outage`; the same command goes on.
    package static let stoppedEarly = ExitStatus(rawValue: 4)
    /// The command line is wrong (`EX_USAGE` of sysexits.h).
    package static let usage = ExitStatus(rawValue: 64)
    /// A fault of this program, or counts that do not add up (`EX_SOFTWARE`).
    package static let fault = ExitStatus(rawValue: 70)
    /// Another process runs the job (`EX_TEMPFAIL`).
    package static let inUse = ExitStatus(rawValue: 75)

    private static let signalBase: Int32 = 128

    /// Stopped by a signal: 129 SIGHUP, 130 SIGINT, 143 SIGTERM.
    ///
    /// - Parameter number: The signal's number.
    /// - Returns: What a shell would report.
    package static func signal(_ number: Int32) -> ExitStatus {
        ExitStatus(rawValue: signalBase + number)
    }

    /// The code of a run that could not begin or go on.
    ///
    /// - Parameter code: Why.
    package init(_ code: BatchError.Code) {
        switch code {
        case .configuration, .input, .refused, .otherTarget, .storage, .neverAnswered,
            .brokenPaging:
            self = .cannotGoOn
        case .inUse: self = .inUse
        case .internalFault: self = .fault
        }
    }

    /// The code of a run that came to the end of its input.
    ///
    /// - Parameter counts: Rows by status.
    package init(counts: [RowStatus: Int]) {
        let hasErrors = counts.contains { $0.key.isError && $0.value > 0 }
        self = hasErrors ? .rowErrors : .complete
    }

    /// The code of a run by how it ended.
    ///
    /// - Parameters:
    ///   - end: How the run came to its end.
    ///   - counts: Rows by status.
    package init(_ end: RunEnd, counts: [RowStatus: Int]) {
        switch end {
        case .completed: self.init(counts: counts)
        case .signal(let number): self = .signal(number)
        case .tooManyErrors: self = .tooManyErrors
        case .outage: self = .stoppedEarly
        case .failed(let error): self.init(error.code)
        }
    }
}
