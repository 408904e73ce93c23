import Plugipay

/// How far an export is: what its checkpoint remembers of the walk.
struct ExportPlace: Sendable, Hashable {
    /// The passes of an export.
    enum Phase: String, Sendable {
        /// Over the whole book.
        case walk
        /// Over its newest part again.
        case overlap
    }

    /// The pass.
    var phase: Phase
    /// Where the next page begins; `nil` for the first one of the pass.
    var cursor: String?
    /// How the server has listed so far.
    var order: BookWalk.Order
    /// The newest customer so far; where there is no order, meaningless.
    var last: BookPlace?
    /// Whether the list is asked for with `order`, and with `createdAfter` where that was given: a
    /// cursor belongs to its question.
    var usesOrder = true
    /// See ``usesOrder``.
    var usesFilter = true
}
