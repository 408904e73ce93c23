import BatchCore
import Testing

@Suite("Concurrency")
struct ConcurrencyTests {
    @Test(
        "In flight is rate times latency and some room, from 1 to 64",
        arguments: [
            (40, 120, 7), (16, 120, 3), (0.2, 120, 1), (1_000, 120, 64), (40, 0, 1), (0, 120, 64),
        ] as [(Double, Int, Int)]
    )
    func limit(_ rate: Double, _ latency: Int, _ limit: Int) {
        var concurrency = Concurrency(.auto)
        concurrency.observe(latency: .milliseconds(latency))
        #expect(concurrency.limit(rate: rate) == limit)
    }

    @Test("It is 8 before a latency is known, and 64 without a rate limit")
    func unknown() {
        #expect(Concurrency(.auto).limit(rate: 16) == 8)
        #expect(Concurrency(.auto).limit(rate: 0) == 64)
    }

    @Test("A fixed number wins")
    func fixed() {
        var concurrency = Concurrency(.fixed(200))
        concurrency.observe(latency: .seconds(1))
        #expect(concurrency.limit(rate: 1) == 200)
        #expect(Concurrency(.fixed(0)).limit(rate: 1) == 1)
    }

    @Test("One slow answer moves the average by a tenth")
    func average() {
        var concurrency = Concurrency(.auto)
        concurrency.observe(latency: .milliseconds(100))
        concurrency.observe(latency: .milliseconds(1_100))
        #expect(concurrency.latency == .milliseconds(200))
    }
}
