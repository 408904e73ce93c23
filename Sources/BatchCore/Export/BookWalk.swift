import Plugipay

/// The walk over the whole book: tells which customers of a page are new, and where to go on.
///
/// A pure value. As long as the server lists oldest first, the place of the last customer tells
/// what is new, in constant memory. A server that does not sort is noticed by the first step back;
/// from then on the ids of all customers tell it.
struct BookWalk: Sendable {
    /// How the server lists.
    enum Order: String, Sendable {
        /// Oldest first, customers of the same moment by id.
        case creation = "createdAt,id"
        /// In some other order.
        case server
    }

    /// What is to be done with a page.
    enum Step: Sendable, Hashable {
        /// Write these of its customers, and go on where ``BookWalk/cursor`` says.
        case write([Int])
        /// The cursor did not lead on from where the walk was: call ``BookWalk/restart()``.
        case startOver
        /// The server does not sort, and too many customers were written to remember them all:
        /// read their ids from the file, call ``BookWalk/remember(_:)``, and take the page again.
        case needsWrittenIDs
    }

    /// Until so many customers all ids are kept, so that a server that does not sort is met
    /// without reading the file again.
    static let rememberedFromStart = 10_000
    /// So many pages of later customers only, all in order, are read behind the upper bound: that
    /// the server sorts is known from what follows, and a book may grow faster than it is read.
    static let pagesBeyond = 10

    /// Which customers belong into the export.
    let scope: ExportScope
    /// How the server lists, as far as it is known.
    private(set) var order = Order.creation
    /// The newest customer so far; where there is no order, meaningless.
    private(set) var last: BookPlace?
    /// The customers that were met: in order those that the overlap pass may meet again, else all.
    private(set) var known = CustomerIDSet()
    /// Whether the end has been reached.
    private(set) var isFinished = false

    private var paging: PageWalk
    /// The customer before, on this walk since it began or was taken up.
    private var previous: BookPlace?
    /// The customer before, in any order.
    private var lastListed: String?
    /// The customer behind which an empty page looked like the end.
    private var deadEnd: String?
    /// The ids of all customers so far; `nil` once they are too many.
    private var early: CustomerIDSet? = CustomerIDSet()
    /// Pages behind the upper bound, in a row.
    private var laterPages = 0
    /// How many customers have been new.
    private var count = 0
    /// How many had been new when the walk began again at the first page; `nil` before that.
    private var countAtRestart: Int?
    /// After a resume or a restart, where there is no order: how many customers a server may show
    /// again before it is at the old place; else `nil`.
    private var repeatsLeft: Int?

    /// A walk from the first page.
    init(scope: ExportScope) {
        self.scope = scope
        paging = PageWalk()
    }

    /// A walk that goes on where an earlier run stopped.
    ///
    /// - Parameters:
    ///   - scope: The scope of the earlier run.
    ///   - place: Where it stopped.
    ///   - written: What is in the file.
    init(scope: ExportScope, resuming place: ExportPlace, written: WrittenCustomers) {
        self.scope = scope
        order = place.order
        last = place.last
        paging = PageWalk(from: place.cursor)
        early = nil
        known = order == .server ? written.all : written.inOverlap
        count = written.count
        repeatsLeft = count + Self.rememberedFromStart
    }

    /// The cursor of the page to read next; `nil` for the first.
    var cursor: String? { paging.cursor }

    /// Begins again at the first page and passes over what has been met: for a server that does
    /// not know the cursor any more.
    mutating func restart() {
        paging = PageWalk()
        previous = nil
        lastListed = nil
        countAtRestart = count
        laterPages = 0
        repeatsLeft = count + Self.rememberedFromStart
    }

    /// Takes the ids of all customers written so far.
    mutating func remember(_ written: CustomerIDSet) {
        order = .server
        known = written
    }

