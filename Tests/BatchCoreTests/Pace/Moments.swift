import BatchCore

/// The moment so many milliseconds after the start.
func at(_ milliseconds: Int) -> MonotonicTime {
    MonotonicTime(.milliseconds(milliseconds))
}

/// A generator whose every share of a closed range is the smallest or the largest.
struct FixedGenerator: RandomNumberGenerator {
    var word: UInt64

    /// Small enough for 0, and not so small that the standard library draws again for fairness.
    static let lowest = FixedGenerator(word: 2_047)
    static let highest = FixedGenerator(word: .max)

    mutating func next() -> UInt64 { word }
}
