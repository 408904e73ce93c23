/// Tells whether any identity of an input occurs twice, at a fraction of what an index costs.
///
/// An index looks at a far place in memory for every row, as it comes. Here fingerprints are only
/// written down, by their top byte, one behind the other; at the end each of the 256 heaps is small
/// enough for a processor's cache. Which row repeats which is the index's to say, where any does.
struct RepeatSieve {
    private static let heapCount = 256

    private var heaps = [[UInt64]](repeating: [], count: heapCount)

    /// Writes an identity down, in 8 to 16 bytes.
    ///
    /// - Parameter fingerprint: The hash of the identity.
    mutating func add(_ fingerprint: UInt64) {
        heaps[Int(fingerprint >> 56)].append(fingerprint)
    }

    /// Whether any fingerprint was added twice.
    func hasRepeats() -> Bool {
        var table: [UInt64] = []
        return heaps.contains { Self.hasRepeats($0, &table) }
    }

    /// Looks through one heap with a small table, which serves all heaps in turn.
    private static func hasRepeats(_ heap: [UInt64], _ table: inout [UInt64]) -> Bool {
        guard heap.count > 1 else { return false }
        // At most half full, and a power of two, so that a mask finds the place.
        let bits = Int.bitWidth - (heap.count * 2 - 1).leadingZeroBitCount
        let size = 1 << bits
        table.removeAll(keepingCapacity: true)
        table.append(contentsOf: repeatElement(0, count: size))
        // All fingerprints of a heap have the same top byte, so that a bit of it can tell a
        // fingerprint of zeros from a free place.
        return heap.contains { !insert($0 | 1 << 56, &table, mask: size - 1) }
    }

    private static func insert(_ mark: UInt64, _ table: inout [UInt64], mask: Int) -> Bool {
        var place = Int(truncatingIfNeeded: mark) & mask
        while table[place] != 0 {
            if table[place] == mark { return false }
            place = (place + 1) & mask
        }
        table[place] = mark
        return true
    }
}