    /// Takes the page at ``cursor``.
    ///
    /// - Returns: What to do with it.
    /// - Throws: `broken_paging` when the walk would go round in circles or leave something out.
    mutating func take(_ page: ListedPage) throws(PlugipayError) -> Step {
        if order == .creation {
            if isBehind(page) { return .startOver }
            if !isSorted(page) {
                guard let early else { return .needsWrittenIDs }
                remember(early)
            }
        }
        if meetsDeadEnd(page) { return .startOver }
        try paging.advance(
            ids: page.items.map(\.id),
            cursor: page.cursor,
            isFollowed: page.isFollowed
        )
        isFinished = paging.isFinished
        lastListed = page.items.last?.id ?? lastListed
        let (fresh, hasNews) = order == .creation ? takeSorted(page) : takeUnsorted(page)
        count += fresh.count
        try checkProgress(of: page, hasNews: hasNews)
        return .write(fresh.filter { scope.contains(page.items[$0]) })
    }

    // MARK: Cursors that lead elsewhere

    /// Whether a cursor leads back behind the place where it was given.
    ///
    /// The server does not know it any more, or never sorted; which of the two, a second walk
    /// shows.
    private func isBehind(_ page: ListedPage) -> Bool {
        guard mayStartOver, let last, let first = page.items.first?.place else { return false }
        return first <= last
    }

    /// Whether a page looks like the end and may be none: servers whose cursor names a customer
    /// may answer with nothing once that customer is deleted.
    ///
    /// An end is believed when two walks meet it behind the same customer: the second one has seen
    /// that the customer is there.
    private mutating func meetsDeadEnd(_ page: ListedPage) -> Bool {
        guard cursor != nil, page.items.isEmpty, !page.isFollowed else { return false }
        let end = lastListed ?? ""
        defer { deadEnd = end }
        return deadEnd != end || lastListed == nil
    }

    /// Whether a second walk may tell why; if it meets nobody new, it has.
    private var mayStartOver: Bool { cursor != nil && countAtRestart != count }

    // MARK: Oldest first

    /// Whether each customer stands behind the one before it.
    private func isSorted(_ page: ListedPage) -> Bool {
        var before = previous
        for item in page.items {
            guard let place = item.place else { return false }
            if let before, place <= before { return false }
            before = place
        }
        return true
    }

    private mutating func takeSorted(_ page: ListedPage) -> (fresh: [Int], hasNews: Bool) {
        var fresh: [Int] = []
        // A page in order leads on, even where all its customers have been met before a restart.
        let hasNews = !page.items.isEmpty
        for (index, item) in page.items.enumerated() {
            guard let place = item.place else { continue }
            previous = place
            guard place.createdAt <= scope.upTo, last.map({ place > $0 }) ?? true else { continue }
            last = place
            fresh.append(index)
            remember(item.id, at: place)
        }
        countLaterPages(page)
        return (fresh, hasNews)
    }

    private mutating func remember(_ id: String, at place: BookPlace) {
        if place.createdAt >= scope.overlapFrom { known.insert(id) }
        early?.insert(id)
        if let early, early.count > Self.rememberedFromStart { self.early = nil }
    }

    /// Ends the walk some pages behind the upper bound.
    ///
    /// The first later customer is no end yet: of a server that lists newest first it may be the
    /// first of all, and those to be written follow.
    private mutating func countLaterPages(_ page: ListedPage) {
        guard let first = page.items.first?.place else { return }
        laterPages = first.createdAt > scope.upTo ? laterPages + 1 : 0
        if laterPages >= Self.pagesBeyond { isFinished = true }
    }

    // MARK: In no order

    private mutating func takeUnsorted(_ page: ListedPage) -> (fresh: [Int], hasNews: Bool) {
        let fresh = page.items.indices.filter { known.insert(page.items[$0].id) }
        return (fresh, !fresh.isEmpty)
    }

    // MARK: No endless walk

    private mutating func checkProgress(
        of page: ListedPage,
        hasNews: Bool
    ) throws(PlugipayError) {
        guard !hasNews, !page.items.isEmpty else { return }
        if let left = repeatsLeft, left >= page.items.count {
            repeatsLeft = left - page.items.count
            return
        }
        throw PlugipayError.brokenPaging(
            "A page of the list holds only customers that were on pages before."
        )
    }
}
