/// Whether a request may start.
package enum PaceDecision: Sendable, Hashable {
    /// It may start now.
    case go
    /// Not before this moment; ask again then.
    case wait(until: MonotonicTime)
}
