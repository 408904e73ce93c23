import Plugipay
import Testing

@testable import BatchCore

@Suite("What a run waits for")
struct MachineWaitTests {
    private func wait(_ rig: MachineRig) -> RunProgress.Wait? {
        rig.machine.wait(at: MonotonicTime(rig.now))
    }

    private func rig(_ count: Int) -> MachineRig {
        var rig = MachineRig { $0.concurrency = .fixed(10) }
        rig.begin((1...count).map { .sample($0, externalID: "c-\($0)") })
        return rig
    }

    @Test("Nothing, while requests go out")
    func nothing() {
        #expect(wait(MachineRig()) == nil)
        #expect(wait(rig(3)) == nil)
    }

    @Test("The server's limit, with the time until requests may go out again")
    func limit() throws {
        var rig = rig(3)
        rig.answer(1, .error(429, "rate_limited", headers: ["Retry-After": "5"]))
        guard case .limit(let time)? = wait(rig) else {
            Issue.record("waits for \(String(describing: wait(rig)))")
            return
        }
        #expect(time >= .seconds(5) && time <= .seconds(5.5))
        rig.pass(.seconds(6))
        #expect(wait(rig) == nil)
    }

    @Test("A server that is down: since when, and when it is tried again")
    func server() throws {
        var rig = rig(12)
        while let ticket = rig.flights.keys.first {
            rig.answer(ticket, .error(503, "service_unavailable"), after: .zero)
        }
        rig.now += .milliseconds(400)
        #expect(
            wait(rig) == .server(downFor: .milliseconds(400), nextTry: .milliseconds(600))
        )
        rig.pass(.milliseconds(600))
        #expect(rig.flights[.probe] != nil)
        #expect(wait(rig) == .server(downFor: .seconds(1), nextTry: nil))
    }

    @Test("Answers, once a stop was asked for")
    func answers() {
        var rig = rig(3)
        rig.bring(.stop(.signal(2)))
        #expect(wait(rig) == .answers)
    }
}
