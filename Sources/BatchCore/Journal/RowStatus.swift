/// What became of a row, as `results.csv` and `summary.json` spell it.
package enum RowStatus: String, Sendable, Hashable, CaseIterable {
    /// Passes the local rules; only `validate` says so.
    case valid
    /// The customer exists because of this job.
    case created
    /// The customer was there before this job.
    case exists
    /// `--on-conflict update` changed the customer.
    case updated
    /// `--on-conflict update` found nothing to change.
    case unchanged
    /// Repeats an earlier row of the input.
    case duplicate
    /// Left out by a rule that the user named.
    case skipped
    /// Refused by the local rules; never sent.
    case invalid
    /// Refused by the server for what the row says.
    case rejected
    /// Given up, and known not to exist.
    case failed
    /// May or may not exist; looked up again by every later run.
    case unknown
    /// The run ended before it.
    case notAttempted = "not_attempted"

    /// Whether a run with such a row exits with 1.
    package var isError: Bool {
        switch self {
        case .invalid, .rejected, .failed, .unknown, .notAttempted: true
        case .valid, .created, .exists, .updated, .unchanged, .duplicate, .skipped: false
        }
    }
}
