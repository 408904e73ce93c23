import HeapModule

/// Rows that wait for a time, the earliest first.
struct WaitingRows: Sendable {
    /// A row that waits, and for when.
    ///
    /// Of two that are due together the older row comes first.
    private struct Waiting: Comparable, Sendable {
        let due: MonotonicTime
        let id: Int

        static func < (left: Waiting, right: Waiting) -> Bool {
            (left.due, left.id) < (right.due, right.id)
        }
    }

    private var heap = Heap<Waiting>()

    /// When the earliest one is due.
    var nextDue: MonotonicTime? { heap.min?.due }

    var count: Int { heap.count }

    mutating func insert(_ id: Int, due: MonotonicTime) {
        heap.insert(Waiting(due: due, id: id))
    }

    /// Takes the earliest one out.
    mutating func popFirst() -> Int? { heap.popMin()?.id }
}
