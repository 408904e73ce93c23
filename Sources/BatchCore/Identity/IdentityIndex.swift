/// Every identity of a job in about 20 bytes: finds the rows that repeat an earlier one, and the
/// rows that an earlier run has settled.
///
/// It is a hash table of fingerprints, so a hit is a candidate which the caller confirms (an import
/// in its journal). It is cut into partitions that grow one at a time and by little, so that little
/// room beside the 16 bytes of each stays empty, and no growth needs a second copy of the whole.
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

    /// An empty index.
    package init() {}

    /// How many identities it holds.
    package var count: Int { partitions.reduce(0) { $0 + $1.count } }

    /// How many bytes its slots take, empty ones too.
    var byteCount: Int {
        partitions.reduce(0) { $0 + $1.slots.count } * MemoryLayout<Slot>.stride
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
        let partition = partitions[Self.partition(of: fingerprint)]
        guard partition.count > 0 else { return nil }
        var place = partition.place(of: fingerprint)
        while partition.slots[place].isTaken {
            if partition.slots[place].fingerprint == fingerprint {
                let item = partition.slots[place].item
                if try confirm(item) { return item }
            }
            place = partition.place(after: place)
        }
        return nil
    }

    /// Adds an identity that `find` did not find.
    ///
    /// - Parameters:
    ///   - item: What to keep for it.
    ///   - fingerprint: The first 8 bytes of the identity's hash.
    package mutating func insert(_ item: Item, for fingerprint: UInt64) {
        partitions[Self.partition(of: fingerprint)].insert(Slot(fingerprint, item))
    }

    /// Replaces the item of an identity that `find` found.
    ///
    /// - Parameters:
    ///   - old: The item as it was found.
    ///   - new: What stands there from now on.
    ///   - fingerprint: The first 8 bytes of the identity's hash.
    package mutating func replace(_ old: Item, by new: Item, for fingerprint: UInt64) {
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

/// One part of the table: open addressing with linear probing.
private struct Partition {
    private(set) var slots: [Slot] = []
    private(set) var count = 0

    private static let smallest = 16
    // Above nine tenths a probe becomes long. After growing by 0.15 the table is filled to 0.78, so
    // an identity costs 18 to 21 bytes.
    private static let mostFilled = 0.9
    private static let growth = 1.15

    func place(of fingerprint: UInt64) -> Int {
        // The top byte has chosen the partition; the 32 bits below it, scaled to the table, choose
        // the place.
        let fraction = (fingerprint << 8) >> 32
        return Int((fraction * UInt64(slots.count)) >> 32)
    }

    func place(after place: Int) -> Int {
        place + 1 == slots.count ? 0 : place + 1
    }

    mutating func insert(_ slot: Slot) {
        if Double(count + 1) > Double(slots.count) * Self.mostFilled { grow() }
        put(slot)
        count += 1
    }

    mutating func replace(_ old: Slot, by new: Slot) {
        var place = place(of: old.fingerprint)
        while slots[place].isTaken {
            if slots[place].matches(old) {
                slots[place] = new
                return
            }
            place = self.place(after: place)
        }
    }

    private mutating func put(_ slot: Slot) {
        var place = place(of: slot.fingerprint)
        while slots[place].isTaken { place = self.place(after: place) }
        slots[place] = slot
    }

    private mutating func grow() {
        let old = slots
        let size = max(Self.smallest, Int(Double(old.count) * Self.growth) + 1)
        slots = [Slot](repeating: .free, count: size)
        for slot in old where slot.isTaken { put(slot) }
    }
}
