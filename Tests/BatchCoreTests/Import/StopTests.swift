import Plugipay
import Testing

@testable import BatchCore

@Suite("An early stop")
struct StopTests {
    private let rows = (1...3).map { PlannedRow.sample($0, externalID: "c-\($0)") }

    @Test("what is in flight is awaited, the rest is given back")
    func drain() {
        var rig = MachineRig { $0.concurrency = .fixed(1) }
        rig.begin(rows)
        let asked = rig.bring(.stop(.signal(2)))
        #expect(asked.end == nil && asked.settled.isEmpty)
        let stored = Customer(
            "cus_1",
            of: rows[0].draft,
            createdAt: MachineRig.epoch + .seconds(1)
        )
        let end = rig.answer(1, .customer(stored))
        #expect(end.sends.isEmpty)
        #expect(end.settled.map(\.state) == [.created, .withdrawn, .withdrawn])
        #expect(end.settled[1].firstIntent == nil)
        guard case .signal(2)? = end.end else {
            Issue.record("ended with \(String(describing: end.end))")
            return
        }
    }

    @Test("what is not answered in 20 s is in doubt")
    func drainEnds() throws {
        var rig = MachineRig { $0.concurrency = .fixed(2) }
        rig.begin(rows)
        rig.bring(.stop(.signal(15)))
        #expect(rig.pass(.seconds(19)).end == nil)
        let end = try rig.sleep()
        #expect(end.settled.map(\.state) == [.unknown, .unknown, .withdrawn])
        #expect(end.settled.first?.errorCode == "in_doubt")
        #expect(end.end != nil)
        #expect(rig.now < .seconds(21))
    }

    @Test("a row that waits in doubt is unknown, one that waits for its turn is not attempted")
    func waitingRows() {
        var rig = MachineRig { $0.onConflict = .update }
        rig.begin([rows[0], .sample(2, externalID: "c-1", name: "B", predecessor: 1)])
        rig.answer(1, .lost)
        let end = rig.bring(.stop(.tooManyErrors))
        #expect(Set(end.settled.map { "\($0.id) \($0.state)" }) == ["1 unknown", "2 withdrawn"])
        #expect(end.end != nil)
    }

    @Test("an event after the end changes nothing, and a second reason does not replace the first")
    func afterTheEnd() {
        var rig = MachineRig()
        rig.begin([rows[0]])
        rig.bring(.stop(.signal(2)))
        rig.bring(.stop(.signal(15)))
        let end = rig.answer(1, .lost)
        guard case .signal(2)? = end.end else {
            Issue.record("ended with \(String(describing: end.end))")
            return
        }
        let late = rig.bring(.due)
        #expect(late.sends.isEmpty && late.settled.isEmpty && late.end == nil)
    }
}
