import Plugipay
import Testing

@testable import BatchCore

@Suite("The numbers of a run")
struct RunTallyTests {
    private func tally(_ milliseconds: [Double]) throws -> RunTally {
        var tally = RunTally()
        for (index, time) in milliseconds.enumerated() {
            var response = SampleBody.data("{}").answer(201)
            response.roundTrip = .seconds(time / 1000)
            let answer = Answer(.inDoubt(.init(code: "x", message: "")), response: response)
            tally.count(isWrite: true, isRetry: false, answer, at: at(index * 100))
        }
        return tally
    }

    @Test("Percentiles are within a hundredth of the true ones, and never beyond the slowest")
    func percentiles() throws {
        let latency = try tally((1...1000).map(Double.init)).latencies
        #expect((500...505).contains(latency.p50))
        #expect((950...960).contains(latency.p95))
        #expect((990...1000).contains(latency.p99))
        #expect(latency.max == 1000)
        let equal = try tally([Double](repeating: 3001, count: 7)).latencies
        #expect(equal.p50 == 3001 && equal.p99 == 3001 && equal.max == 3001)
    }

    @Test("Times are rounded to the nearest millisecond, and those beyond an hour are an hour")
    func rounding() throws {
        #expect(try tally([0.6]).latencies.max == 1)
        #expect(try tally([1.4]).latencies.p50 == 1)
        #expect(try tally([9e6]).latencies.max == 3_600_000)
        #expect(RunTally().latencies == RunSummary.Latency())
    }

    @Test("Writes a second are counted from the first answer to the last")
    func rate() throws {
        #expect(try tally([1, 1, 1, 1, 1, 1]).writesPerSecond == 10)
        #expect(try tally([1]).writesPerSecond == 0)
    }
}
