/// Decides where a walk over pages goes on, and notices one that would not end.
///
/// A server may take a cursor it does not understand for the first page, or repeat one. Memory
/// stays bounded: of the cursors only their hashes are kept, 8 bytes for each of the last
/// ``rememberedCursors`` pages, and of the items only the ids of the last
/// ``rememberedIDs`` (some 100 KB). A loop longer than both memories still ends at
/// ``maximumPages``.
package struct PageWalk: Sendable {
    /// How many cursors are remembered: loops over up to a million customers are noticed.
    static let rememberedCursors = 10_000
    /// How many ids are remembered: ten full pages.
    static let rememberedIDs = 1000
    /// How many pages a walk may have.
    static let maximumPages = 10_000_000

    /// The cursor of the page to read next; `nil` for the first.
    package private(set) var cursor: String?
    /// Whether the last page has been read.
    package private(set) var isFinished = false

    private var pages = 0
    private var cursors = BoundedSet<Int>(capacity: PageWalk.rememberedCursors)
    private var ids = BoundedSet<String>(capacity: PageWalk.rememberedIDs)

    /// A walk that begins at a cursor; `nil` for the first page.
    package init(from cursor: String? = nil) {
        self.cursor = cursor
        if let cursor { cursors.insert(cursor.hashValue) }
    }

    /// Takes note of the page that was read, and moves on.
    ///
    /// - Parameters:
    ///   - pageIDs: The ids on the page.
    ///   - next: The cursor that the page names.
    ///   - isFollowed: Whether there is a page after it.
    /// - Throws: `broken_paging`.
    package mutating func advance(
        ids pageIDs: [String],
        cursor next: String?,
        isFollowed: Bool
    ) throws(PlugipayError) {
        pages += 1
        let isKnown = !pageIDs.isEmpty && pageIDs.allSatisfy { ids.contains($0) }
        guard !isKnown else {
            throw Self.failure("holds only customers of the pages before", page: pages)
        }
        for id in pageIDs { ids.insert(id) }
        guard isFollowed else {
            isFinished = true
            return
        }
        guard let next else {
            throw Self.failure("says that there is more, and not where", page: pages)
        }
        guard pages < Self.maximumPages, cursors.insert(next.hashValue), next != cursor else {
            throw Self.failure("leads back to a page that was read already", page: pages)
        }
        cursor = next
    }

    private static func failure(_ problem: String, page: Int) -> PlugipayError {
        .brokenPaging("Page \(page) of the list \(problem).")
    }
}

extension PlugipayError {
    /// A walk over a list that would go round in circles or leave something out.
    ///
    /// - Parameter problem: What was found, one sentence.
    /// - Returns: The error.
    package static func brokenPaging(_ problem: String) -> PlugipayError {
        PlugipayError(
            code: .brokenPaging,
            message: "\(problem) The walk was given up, because it would not end or would leave "
                + "something out.",
            mayHaveReachedServer: true
        )
    }
}

/// A set that forgets the oldest member when it is full.
private struct BoundedSet<Member: Hashable & Sendable>: Sendable {
    private let capacity: Int
    private var members: Set<Member> = []
    private var order: [Member] = []
    private var oldest = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    func contains(_ member: Member) -> Bool { members.contains(member) }

    /// Adds a member; `false` if it was there.
    @discardableResult
    mutating func insert(_ member: Member) -> Bool {
        guard members.insert(member).inserted else { return false }
        guard order.count == capacity else {
            order.append(member)
            return true
        }
        members.remove(order[oldest])
        order[oldest] = member
        oldest = (oldest + 1) % capacity
        return true
    }
}
