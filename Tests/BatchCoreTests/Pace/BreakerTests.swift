import BatchCore
import TestSupport
import Testing

@Suite("Breaker")
struct BreakerTests {
    private func opened(at moment: Int = 0) -> Breaker {
        var breaker = Breaker()
        breaker.succeeded(sent: at(0), at: at(0))
        for _ in 0..<10 { breaker.failed(sent: at(moment), at: at(moment)) }
        return breaker
    }

    @Test("Nine failures in a row change nothing, the tenth stops all writes")
    func opens() {
        var breaker = Breaker()
        for _ in 0..<9 { breaker.failed(sent: at(0), at: at(5)) }
        #expect(breaker.permits(at: at(5), inFlight: 64) == .go)
        #expect(breaker.downSince == nil)
        breaker.failed(sent: at(0), at: at(6))
        #expect(breaker.permits(at: at(6), inFlight: 0) == .wait(until: at(1_006)))
        #expect(breaker.downSince == at(5))
        #expect(breaker.nextProbe == at(1_006))
    }

    @Test("An answer in between starts the count again")
    func inARow() {
        var breaker = Breaker()
        for _ in 0..<5 {
            for _ in 0..<9 { breaker.failed(sent: at(0), at: at(1)) }
            breaker.succeeded(sent: at(0), at: at(2))
        }
        #expect(breaker.permits(at: at(3), inFlight: 0) == .go)
    }

