import ArgumentParser
import BatchCore

extension ExitCode {
    /// The code of the table in `ExitStatus`, as the argument parser takes it.
    init(_ status: ExitStatus) {
        self.init(status.rawValue)
    }

    /// The code of a run; 70 if its counts do not add up, whatever it says itself.
    init(_ summary: RunSummary) {
        self = summary.addsUp ? ExitCode(Int32(summary.exitCode)) : ExitCode(.fault)
    }
}
