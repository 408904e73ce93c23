import HTTPTypes
import Testing

@testable import PlugipaySandbox

@Suite("RateLimiter")
struct RateLimiterTests {
    private let book = Book(workspace: "acc_1", mode: .test)

    @Test("A client paced at the limit is never refused", arguments: [0.5, 1, 20, 40, 333])
    func paced(rate: Double) {
        let limiter = RateLimiter(readRate: 0, writeRate: rate)
        let refused = (0..<1_000).filter { index in
            let time = Duration.seconds(1_767_225_600) + .seconds(Double(index) / rate)
            return limiter.admit(.write, for: book, at: time)?.isAdmitted == false
        }
        #expect(refused.isEmpty)
    }

    @Test("A burst gets one second's worth, then a wait")
    func burst() throws {
        let limiter = RateLimiter(readRate: 100, writeRate: 20)
        let time = Duration.seconds(1_767_225_600)
        let decisions = (0..<25).compactMap { _ in limiter.admit(.write, for: book, at: time) }
        #expect(decisions.filter(\.isAdmitted).count == 20)
        #expect(decisions.last?.retryAfter == 1)
        #expect(decisions.last?.headers[.rateLimitLimit] == "20")
        #expect(decisions.last?.headers[.rateLimitRemaining] == "0")
        #expect(decisions.last?.headers[.rateLimitReset] == "1767225601")
        #expect(decisions.first?.headers[.rateLimitRemaining] == "19")
    }

    @Test("A slow limit tells how long to wait")
    func retryAfter() throws {
        let limiter = RateLimiter(readRate: 0, writeRate: 0.1)
        let time = Duration.seconds(1_767_225_600)
        _ = limiter.admit(.write, for: book, at: time)
        let refusal = try #require(limiter.admit(.write, for: book, at: time))
        #expect(!refusal.isAdmitted)
        #expect(refusal.retryAfter == 10)
    }

    @Test("Reads and writes, books and modes each have their own bucket")
    func apart() {
        let limiter = RateLimiter(readRate: 1, writeRate: 1)
        let time = Duration.seconds(1_767_225_600)
        let books = [
            book, Book(workspace: "acc_1", mode: .live), Book(workspace: "acc_2", mode: .test),
        ]
        for book in books {
            for kind in [RateLimiter.Kind.read, .write] {
                #expect(limiter.admit(kind, for: book, at: time)?.isAdmitted == true)
                #expect(limiter.admit(kind, for: book, at: time)?.isAdmitted == false)
            }
        }
    }

    @Test("Without a limit there is nothing to tell")
    func unlimited() {
        let limiter = RateLimiter(readRate: 0, writeRate: 0)
        #expect(limiter.admit(.read, for: book, at: .zero) == nil)
    }
}