    @Test("Probes go after 1, 2, 4 ... 60 seconds")
    func probes() {
        var breaker = opened()
        var now = 0
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
            now += seconds * 1_000
            #expect(breaker.permits(at: at(now - 1), inFlight: 0) == .wait(until: at(now)))
            #expect(breaker.permits(at: at(now), inFlight: 0) == .probe)
            breaker.probeSent(at: at(now))
            #expect(breaker.permits(at: at(now + 90_000), inFlight: 0) == .wait(until: nil))
            breaker.probeAnswered(good: false, at: at(now))
        }
        #expect(breaker.downSince == at(0))
    }

    @Test("A good probe lets one write go; its success starts slowly")
    func recovers() {
        var breaker = opened()
        breaker.probeSent(at: at(1_000))
        breaker.probeAnswered(good: true, at: at(1_050))
        #expect(breaker.permits(at: at(1_050), inFlight: 0) == .go)
        breaker.sent(at: at(1_060))
        #expect(breaker.permits(at: at(1_060), inFlight: 1) == .wait(until: nil))
        breaker.succeeded(sent: at(1_060), at: at(2_000))
        #expect(breaker.downSince == nil)

        let steps: [(Int, inFlight: Int, Breaker.Permission)] = [
            (2_000, 0, .go), (2_000, 1, .wait(until: at(3_000))),
            (2_999, 1, .wait(until: at(3_000))), (3_000, 1, .go),
            (3_000, 2, .wait(until: at(4_000))), (4_000, 3, .go),
            (4_999, 4, .wait(until: at(5_000))),
            (7_999, 31, .go), (7_999, 32, .wait(until: at(8_000))), (8_000, 63, .go),
        ]
        for (moment, inFlight, permission) in steps {
            #expect(breaker.permits(at: at(moment), inFlight: inFlight) == permission)
        }
        breaker.succeeded(sent: at(7_900), at: at(8_000))
        #expect(breaker.permits(at: at(8_000), inFlight: 1_000) == .go)
    }

    @Test("A failure of the one write goes back to probing at the same interval")
    func oneWriteFails() {
        var breaker = opened()
        breaker.probeSent(at: at(1_000))
        breaker.probeAnswered(good: false, at: at(1_000))
        breaker.probeSent(at: at(3_000))
        breaker.probeAnswered(good: true, at: at(3_000))
        breaker.sent(at: at(3_000))
        breaker.failed(sent: at(3_000), at: at(3_100))
        #expect(breaker.permits(at: at(3_100), inFlight: 0) == .wait(until: at(5_100)))
        #expect(breaker.downSince == at(0))
    }

    @Test("Ten failures in slow start open it again, one does not")
    func slowStartFails() {
        var breaker = opened()
        breaker.probeSent(at: at(1_000))
        breaker.probeAnswered(good: true, at: at(1_000))
        breaker.sent(at: at(1_000))
        breaker.succeeded(sent: at(1_000), at: at(1_100))
        for _ in 0..<9 { breaker.failed(sent: at(1_200), at: at(1_300)) }
        #expect(breaker.permits(at: at(1_300), inFlight: 0) == .go)
        breaker.failed(sent: at(1_200), at: at(1_300))
        #expect(breaker.permits(at: at(1_300), inFlight: 0) == .wait(until: at(2_300)))
        #expect(breaker.downSince == at(1_300))
    }

    @Test("Answers to what was sent before it opened change nothing")
    func stale() {
        var breaker = opened(at: 100)
        breaker.succeeded(sent: at(50), at: at(200))
        breaker.failed(sent: at(50), at: at(200))
        #expect(breaker.permits(at: at(200), inFlight: 0) == .wait(until: at(1_100)))
        breaker.probeSent(at: at(1_100))
        breaker.probeAnswered(good: true, at: at(1_200))
        breaker.sent(at: at(1_200))
        breaker.failed(sent: at(60), at: at(1_300))
        breaker.succeeded(sent: at(70), at: at(1_300))
        #expect(breaker.permits(at: at(1_300), inFlight: 1) == .wait(until: nil))
    }

    @Test("The first request of a run is a probe; a good one starts the run at full width")
    func firstProbe() {
        var breaker = Breaker(startsWithProbe: true)
        #expect(breaker.permits(at: at(0), inFlight: 0) == .probe)
        breaker.probeSent(at: at(0))
        breaker.probeAnswered(good: true, at: at(80))
        #expect(breaker.permits(at: at(80), inFlight: 63) == .go)
        #expect(breaker.hasAnsweredWell)
    }

    @Test("A server that never answers is given up after 30 s, or --max-outage if that is less")
    func firstOutage() {
        var breaker = Breaker(startsWithProbe: true)
        breaker.probeSent(at: at(10))
        breaker.probeAnswered(good: false, at: at(20))
        #expect(breaker.permits(at: at(20), inFlight: 0) == .wait(until: at(1_020)))
        #expect(breaker.downSince == at(10))
        #expect(breaker.outageEnds(maxOutage: .seconds(3_600)) == at(30_010))
        #expect(breaker.outageEnds(maxOutage: .seconds(5)) == at(5_010))
    }

    @Test("Later outages may last --max-outage, over probes that only reads answer well")
    func laterOutage() {
        var breaker = opened(at: 1_000)
        let end = at(3_601_000)
        #expect(breaker.outageEnds(maxOutage: .seconds(3_600)) == end)
        breaker.probeSent(at: at(2_000))
        breaker.probeAnswered(good: true, at: at(2_000))
        #expect(breaker.outageEnds(maxOutage: .seconds(3_600)) == nil)
        breaker.sent(at: at(2_000))
        breaker.failed(sent: at(2_000), at: at(2_500))
        #expect(breaker.outageEnds(maxOutage: .seconds(3_600)) == end)
    }

    @Test("Whatever happens, it never permits two probes or two trial writes", arguments: 1...20)
    func randomEvents(seed: Int) {
        var generator = SplitMix(seed: UInt64(seed))
        var breaker = Breaker()
        var now = 0
        var inFlight: [(sent: Int, isProbe: Bool)] = []
        for _ in 0..<3_000 {
            now += Int.random(in: 0...300, using: &generator)
            if !inFlight.isEmpty, Bool.random(using: &generator) {
                let index = Int.random(in: 0..<inFlight.count, using: &generator)
                let request = inFlight.remove(at: index)
                let isGood = Int.random(in: 0..<20, using: &generator) < (now / 60_000 % 2) * 19
                switch (request.isProbe, isGood) {
                case (true, _): breaker.probeAnswered(good: isGood, at: at(now))
                case (false, true): breaker.succeeded(sent: at(request.sent), at: at(now))
                case (false, false): breaker.failed(sent: at(request.sent), at: at(now))
                }
            }
            let writes = inFlight.count { !$0.isProbe }
            switch breaker.permits(at: at(now), inFlight: writes) {
            case .go:
                breaker.sent(at: at(now))
                inFlight.append((now, false))
            case .probe:
                #expect(inFlight.count { $0.isProbe } == 0, "seed \(seed)")
                breaker.probeSent(at: at(now))
                inFlight.append((now, true))
            case .wait(let until):
                let isAhead = until.map { $0 > at(now) } ?? !inFlight.isEmpty
                #expect(isAhead, "seed \(seed): nothing would wake the caller at \(now) ms")
            }
        }
    }
}
