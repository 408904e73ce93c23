import DequeModule

/// Rows in the order in which they may be sent.
struct IDQueue: Sendable {
    private var ids = Deque<Int>()

    var first: Int? { ids.first }
    var count: Int { ids.count }
    var isEmpty: Bool { ids.isEmpty }

    mutating func append(_ id: Int) { ids.append(id) }
    mutating func prepend(_ id: Int) { ids.prepend(id) }
    mutating func removeFirst() { ids.removeFirst() }
    mutating func removeAll() { ids.removeAll() }
}
