import BatchCore
import Testing

@Suite("Gate and back-off")
struct GateTests {
    @Test("A 429 closes the gate until Retry-After and up to a tenth more has passed")
    func closes() {
        for (generator, end) in [(FixedGenerator.lowest, 7_000), (.highest, 7_500)] {
            var generator = generator
            var gate = Gate()
            #expect(gate.permits(at: at(0)) == .go)
            #expect(
                gate.throttled(
                    sent: at(1_900),
                    at: at(2_000),
                    retryAfter: .seconds(5),
                    using: &generator
                )
            )
            #expect(gate.permits(at: at(2_000)) == .wait(until: at(end)))
            #expect(gate.permits(at: at(end)) == .go)
        }
    }

    @Test("429s of requests sent before it opens again belong to one episode")
    func episodes() {
        var generator = FixedGenerator.lowest
        var gate = Gate()
        let events: [(sent: Int, at: Int, retryAfter: Int, isNew: Bool, reopening: Int)] = [
            (0, 100, 1, true, 1_100), (50, 120, 1, false, 1_120), (60, 5_000, 2, false, 7_000),
            (6_999, 7_100, 1, false, 8_100), (8_100, 8_200, 1, true, 9_200),
        ]
        for event in events {
            let isNew = gate.throttled(
                sent: at(event.sent),
                at: at(event.at),
                retryAfter: .seconds(event.retryAfter),
                using: &generator
            )
            #expect(isNew == event.isNew)
            #expect(gate.reopening == at(event.reopening))
        }
        #expect(gate.episodes == 2)
    }

    @Test("Without Retry-After it backs off from 1 s, doubling until something else is answered")
    func backsOff() {
        var generator = FixedGenerator.highest
        var gate = Gate()
        var now = at(0)
        for seconds in [1, 2, 4] {
            _ = gate.throttled(sent: now, at: now, retryAfter: nil, using: &generator)
            #expect(gate.reopening == now + .seconds(seconds))
            now = now + .seconds(seconds)
        }
        gate.answered(sent: at(0))
        _ = gate.throttled(sent: now, at: now, retryAfter: nil, using: &generator)
        #expect(gate.reopening == now + .seconds(8))
        now = now + .seconds(8)
        gate.answered(sent: now)
        _ = gate.throttled(sent: now, at: now, retryAfter: nil, using: &generator)
        #expect(gate.reopening == now + .seconds(1))
    }

    @Test(
        "An absurd Retry-After is bounded or ignored",
        arguments: [(0, 1), (-1, 1), (1_000_000_000, 660)] as [(Int, Int)]
    )
    func absurd(_ retryAfter: Int, _ seconds: Int) {
        var generator = FixedGenerator.highest
        var gate = Gate()
        _ = gate.throttled(
            sent: at(0),
            at: at(0),
            retryAfter: .seconds(retryAfter),
            using: &generator
        )
        #expect(gate.reopening == MonotonicTime(.seconds(seconds)))
    }

    @Test(
        "A back-off is a share of a doubling time, up to 30 s",
        arguments: [(0, 500), (1, 1_000), (5, 16_000), (6, 30_000), (7, 30_000), (.max, 30_000)]
            as [(Int, Int)]
    )
    func fullJitter(_ failures: Int, _ longest: Int) {
        var (low, high) = (FixedGenerator.lowest, FixedGenerator.highest)
        let backoff = Backoff.failure
        #expect(backoff.delay(afterFailures: failures, using: &low) == .zero)
        #expect(
            backoff.delay(afterFailures: failures, using: &high) == .milliseconds(longest)
        )
        #expect(
            backoff.delay(afterFailures: failures, retryAfter: .seconds(7), using: &low)
                == .seconds(7)
        )
    }

    @Test("Retry-After is a floor with a bound")
    func floor() {
        var generator = FixedGenerator.highest
        let delay = { (retryAfter: Duration, generator: inout FixedGenerator) in
            Backoff.throttle.delay(
                afterFailures: 1,
                retryAfter: retryAfter,
                using: &generator
            )
        }
        #expect(delay(.seconds(1), &generator) == .seconds(2))
        #expect(delay(.seconds(1_000_000), &generator) == Backoff.longestRetryAfter)
        #expect(delay(.seconds(-5), &generator) == .seconds(2))
    }
}
