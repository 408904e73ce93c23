import Plugipay

/// The second look at the newest part of the book, when the walk is over: a customer whose
/// transaction was slow to commit stands behind the place that the walk had passed.
///
/// A pure value. Servers that ignore `createdAfter` show it by customers from before that time;
/// then the list is read from its newest end instead, and where that has no order either, whole.
struct OverlapWalk: Sendable {
    /// Which list is asked for.
    enum Way: Sendable, Hashable {
        /// Created after the time where the overlap begins, oldest first.
        case filtered
        /// The whole book, newest first, until the overlap has been read.
        case newestFirst
    }

    /// What is to be done with a page.
    enum Step: Sendable, Hashable {
        /// Write these of its customers, and go on where ``OverlapWalk/cursor`` says.
        case write([Int])
        /// The filter was ignored, and the list is read the other way now.
        case turned
    }

    /// Which customers belong into the export.
    let scope: ExportScope
    /// Which list is asked for.
    private(set) var way = Way.filtered
    /// Whether the end has been reached.
    private(set) var isFinished = false
    /// The customers that are written.
    private(set) var known: CustomerIDSet

    /// Whether all written customers are known, not only those of the overlap.
    private let knowsAll: Bool
    private var paging = PageWalk()
    /// The customers met in this pass: a page that holds only such is a circle.
    private var met = CustomerIDSet()
    private var previous: Timestamp?
    private var isSorted = true
    private var hasStepped = false

    /// A pass after a walk.
    init(after walk: BookWalk) {
        self.init(
            scope: walk.scope,
            known: walk.known,
            knowsAll: walk.order == .server
        )
    }

    /// A pass that knows these customers.
    init(scope: ExportScope, known: CustomerIDSet, knowsAll: Bool) {
        self.scope = scope
        self.known = known
        self.knowsAll = knowsAll
    }

    /// The cursor of the page to read next; `nil` for the first.
    var cursor: String? { paging.cursor }

    /// The time after which customers are asked for.
    var from: Timestamp {
        scope.after.map { max($0, scope.overlapFrom) } ?? scope.overlapFrom
    }

    /// Begins the pass again: for a server that does not know the cursor any more.
    mutating func restart() {
        let way = way
        self = OverlapWalk(scope: scope, known: known, knowsAll: knowsAll)
        self.way = way
    }

    /// Reads the list from its other end: for a server that ignores or refuses the filter.
    mutating func turnRound() {
        self = OverlapWalk(scope: scope, known: known, knowsAll: knowsAll)
        way = .newestFirst
    }

    /// Takes the page at ``cursor``.
    ///
    /// - Returns: What to do with it.
    /// - Throws: `broken_paging` when the pass would go round in circles.
    mutating func take(_ page: ListedPage) throws(PlugipayError) -> Step {
        if way == .filtered, page.items.contains(where: isBefore) {
            turnRound()
            return .turned
        }
        try paging.advance(
            ids: page.items.map(\.id),
            cursor: page.cursor,
            isFollowed: page.isFollowed
        )
        isFinished = paging.isFinished
        followOrder(of: page)
        try checkProgress(of: page)
        return .write(page.items.indices.filter { claim(page.items[$0]) })
    }

    private func isBefore(_ item: ListedPage.Item) -> Bool {
        item.place.map { $0.createdAt < from } ?? false
    }

    /// Takes a customer that belongs into the export and is not written.
    ///
    /// - Returns: Whether it is one.
    private mutating func claim(_ item: ListedPage.Item) -> Bool {
        // Where only the overlap is remembered, nothing can be said of older customers; the walk
        // has passed them in order.
        guard scope.contains(item), knowsAll || !isBefore(item) else { return false }
        return known.insert(item.id)
    }

    /// Ends the pass when all that follows lies outside of it: where the whole list so far is in
    /// order, this page included, and shows that it is not all of one moment.
    private mutating func followOrder(of page: ListedPage) {
        for item in page.items {
            guard isSorted, let createdAt = item.place?.createdAt else {
                isSorted = false
                return
            }
            if let previous, previous != createdAt {
                hasStepped = true
                isSorted = isInOrder(previous, createdAt)
            }
            previous = createdAt
        }
        guard isSorted, hasStepped, let previous else { return }
        switch way {
        case .filtered: if previous > scope.upTo { isFinished = true }
        case .newestFirst: if previous < from { isFinished = true }
        }
    }

    private func isInOrder(_ one: Timestamp, _ next: Timestamp) -> Bool {
        switch way {
        case .filtered: one < next
        case .newestFirst: one > next
        }
    }

    private mutating func checkProgress(of page: ListedPage) throws(PlugipayError) {
        var isNews = page.items.isEmpty
        for item in page.items where met.insert(item.id) { isNews = true }
        guard isNews else {
            throw PlugipayError.brokenPaging(
                "A page of the list holds only customers that were on pages before."
            )
        }
    }
}
