import BatchCore
import Testing

@Suite("Rate ceiling")
struct RateCeilingTests {
    private func reading(_ limit: Int?, _ seconds: Int?) -> RateLimitReading {
        RateLimitReading(limit: limit, resetAfter: seconds.map { .seconds($0) })
    }

    @Test(
        "Headers tell the limit; what cannot be understood is ignored",
        arguments: [
            (100, 1, 80), (10, 0, 8), (10, 2, 8), (10, -1, 8), (60, 60, 0.8), (300, 11, 4),
            (100, 3, 16), (100, 10, 16), (nil, 1, 16), (100, nil, 16), (0, 1, 16), (-5, 1, 16),
            (2_000_000, 1, 16), (.max, 1, 16), (.min, 1, 16), (100, -1_800_000_000, 16),
        ] as [(Int?, Int?, Double)]
    )
    func headers(_ limit: Int?, _ seconds: Int?, _ rate: Double) {
        var ceiling = RateCeiling(.write)
        ceiling.observe(reading(limit, seconds), at: at(0))
        #expect(abs(ceiling.rate(at: at(0)) - rate) < 1e-9)
    }

    @Test("Reads start at 80 a second, writes at 16")
    func start() {
        var (reads, writes) = (RateCeiling(.read), RateCeiling(.write))
        #expect(reads.rate(at: at(0)) == 80 && writes.rate(at: at(0)) == 16)
    }

    @Test("A limit once known to be per second stays so")
    func sticky() {
        var ceiling = RateCeiling(.write)
        ceiling.observe(reading(600, 60), at: at(0))
        #expect(ceiling.rate(at: at(0)) == 8)
        ceiling.observe(reading(20, 1), at: at(1))
        #expect(ceiling.rate(at: at(1)) == 16)
        ceiling.observe(reading(30, 60), at: at(2))
        #expect(ceiling.rate(at: at(2)) == 24)
    }

    @Test("A 429 episode takes the rate down, quiet tens of seconds bring it back up")
    func steps() {
        var ceiling = RateCeiling(.write)
        ceiling.throttled(at: at(0), resumption: at(5_000))
        let low = 16 * 0.7
        #expect(ceiling.rate(at: at(14_999)) == low)
        #expect(ceiling.rate(at: at(15_000)) == low * 1.15)
        #expect(ceiling.rate(at: at(24_999)) == low * 1.15)
        #expect(ceiling.rate(at: at(25_000)) == low * 1.15 * 1.15)
        #expect(ceiling.rate(at: at(35_000)) == 16)
        #expect(ceiling.rate(at: at(1_000_000)) == 16)
    }

    @Test("A 429 while the rate is on its way up starts the quiet time again")
    func again() {
        var ceiling = RateCeiling(.write)
        ceiling.throttled(at: at(0), resumption: at(1_000))
        ceiling.throttled(at: at(10_000), resumption: at(12_000))
        let low = 16 * 0.7 * 0.7
        #expect(abs(ceiling.rate(at: at(21_999)) - low) < 1e-9)
        #expect(abs(ceiling.rate(at: at(22_000)) - low * 1.15) < 1e-9)
    }

    @Test("The rate never falls below its floor, nor the ceiling below a lower limit")
    func floor() {
        var ceiling = RateCeiling(.write)
        for second in 0..<100 {
            ceiling.throttled(at: at(second * 1_000), resumption: at(second * 1_000))
        }
        #expect(ceiling.rate(at: at(100_000)) == RateCeiling.floor)
        ceiling.observe(reading(6, 60), at: at(100_000))
        #expect(abs(ceiling.rate(at: at(100_000)) - 0.08) < 1e-9)
    }

    @Test("A told limit does not undo a step down")
    func toldWhileReduced() {
        var ceiling = RateCeiling(.write)
        ceiling.throttled(at: at(0), resumption: at(0))
        ceiling.observe(reading(100, 1), at: at(1_000))
        #expect(ceiling.rate(at: at(1_000)) == 16 * 0.7)
        ceiling.observe(reading(10, 1), at: at(2_000))
        #expect(ceiling.rate(at: at(2_000)) == 8)
    }
}
