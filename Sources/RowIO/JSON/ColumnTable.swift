/// The member paths met so far, each with a number, found again without making a `String`.
///
/// A tree: a node is a name below another node. Objects of one file mostly have the same members in
/// the same order, so each node remembers which one was asked for after it, and that guess is tried
/// before the hash table.
struct ColumnTable {
    /// The node of the line's own object.
    static let root = 0

    private struct Node {
        var parent: Int
        var name: Range<Int>
        var column: Int?
        /// The row that had this member last.
        var lastRow = 0
        /// The node asked for after this one, the last time.
        var successor = 0
    }

    /// The paths of members that had a value, in order of appearance.
    private(set) var columns: [Column] = []
    private let limits: RowLimits
    private var names: [UInt8] = []
    private var nodes = [Node(parent: -1, name: 0..<0)]
    /// Open addressing: node numbers, 0 for none.
    ///
    /// Its size is a power of two, at most half full.
    private var slots = [Int](repeating: 0, count: 64)
    private var lastNode = 0

    init(limits: RowLimits) {
        self.limits = limits
    }

    /// The node of the member `bytes[name]` below `parent`, made if it is new; nil if no more may
    /// be made.
    mutating func node(below parent: Int, _ bytes: [UInt8], _ name: Range<Int>) -> Int? {
        let guess = nodes[lastNode].successor
        let node: Int
        if guess != 0 && isNode(guess, below: parent, bytes, name) {
            node = guess
        } else {
            guard let found = search(parent, bytes, name) else { return nil }
            node = found
            nodes[lastNode].successor = node
        }
        lastNode = node
        return node
    }

    /// Whether so many more members, their names so many bytes long, can surely be made.
    func hasRoom(for members: Int, bytes: Int) -> Bool {
        nodes.count + members <= limits.columns && names.count + bytes <= limits.columnNameBytes
    }

    /// Notes that `row` has this member; false if it had it before.
    mutating func claim(_ node: Int, row: Int) -> Bool {
        guard nodes[node].lastRow != row else { return false }
        nodes[node].lastRow = row
        return true
    }

    /// The column of a node that has a value of its own, made if it is new.
    mutating func column(of node: Int) -> Int {
        if let column = nodes[node].column { return column }
        columns.append(Column(path: path(of: node)))
        nodes[node].column = columns.count - 1
        return columns.count - 1
    }

    /// Forgets the order of the row before.
    mutating func beginRow() {
        lastNode = Self.root
    }

    private func path(of node: Int) -> [String] {
        var path: [String] = []
        var next = node
        while next != Self.root {
            path.append(String(decoding: names[nodes[next].name], as: UTF8.self))
            next = nodes[next].parent
        }
        return path.reversed()
    }

    private func isNode(
        _ node: Int,
        below parent: Int,
        _ bytes: [UInt8],
        _ name: Range<Int>
    ) -> Bool {
        let known = nodes[node].name
        guard nodes[node].parent == parent && known.count == name.count else { return false }
        let (left, right) = (names.span, bytes.span)
        precondition(name.upperBound <= right.count)
        for offset in 0..<name.count
        where left[unchecked: known.lowerBound + offset]
            != right[unchecked: name.lowerBound + offset]
        {
            return false
        }
        return true
    }

    private mutating func search(_ parent: Int, _ bytes: [UInt8], _ name: Range<Int>) -> Int? {
        var slot = Self.hash(parent, bytes[name]) & (slots.count - 1)
        while slots[slot] != 0 {
            if isNode(slots[slot], below: parent, bytes, name) { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        guard nodes.count <= limits.columns, names.count + name.count <= limits.columnNameBytes
        else { return nil }
        let start = names.count
        names.append(contentsOf: bytes[name])
        nodes.append(Node(parent: parent, name: start..<names.count))
        slots[slot] = nodes.count - 1
        if nodes.count * 2 > slots.count { growSlots() }
        return nodes.count - 1
    }

    private mutating func growSlots() {
        slots = [Int](repeating: 0, count: slots.count * 2)
        for node in nodes.indices.dropFirst() {
            var slot = Self.hash(nodes[node].parent, names[nodes[node].name]) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = node
        }
    }

    /// FNV-1a.
    ///
    /// Names that collide on purpose cost time bounded by `RowLimits.columns`.
    private static func hash(_ parent: Int, _ name: ArraySlice<UInt8>) -> Int {
        let prime: UInt64 = 0x100_0000_01B3
        var hash = 0xCBF2_9CE4_8422_2325 ^ UInt64(truncatingIfNeeded: parent)
        for byte in name { hash = (hash ^ UInt64(byte)) &* prime }
        return Int(truncatingIfNeeded: hash ^ (hash >> 32))
    }
}
