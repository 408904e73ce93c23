/// How a run comes to its end.
package enum RunEnd: Sendable {
    /// Every row of the input has been dealt with.
    case completed
    /// A signal asked for it.
    case signal(Int32)
    /// More errors than `--max-errors` allows.
    case tooManyErrors
    /// The server was down for longer than `--max-outage`.
    case outage(String)
    /// The run cannot go on.
    case failed(BatchError)

    /// Whether nothing is left to do but to file.
    package var isCompleted: Bool {
        if case .completed = self { true } else { false }
    }

    /// Whether it is an error of the whole run.
    package var isFailure: Bool {
        if case .failed = self { true } else { false }
    }

    /// Whether rows of the input may not have been read.
    var leavesRows: Bool { !isCompleted }
}
