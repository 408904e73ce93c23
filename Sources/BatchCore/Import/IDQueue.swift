import DequeModule

/// Rows in the order in which they may be sent.
struct IDQueue: Sendable {
    private var ids = Deque<Int>()

    var first: Int? { ids.first }
    var count: Int { ids.count }
    var isEmpty: Bool { ids.isEmpty }

    mutating func append(_ id: Int) { ids.append(id) }
    mutating func prepend(_ id: Int) { ids.prepend(id) }
    /// Puts the first row that fits at the front, if there is one.
    mutating func bringForward(where isWanted: (Int) -> Bool) {
        guard let index = ids.firstIndex(where: isWanted), index > 0 else { return }
        ids.prepend(ids.remove(at: index))
    }

    mutating func removeFirst() { ids.removeFirst() }
    mutating func removeAll() { ids.removeAll() }
}
