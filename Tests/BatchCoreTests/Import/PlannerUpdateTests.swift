import Plugipay
import Testing

@testable import BatchCore

@Suite("What the planner makes of edited rows, run after run")
struct PlannerUpdateTests {
    private let a = "c-1,Ada,a@example.com"
    private let b = "c-1,Bea,a@example.com"
    private let c = "c-1,Cy,a@example.com"

    private func update(_ job: inout ImportJob) { job.onConflict = .update }

    @Test("the customer of an edited row is known by its id")
    func knownCustomer() throws {
        var rig = try PlannerRig()
        _ = try rig.run([a])
        let planned = try rig.run([b], update).planned
        #expect(planned.map(\.entry.customerID) == ["cus_c-1"])
        #expect(planned.map(\.start) == [.update])
    }

    @Test(
        "a run killed between two contents of one externalId goes on with what was left",
        arguments: [JournalEntry.State.open, .withdrawn, .failed, .unknown],
        [true, false]
    )
    func killedBetween(_ state: JournalEntry.State, _ isKilled: Bool) throws {
        var rig = try PlannerRig()
        let rows = [a, b]
        let first = try rig.run(
            rows,
            update,
            isKilled: isKilled,
            state: { $0.draft.name == "Bea" ? state : nil }
        )
        let second = try rig.run(rows, update)
        #expect(second.requests == ["2 update c-1"])
        #expect(second.planned.map(\.entry.id) == [first.planned[1].entry.id])
        #expect(second.planned.map(\.entry.customerID) == ["cus_c-1"])
        #expect(rig.book == ["c-1": "Bea"])
        #expect(try rig.run(rows, update).requests.isEmpty)
    }

    @Test("killed at the first of several: each goes on, one after the other")
    func killedAtFirst() throws {
        var rig = try PlannerRig()
        let rows = [a, b, a]
        let first = try rig.run(rows, update, state: { _ in .open })
        let second = try rig.run(rows, update, state: { _ in .open })
        #expect(second.planned.map(\.entry.id) == first.planned.map(\.entry.id))
        #expect(second.planned.map(\.predecessor) == [nil, 1, 2])
        let third = try rig.run(rows, update)
        #expect(third.planned.map(\.entry.id) == first.planned.map(\.entry.id))
        #expect(rig.book == ["c-1": "Ada"])
        #expect(try rig.run(rows, update).requests.isEmpty)
    }

    @Test("an earlier content that failed while a later one went through: all are sent in order")
    func failedBeforeApplied() throws {
        var rig = try PlannerRig()
        let rows = [a, b]
        _ = try rig.run(rows, update, state: { $0.draft.name == "Ada" ? .failed : .updated })
        _ = try rig.run(rows, update)
        #expect(rig.book == ["c-1": "Bea"])
        #expect(try rig.run(rows, update).requests.isEmpty)
    }

    @Test("a row after a killed one that was edited waits for it")
    func editedAfterKilled() throws {
        var rig = try PlannerRig()
        _ = try rig.run([a, b], update, state: { _ in .open })
        let second = try rig.run([a, c], update, state: { _ in .open })
        #expect(second.planned.map(\.draft.name) == ["Ada", "Cy"])
        #expect(second.planned.last?.predecessor == second.planned.first?.entry.id)
    }

    @Test("a content added below: sent once, and the same command again sends nothing")
    func appended() throws {
        var rig = try PlannerRig()
        _ = try rig.run([a], update)
        #expect(try rig.run([a, b], update).requests == ["2 update c-1"])
        #expect(try rig.run([a, b], update).requests.isEmpty)
        #expect(rig.book == ["c-1": "Bea"])
    }

    @Test("the last content taken away: the one before it counts again")
    func takenAway() throws {
        var rig = try PlannerRig()
        _ = try rig.run([a, b], update)
        #expect(try rig.run([a], update).requests == ["1 update c-1"])
        #expect(rig.book == ["c-1": "Ada"])
    }

    @Test("after a stop the rest goes on, and then nothing is left to send")
    func stopped() throws {
        var rig = try PlannerRig()
        let rows = [a, b, c]
        _ = try rig.run(rows, update, stopAfter: 1)
        _ = try rig.run(rows, update, stopAfter: 1)
        _ = try rig.run(rows, update)
        #expect(rig.book == ["c-1": "Cy"])
        #expect(try rig.run(rows, update).requests.isEmpty)
    }

    @Test("what skip has left alone is another decision under update, once")
    func existsUnderUpdate() throws {
        var rig = try PlannerRig()
        _ = try rig.run([a], state: { _ in .exists })
        #expect(try rig.run([a]).requests.isEmpty)
        let second = try rig.run([a], update)
        #expect(second.requests == ["1 update c-1"])
        #expect(second.planned.map(\.isInDoubt) == [false])
        #expect(try rig.run([a], update).requests.isEmpty)
    }

    @Test("a row without an externalId that was edited is another customer")
    func withoutExternalID() throws {
        var rig = try PlannerRig()
        _ = try rig.run([",Ada,a@example.com"], update)
        #expect(try rig.run([",Ada B.,a@example.com"], update).requests == ["1 create Ada B."])
    }
}
