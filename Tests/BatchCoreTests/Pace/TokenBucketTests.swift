import BatchCore
import TestSupport
import Testing

@Suite("Token bucket")
struct TokenBucketTests {
    @Test("Tokens come one by one, evenly")
    func even() {
        var bucket = TokenBucket(rate: 10)
        #expect(bucket.take(at: at(0)) == .go)
        #expect(bucket.take(at: at(0)) == .wait(until: at(100)))
        #expect(bucket.take(at: at(99)) == .wait(until: at(100)))
        #expect(bucket.take(at: at(100)) == .go)
        #expect(bucket.take(at: at(100)) == .wait(until: at(200)))
    }

    @Test("A late wake-up is made up for, up to 100 ms")
    func late() {
        var bucket = TokenBucket(rate: 10)
        #expect(bucket.take(at: at(0)) == .go)
        #expect(bucket.take(at: at(130)) == .go)
        #expect(bucket.take(at: at(130)) == .wait(until: at(200)))
        #expect(bucket.take(at: at(390)) == .go)
        #expect(bucket.take(at: at(390)) == .go)
        #expect(bucket.take(at: at(390)) == .wait(until: at(490)))
    }

    @Test("After a pause no more than the catch-up's tokens are there")
    func pause() {
        var bucket = TokenBucket(rate: 40)
        #expect(bucket.take(at: at(0)) == .go)
        #expect((0..<5).map { _ in bucket.take(at: at(60_000)) } == Array(repeating: .go, count: 5))
        #expect(bucket.take(at: at(60_000)) == .wait(until: at(60_025)))
    }

    @Test("Rate 0 is no limit", arguments: [0, -1, .nan, .infinity] as [Double])
    func unlimited(_ rate: Double) {
        var bucket = TokenBucket(rate: rate)
        #expect(bucket.rate == 0)
        #expect((0..<1_000).map { _ in bucket.take(at: at(0)) }.count { $0 != .go } == 0)
    }

    @Test("A new rate keeps the part of a token that has gathered")
    func newRate() {
        var bucket = TokenBucket(rate: 10)
        #expect(bucket.take(at: at(0)) == .go)
        bucket.setRate(20, at: at(50))
        #expect(bucket.take(at: at(50)) == .wait(until: at(75)))
        bucket.setRate(5, at: at(50))
        #expect(bucket.take(at: at(50)) == .wait(until: at(150)))
        bucket.setRate(0, at: at(50))
        #expect(bucket.take(at: at(50)) == .go)
    }

    @Test("A token that is there stays there when the rate falls")
    func slower() {
        var bucket = TokenBucket(rate: 10)
        #expect(bucket.take(at: at(0)) == .go)
        bucket.setRate(1, at: at(120))
        #expect(bucket.take(at: at(120)) == .go)
        #expect(bucket.take(at: at(120)) == .wait(until: at(1_100)))
    }

    @Test("A token given back is there again")
    func giveBack() {
        var bucket = TokenBucket(rate: 10)
        #expect(bucket.take(at: at(0)) == .go)
        bucket.giveBack()
        #expect(bucket.take(at: at(0)) == .go)
        #expect(bucket.take(at: at(0)) == .wait(until: at(100)))
    }

    @Test(
        "However late the wake-ups, no second holds more than the rate and the catch-up",
        arguments: [1, 3, 16, 40, 333.3, 3_000] as [Double],
        [UInt64(1), 2, 3]
    )
    func bound(_ rate: Double, seed: UInt64) {
        var generator = SplitMix(seed: seed)
        var bucket = TokenBucket(rate: rate)
        var now = MonotonicTime.start
        var taken: [MonotonicTime] = []
        while now < at(20_000), taken.count < 20_000 {
            switch bucket.take(at: now) {
            case .go: taken.append(now)
            case .wait(let until):
                now = until + .microseconds(Int.random(in: 0...40_000, using: &generator))
            }
        }
        let most = Int(rate + rate * (TokenBucket.catchUp / .seconds(1))) + 1
        for (index, first) in taken.enumerated() {
            let last = taken.dropFirst(index + most)
            guard let next = last.first else { break }
            #expect(next - first >= .seconds(1), "seed \(seed), rate \(rate), index \(index)")
            if next - first < .seconds(1) { return }
        }
    }

    @Test("Wake-ups late by less than the catch-up lose no token", arguments: [UInt64(7)])
    func noLoss(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        var bucket = TokenBucket(rate: 40)
        var now = MonotonicTime.start
        var count = 0
        while now < at(100_000) {
            switch bucket.take(at: now) {
            case .go: count += 1
            case .wait(let until):
                now = until + .microseconds(Int.random(in: 0...25_000, using: &generator))
            }
        }
        #expect(count >= 3_999, "seed \(seed)")
    }
}
