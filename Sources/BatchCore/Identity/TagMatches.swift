/// The bytes of a word that equal a tag, found all at once.
///
/// The first one is exact. One behind it may be a false match, which for tags is harmless: the slot
/// decides.
struct TagMatches {
    /// The high bit of each byte that matches.
    private var bits: UInt64

    init(of tag: UInt8, in word: UInt64) {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let difference = word ^ (UInt64(tag) &* ones)
        // A byte of zero borrows from its high bit.
        bits = (difference &- ones) & ~difference & (ones << 7)
    }

    /// The index of the first one, from the lowest byte.
    var first: Int? { bits == 0 ? nil : bits.trailingZeroBitCount >> 3 }

    mutating func removeFirst() { bits &= bits &- 1 }
}
