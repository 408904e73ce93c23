import Plugipay

/// The walk over the whole book: tells which customers of a page are new, and where to go on.
///
/// A pure value. As long as the server lists oldest first, the time of the last customer (and the
/// ids of those of the same moment) tells what is new, in constant memory. A server that does not
/// sort is noticed by the first step back in time; from then on the ids of all customers tell it.
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
    /// The newest customer so far; in no order, the last one.
    private(set) var last: ListedPage.Item?
    /// The customers written that the overlap pass may meet again; in no order, all of them.
    private(set) var overlapIDs = CustomerIDSet()
    /// Whether the end has been reached.
    private(set) var isFinished = false

    private var paging: PageWalk
    /// The customer before, on this walk since it began or was taken up.
    private var previous: ListedPage.Item?
    /// The ids of the moment of `last`.
    private var ties = CustomerIDSet()
    /// The ids of all customers so far; `nil` once they are too many.
    private var early: CustomerIDSet? = CustomerIDSet()
    private var areTiesSorted = true
    /// Pages behind the upper bound, in a row.
    private var laterPages = 0
    /// How many customers have been new.
    private var count: Int
    /// After a resume or a restart: how many customers a server may show again before it is at the
    /// old place.
    private var repeatsLeft: Int?

    /// A walk from the first page.
    init(scope: ExportScope) {
        self.scope = scope
        paging = PageWalk()
        count = 0
    }

    /// A walk that goes on where an earlier run stopped.
    ///
    /// - Parameters:
    ///   - scope: The scope of the earlier run.
    ///   - cursor: Where it stopped; `nil` to begin again and pass over what is written.
    ///   - order: How the server listed.
    ///   - last: The newest customer that was written.
    ///   - written: What is in the file.
    init(
        scope: ExportScope,
        cursor: String?,
        order: Order,
        last: ListedPage.Item?,
        written: WrittenCustomers
    ) {
        self.scope = scope
        self.order = order
        self.last = last
        paging = PageWalk(from: cursor)
        early = nil
        ties = written.sameMoment
        if let last { ties.insert(last.id) }
        overlapIDs = order == .server ? written.all : written.inOverlap
        count = written.count
        repeatsLeft = count + Self.rememberedFromStart
    }

    /// The cursor of the page to read next; `nil` for the first.
    var cursor: String? { paging.cursor }

    /// Whether nothing new has come since the walk was taken up.
    var isCatchingUp: Bool { repeatsLeft != nil }

    /// How the server lists, as the manifest tells it.
    var toldOrder: Order { areTiesSorted ? order : .server }

    /// Begins again at the first page and passes over what has been written: for a server that
    /// does not know the cursor any more.
    mutating func restart() {
        paging = PageWalk()
        previous = nil
        repeatsLeft = count + Self.rememberedFromStart
    }

    /// Takes the ids of all customers written so far.
    mutating func remember(_ written: CustomerIDSet) {
        order = .server
        overlapIDs = written
    }

    /// Takes the page at ``cursor``.
    ///
    /// - Returns: What to do with it.
    /// - Throws: `broken_paging` when the walk would go round in circles or leave something out.
    mutating func take(_ page: ListedPage) throws(PlugipayError) -> Step {
        if order == .creation, !isSorted(page) {
            guard let early else { return .needsWrittenIDs }
            remember(early)
        }
        try paging.advance(
            ids: page.items.map(\.id),
            cursor: page.cursor,
            isFollowed: page.isFollowed
        )
        isFinished = paging.isFinished
        let (fresh, isNews) = order == .creation ? sorted(page) : unsorted(page)
        count += fresh.count
        try checkProgress(of: page, isNews: isNews)
        return .write(fresh.filter { scope.contains(page.items[$0]) })
    }

    // MARK: Oldest first

    /// Whether no customer is older than the one before it.
    private func isSorted(_ page: ListedPage) -> Bool {
        var latest = previous?.createdAt
        for item in page.items {
            guard let createdAt = item.createdAt else { return false }
            if let latest, createdAt < latest { return false }
            latest = createdAt
        }
        return true
    }

    private mutating func sorted(_ page: ListedPage) -> (fresh: [Int], isNews: Bool) {
        var fresh: [Int] = []
        var isNews = false
        for (index, item) in page.items.enumerated() {
            defer { previous = item }
            guard let createdAt = item.createdAt else { continue }
            guard createdAt <= scope.upTo else {
                isNews = true
                continue
            }
            guard isNew(item, createdAt) else { continue }
            isNews = true
            fresh.append(index)
            note(item, createdAt)
        }
        countLaterPages(page)
        return (fresh, isNews)
    }

    /// Ends the walk some pages behind the upper bound.
    ///
    /// The first later customer is no end yet: of a server that lists newest first it may be the
    /// first of all, and those to be written follow.
    private mutating func countLaterPages(_ page: ListedPage) {
        guard let first = page.items.first?.createdAt else { return }
        laterPages = first > scope.upTo ? laterPages + 1 : 0
        if laterPages >= Self.pagesBeyond { isFinished = true }
    }

    private mutating func isNew(_ item: ListedPage.Item, _ createdAt: Timestamp) -> Bool {
        guard let last, let latest = last.createdAt, createdAt <= latest else {
            ties = CustomerIDSet()
            ties.insert(item.id)
            return true
        }
        guard createdAt == latest, ties.insert(item.id) else { return false }
        if !last.id.utf8.lexicographicallyPrecedes(item.id.utf8) { areTiesSorted = false }
        return true
    }

    private mutating func note(_ item: ListedPage.Item, _ createdAt: Timestamp) {
        last = item
        if createdAt >= scope.overlapFrom { overlapIDs.insert(item.id) }
        early?.insert(item.id)
        if let early, early.count > Self.rememberedFromStart { self.early = nil }
    }

    // MARK: In no order

    private mutating func unsorted(_ page: ListedPage) -> (fresh: [Int], isNews: Bool) {
        var fresh: [Int] = []
        for (index, item) in page.items.enumerated() where overlapIDs.insert(item.id) {
            fresh.append(index)
            last = item
        }
        return (fresh, !fresh.isEmpty)
    }

    // MARK: No endless walk

    private mutating func checkProgress(
        of page: ListedPage,
        isNews: Bool
    ) throws(PlugipayError) {
        guard !isNews else {
            repeatsLeft = nil
            return
        }
        guard !page.items.isEmpty else { return }
        if let left = repeatsLeft, left >= page.items.count {
            repeatsLeft = left - page.items.count
            return
        }
        throw PlugipayError.brokenPaging(
            "A page of the list holds only customers that were on pages before."
        )
    }
}
