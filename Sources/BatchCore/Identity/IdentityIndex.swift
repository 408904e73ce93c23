/// Every identity of a job in about 20 bytes: finds the rows that repeat an earlier one, and the
/// rows that an earlier run has settled.
///
/// It is a hash table of fingerprints, so a hit is a candidate which the caller confirms (an import
/// in its journal). It is cut into partitions that grow one at a time and by little, so that little
/// room beside the 17 bytes of each stays empty, and no growth needs a second copy of the whole.
package struct IdentityIndex {
    /// What is kept for one identity.
    package struct Item: Sendable, Hashable {
        /// The first 4 bytes of the hash of the row's content.
        package var content: UInt32
        /// The caller's number for it, at most `largestNumber`: a journal entry, or the row's place
        /// in the input.
        package var number: UInt32
        /// Whether this run has met the identity.
        package var isSeen: Bool

        /// Makes an item.
        ///
        /// - Parameters:
        ///   - content: The first 4 bytes of the hash of the content.
        ///   - number: The caller's number, at most `largestNumber`.
        ///   - isSeen: Whether this run has met the identity.
        package init(content: UInt32, number: UInt32, isSeen: Bool) {
            self.content = content
            self.number = number
            self.isSeen = isSeen
        }
    }

    /// The largest number of an item: it is stored plus one, in 31 bits.
    package static let largestNumber = UInt32(Int32.max) - 1

    private static let partitionCount = 256
    private var partitions = [Partition](repeating: Partition(), count: partitionCount)

    /// Slots that have a place and a tag, and are not yet written.
    ///
    /// A write to a place that no cache holds halts all writes behind it; of several in one go the
    /// waits overlap.
    private var unwritten: [(partition: Int, place: Int, slot: Slot)] = []
    private static let writtenAtOnce = 64

    /// An empty index.
    package init() {
        unwritten.reserveCapacity(Self.writtenAtOnce)
    }

    /// How many identities it holds.
    package var count: Int { partitions.reduce(0) { $0 + $1.count } }

    /// How many bytes its slots and their tags take, empty ones too.
    var byteCount: Int {
        partitions.reduce(0) { $0 + $1.byteCount }
    }

    /// Finds the item of an identity.
    ///
    /// - Parameters:
    ///   - fingerprint: The first 8 bytes of the identity's hash.
    ///   - confirm: Tells whether a candidate really is the identity.
    /// - Returns: The confirmed item, or `nil` when the identity is new.
    /// - Throws: What `confirm` throws.
    package func find<Failure: Error>(
        _ fingerprint: UInt64,
        confirm: (Item) throws(Failure) -> Bool
    ) throws(Failure) -> Item? {
        // The partition is read where it stands: a copy of it would be retained for every row.
        let partition = Self.partition(of: fingerprint)
        guard partitions[partition].count > 0 else { return nil }
        var group = partitions[partition].group(of: fingerprint)
        while true {
            var tags = partitions[partition].candidates(for: fingerprint, in: group)
            while let place = tags.next() {
                let slot = slot(at: place, of: partition)
                if slot.fingerprint == fingerprint, try confirm(slot.item) { return slot.item }
            }
            if partitions[partition].hasRoom(in: group) { return nil }
            group = partitions[partition].group(after: group)
        }
    }

    /// Adds an identity that `find` did not find.
    ///
    /// - Parameters:
    ///   - item: What to keep for it.
    ///   - fingerprint: The first 8 bytes of the identity's hash.
    package mutating func insert(_ item: Item, for fingerprint: UInt64) {
        let partition = Self.partition(of: fingerprint)
        if partitions[partition].isFull {
            writeSlots()
            partitions[partition].grow()
        }
        let place = partitions[partition].takePlace(for: fingerprint)
        unwritten.append((partition, place, Slot(fingerprint, item)))
        if unwritten.count == Self.writtenAtOnce { writeSlots() }
    }

    private func slot(at place: Int, of partition: Int) -> Slot {
        let slot = partitions[partition].slots[place]
        if slot.isTaken { return slot }
        return unwritten.first { $0.partition == partition && $0.place == place }?.slot ?? slot
    }

    private mutating func writeSlots() {
        for entry in unwritten { partitions[entry.partition].write(entry.slot, at: entry.place) }
        unwritten.removeAll(keepingCapacity: true)
    }

    /// Replaces the item of an identity that `find` found.
    ///
    /// - Parameters:
    ///   - old: The item as it was found.
    ///   - new: What stands there from now on.
    ///   - fingerprint: The first 8 bytes of the identity's hash.
    package mutating func replace(_ old: Item, by new: Item, for fingerprint: UInt64) {
        writeSlots()
        partitions[Self.partition(of: fingerprint)].replace(
            Slot(fingerprint, old),
            by: Slot(fingerprint, new)
        )
    }

    private static func partition(of fingerprint: UInt64) -> Int {
        Int(fingerprint >> 56)
    }
}

