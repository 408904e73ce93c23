import TestSupport
import Testing

@testable import BatchCore

@Suite("The sieve that looks for repeats")
struct RepeatSieveTests {
    @Test("agrees with a set, with one repeat among many and with none", arguments: [1, 2, 3])
    func model(_ seed: UInt64) {
        var generator = SplitMix(seed: seed)
        var sieve = RepeatSieve()
        var seen: Set<UInt64> = []
        for _ in 0..<20_000 {
            let fingerprint = generator.next()
            sieve.add(fingerprint)
            seen.insert(fingerprint)
        }
        #expect(seen.count == 20_000 && !sieve.hasRepeats(), "seed \(seed)")
        for fingerprint in seen.shuffled(using: &generator).prefix(20) {
            var other = sieve
            other.add(fingerprint)
            #expect(other.hasRepeats(), "seed \(seed)")
        }
    }

    @Test("zero, all ones and neighbours are fingerprints like any other")
    func extremes() {
        var sieve = RepeatSieve()
        for fingerprint: UInt64 in [0, .max, 1, 1 << 56, (1 << 56) - 1, 2] {
            sieve.add(fingerprint)
            #expect(!sieve.hasRepeats())
        }
        for fingerprint: UInt64 in [0, .max, 1 << 56] {
            var other = sieve
            other.add(fingerprint)
            #expect(other.hasRepeats())
        }
    }

    @Test("fingerprints that differ only above the table's mask do not repeat")
    func crowded() {
        var sieve = RepeatSieve()
        for number in 0..<3_000 as Range<UInt64> { sieve.add(number << 20) }
        #expect(!sieve.hasRepeats())
        sieve.add(7 << 20)
        #expect(sieve.hasRepeats())
    }
}
