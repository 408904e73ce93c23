import BatchCore
import TestSupport
import Testing

/// Pacer and concurrency against a model server, in virtual time: no clock and no sleeping.
@Suite("Pacer against a server")
struct PacerSimulationTests {
    struct Outcome {
        var answered = 0
        var throttled = 0
        var episodes = 0
        var mostInFlight = 0
        var duration: Duration

        var perSecond: Double { Double(answered) / (duration / .seconds(1)) }
        var throttledShare: Double { Double(throttled) / Double(answered + throttled) }
    }

    private func run(
        _ setting: RateSetting,
        against model: ModelServer,
        for duration: Duration,
        latency: ClosedRange<Int> = 100...140,
        lateness: ClosedRange<Int> = 0...5_000,
        seed: UInt64
    ) -> Outcome {
        var (server, pacer, concurrency) = (model, Pacer(setting), Concurrency(.auto))
        var generator = SplitMix(seed: seed)
        var outcome = Outcome(duration: duration)
        var inFlight: [(sent: MonotonicTime, due: MonotonicTime, answer: ModelServer.Answer)] = []
        var now = MonotonicTime.start
        while now < MonotonicTime.start + duration {
            let limit = concurrency.limit(rate: pacer.rate(of: .write, at: now))
            var wake: MonotonicTime?
            if inFlight.count < limit {
                switch pacer.take(.write, at: now) {
                case .go:
                    let latency = Int.random(in: latency, using: &generator)
                    let arrival = now + .milliseconds(latency / 2)
                    let due = now + .milliseconds(latency)
                    inFlight.append((now, due, server.answer(at: arrival)))
                    outcome.mostInFlight = max(outcome.mostInFlight, inFlight.count)
                    continue
                case .wait(let until):
                    wake = until + .microseconds(Int.random(in: lateness, using: &generator))
                }
            }
            let next = inFlight.indices.min { inFlight[$0].due < inFlight[$1].due }
            guard let next, inFlight[next].due <= wake ?? inFlight[next].due else {
                now = wake ?? now
                continue
            }
            let (sent, due, answer) = inFlight.remove(at: next)
            now = max(now, due)
            if answer.isThrottled {
                outcome.throttled += 1
                _ = pacer.throttled(
                    .write,
                    sent: sent,
                    at: now,
                    retryAfter: answer.retryAfter,
                    reading: answer.reading,
                    using: &generator
                )
            } else {
                outcome.answered += 1
                concurrency.observe(latency: now - sent)
                pacer.answered(.write, sent: sent, at: now, reading: answer.reading)
            }
        }
        outcome.episodes = pacer.gate.episodes
        return outcome
    }

    @Test(
        "--rate 40 reaches 39/s where 40/s at 120 ms are allowed, almost without a 429",
        arguments: [UInt64(1), 2, 3]
    )
    func fixedRate(seed: UInt64) {
        let outcome = run(
            .fixed(40),
            against: ModelServer(limit: 40),
            for: .seconds(120),
            seed: seed
        )
        #expect(outcome.perSecond >= 39, "seed \(seed): \(outcome)")
        #expect(outcome.throttledShare <= 0.01, "seed \(seed): \(outcome)")
    }

    @Test("--rate 40 stands late wake-ups and scattered latencies", arguments: [UInt64(4), 5])
    func roughWeather(seed: UInt64) {
        let outcome = run(
            .fixed(40),
            against: ModelServer(limit: 40),
            for: .seconds(120),
            latency: 20...400,
            lateness: 0...40_000,
            seed: seed
        )
        #expect(outcome.perSecond >= 39, "seed \(seed): \(outcome)")
        #expect(outcome.throttledShare <= 0.01, "seed \(seed): \(outcome)")
    }

    @Test("auto follows the headers of a server that allows 10/s", arguments: [UInt64(1), 2, 3])
    func autoWithHeaders(seed: UInt64) {
        let outcome = run(.auto, against: ModelServer(limit: 10), for: .seconds(60), seed: seed)
        #expect(outcome.throttledShare <= 0.01, "seed \(seed): \(outcome)")
        #expect(outcome.perSecond >= 7.9, "seed \(seed): \(outcome)")
    }

    @Test(
        "auto finds the rate of a server that allows 10/s and tells nothing",
        arguments: [UInt64(1), 2, 3]
    )
    func autoWithoutHeaders(seed: UInt64) {
        let server = ModelServer(limit: 10, sendsHeaders: false)
        let outcome = run(.auto, against: server, for: .seconds(300), seed: seed)
        #expect(outcome.throttledShare <= 0.1, "seed \(seed): \(outcome)")
        #expect(outcome.perSecond >= 7, "seed \(seed): \(outcome)")
    }

    @Test("A fixed rate stays as it is after a 429")
    func fixedStays() {
        let outcome = run(.fixed(20), against: ModelServer(limit: 10), for: .seconds(60), seed: 1)
        #expect(outcome.episodes > 5)
        var pacer = Pacer(.fixed(20))
        var generator = SplitMix(seed: 1)
        _ = pacer.throttled(
            .write,
            sent: at(0),
            at: at(0),
            retryAfter: nil,
            reading: nil,
            using: &generator
        )
        #expect(pacer.rate(of: .write, at: at(0)) == 20)
    }

    @Test("Without a limit 64 are in flight, and the gate still closes")
    func unlimited() {
        let open = run(.fixed(0), against: ModelServer(limit: 1e6), for: .seconds(1), seed: 1)
        #expect(open.mostInFlight == 64)
        let limited = run(.fixed(0), against: ModelServer(limit: 100), for: .seconds(60), seed: 1)
        #expect(limited.episodes > 10 && limited.perSecond <= 101)
    }

    @Test("Reads and writes share a fixed rate, and have their own under auto")
    func kinds() {
        var shared = Pacer(.fixed(10))
        #expect(shared.take(.read, at: at(0)) == .go)
        #expect(shared.take(.write, at: at(0)) == .wait(until: at(100)))

        var apart = Pacer(.auto)
        #expect(apart.take(.read, at: at(0)) == .go)
        #expect(apart.take(.write, at: at(0)) == .go)
        apart.answered(
            .read,
            sent: at(0),
            at: at(10),
            reading: RateLimitReading(limit: 10, resetAfter: .seconds(1))
        )
        #expect(apart.rate(of: .read, at: at(10)) == 8)
        #expect(apart.rate(of: .write, at: at(10)) == 16)
    }

    @Test("A right given back can be taken again", arguments: [.auto, .fixed(16)] as [RateSetting])
    func givenBack(_ setting: RateSetting) {
        var pacer = Pacer(setting)
        #expect(pacer.take(.write, at: at(0)) == .go)
        pacer.giveBack(.write)
        #expect(pacer.take(.write, at: at(0)) == .go)
        #expect(pacer.take(.write, at: at(0)) != .go)
    }
}