/// What is kept for one identity, in 16 bytes: the fingerprint, the content's fingerprint, and the
/// number with the mark "seen" on top.
///
/// A number is stored plus one, so that a slot of zeros is a free one.
private struct Slot {
    let fingerprint: UInt64
    private let content: UInt32
    private let tagged: UInt32

    static let free = Slot()

    private init() {
        fingerprint = 0
        content = 0
        tagged = 0
    }

    init(_ fingerprint: UInt64, _ item: IdentityIndex.Item) {
        precondition(item.number <= IdentityIndex.largestNumber, "a number has 31 bits")
        self.fingerprint = fingerprint
        content = item.content
        tagged = (item.number + 1) | (item.isSeen ? 1 << 31 : 0)
    }

    var isTaken: Bool { tagged != 0 }

    var item: IdentityIndex.Item {
        .init(
            content: content,
            number: (tagged & ~(1 << 31)) - 1,
            isSeen: tagged >> 31 == 1
        )
    }

    func matches(_ other: Slot) -> Bool {
        fingerprint == other.fingerprint && tagged == other.tagged
    }
}

/// One part of the table: open addressing over groups of eight slots.
///
/// Of each slot one byte stands apart, a tag with some bits of the fingerprint, 0 for a free slot.
/// The tags of a million rows fit a processor's cache, which the slots do not: to learn that a row
/// is new, which most are, no slot is read.
private struct Partition {
    private(set) var slots: [Slot] = []
    private(set) var count = 0
    /// The tags of a group, the first slot's in the lowest byte.
    private var tags: [UInt64] = []

    private static let groupSize = 8
    // Above this a search becomes long. After growing the table is filled to 0.83, so an identity
    // costs 18 to 21 bytes.
    private static let mostFilled = 0.94
    private static let growth = 1.13

    var byteCount: Int {
        slots.count * MemoryLayout<Slot>.stride + tags.count * MemoryLayout<UInt64>.stride
    }

    /// The group where the search for a fingerprint begins.
    func group(of fingerprint: UInt64) -> Int {
        // The top byte has chosen the partition; the 32 bits below it, scaled to the table, choose
        // the group, and the lowest byte is the tag.
        let fraction = (fingerprint << 8) >> 32
        return Int((fraction * UInt64(tags.count)) >> 32)
    }

    func group(after group: Int) -> Int {
        group + 1 == tags.count ? 0 : group + 1
    }

    func hasRoom(in group: Int) -> Bool {
        TagMatches(of: 0, in: tags[group]).first != nil
    }

    /// The places in a group that may hold a fingerprint.
    func candidates(for fingerprint: UInt64, in group: Int) -> Candidates {
        Candidates(
            matches: TagMatches(of: Self.tag(of: fingerprint), in: tags[group]),
            start: group * Self.groupSize
        )
    }

    /// Whether the table must grow before it takes one more.
    var isFull: Bool { Double(count + 1) > Double(slots.count) * Self.mostFilled }

    mutating func write(_ slot: Slot, at place: Int) {
        slots[place] = slot
    }

    mutating func replace(_ old: Slot, by new: Slot) {
        var group = group(of: old.fingerprint)
        while true {
            var places = candidates(for: old.fingerprint, in: group)
            while let place = places.next() {
                guard slots[place].matches(old) else { continue }
                slots[place] = new
                return
            }
            if hasRoom(in: group) { return }
            group = self.group(after: group)
        }
    }

    /// Finds a free place for a fingerprint, and sets its tag.
    mutating func takePlace(for fingerprint: UInt64) -> Int {
        count += 1
        var group = group(of: fingerprint)
        while true {
            if let index = TagMatches(of: 0, in: tags[group]).first {
                tags[group] |= UInt64(Self.tag(of: fingerprint)) << UInt64(index * 8)
                return group * Self.groupSize + index
            }
            group = self.group(after: group)
        }
    }

    /// Makes room; all slots must have been written.
    mutating func grow() {
        let old = slots
        let groups = Int(Double(tags.count) * Self.growth) + 1
        count = 0
        tags = [UInt64](repeating: 0, count: groups)
        slots = [Slot](repeating: .free, count: groups * Self.groupSize)
        for slot in old where slot.isTaken {
            slots[takePlace(for: slot.fingerprint)] = slot
        }
    }

    /// Never 1, which a false match could take for 0: a free slot is no candidate.
    private static func tag(of fingerprint: UInt64) -> UInt8 {
        max(2, UInt8(truncatingIfNeeded: fingerprint))
    }

    /// Places in the table, one after the other.
    struct Candidates {
        fileprivate var matches: TagMatches
        fileprivate let start: Int

        mutating func next() -> Int? {
            guard let index = matches.first else { return nil }
            matches.removeFirst()
            return start + index
        }
    }
}
