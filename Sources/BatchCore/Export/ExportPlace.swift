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
    /// The newest customer so far: its time and id.
    var last: ListedPage.Item?

    /// Makes a place.
    init(
        phase: Phase,
        cursor: String?,
        order: BookWalk.Order,
        last: ListedPage.Item?
    ) {
        self.phase = phase
        self.cursor = cursor
        self.order = order
        self.last = last
    }
}
