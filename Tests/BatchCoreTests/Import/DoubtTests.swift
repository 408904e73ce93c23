import Plugipay
import Testing

@testable import BatchCore

@Suite("Settling what is in doubt")
struct DoubtTests {
    private let named = PlannedRow.sample(1, externalID: "c-1")
    private let bare = PlannedRow.sample(1)

    private func ours(_ id: String = "cus_1", after time: Duration = .seconds(1)) -> Customer {
        Customer(id, of: bare.draft, createdAt: MachineRig.epoch + time)
    }

    @Test("without an externalId: looked up at once, after 2 s, after 15 s, then unknown")
    func soonLookUps() throws {
        var rig = MachineRig()
        rig.begin([bare])
        let byEmail = "GET /customers?email=p1@example.com&limit=100"
        #expect(rig.answer(1, .lost).requests == [byEmail])
        for pause in [2.0, 15] {
            #expect(rig.answer(1, .list([])).settled.isEmpty)
            let before = rig.now
            #expect(try rig.sleep().requests == [byEmail])
            #expect(rig.now - before == .seconds(pause))
        }
        let entry = try #require(rig.answer(1, .list([])).settled.first)
        #expect(entry.state == .unknown)
        #expect(entry.errorCode == "in_doubt")
        #expect(entry.attempts == 1)
    }

    @Test("a look-up that finds the record settles it: created")
    func found() throws {
        var rig = MachineRig()
        rig.begin([bare])
        rig.answer(1, .lost)
        rig.answer(1, .list([]))
        try rig.sleep()
        let entry = try #require(rig.answer(1, .list([ours()])).settled.first)
        #expect(entry.state == .created)
        #expect(entry.customerID == "cus_1")
    }

    @Test("several that could be it: unknown; one that stands for another row is none of them")
    func several() throws {
        var rig = MachineRig()
        rig.begin([bare])
        rig.answer(1, .lost)
        let both = Reply.list([ours("cus_1"), ours("cus_2")])
        let entry = try #require(rig.answer(1, both).settled.first)
        #expect(entry.state == .unknown)
        #expect(entry.errorCode == "several_candidates")

        var other = MachineRig()
        other.begin([bare])
        other.answer(1, .lost)
        let settled = other.answer(1, both, claimed: ["cus_1"]).settled
        #expect(settled.first?.customerID == "cus_2")
    }

    @Test("an older record is not ours, whatever it holds")
    func olderRecord() throws {
        var rig = MachineRig()
        rig.begin([bare])
        rig.answer(1, .lost)
        #expect(rig.answer(1, .list([ours(after: .seconds(-1))])).settled.isEmpty)
    }

    @Test("a row without an e-mail is looked up by time")
    func byTime() {
        var row = bare
        row.draft.email = nil
        var rig = MachineRig()
        rig.begin([row])
        let request = rig.answer(1, .lost).requests.first
        #expect(request?.hasPrefix("GET /customers?createdAfter=2027-01-15T08:00:00") == true)
    }

    @Test("with an externalId: tried again, and after the last try looked up")
    func usedUp() throws {
        var rig = MachineRig { $0.maxAttempts = 3 }
        rig.begin([named])
        for _ in 1...2 {
            rig.answer(1, .error(500, "internal_error"))
            try rig.sleep()
        }
        let asked = rig.answer(1, .lost)
        #expect(asked.requests == ["GET /customers?externalId=c-1&limit=100"])
        let entry = try #require(rig.answer(1, .list([])).settled.first)
        #expect(entry.state == .failed)
        #expect(entry.errorCode == "attempts_used_up")
        #expect(entry.attempts == 3)
    }

    @Test("used up and found: created, for it is ours")
    func usedUpAndFound() {
        var rig = MachineRig { $0.maxAttempts = 1 }
        rig.begin([named])
        rig.answer(1, .lost)
        let stored = Customer("cus_1", of: named.draft, createdAt: MachineRig.epoch + .seconds(1))
        #expect(rig.answer(1, .list([stored])).settled.first?.state == .created)
    }

    @Test("a look-up that fails has as many tries as a row, whatever the writes before it took")
    func failingLookUp() throws {
        var rig = MachineRig { $0.maxAttempts = 3 }
        rig.begin([named])
        for _ in 1...2 {
            rig.answer(1, .error(500, "internal_error"))
            try rig.sleep()
        }
        rig.answer(1, .lost)
        for _ in 1...2 {
            #expect(rig.answer(1, .error(500, "internal_error")).settled.isEmpty)
            try rig.sleep()
        }
        let entry = try #require(rig.answer(1, .error(500, "internal_error")).settled.first)
        #expect(entry.state == .unknown)
    }

    @Test("a look-up that is refused as malformed leaves the row unknown, never rejected")
    func refusedLookUp() throws {
        var rig = MachineRig()
        rig.begin([bare])
        rig.answer(1, .lost)
        let entry = try #require(rig.answer(1, .error(400, "validation_error")).settled.first)
        #expect(entry.state == .unknown)
        #expect(entry.errorCode == "in_doubt")
    }

    @Test("refused after a doubt: looked up first; absent, it is rejected")
    func rejectedAfterDoubt() throws {
        var rig = MachineRig()
        rig.begin([named])
        rig.answer(1, .lost)
        try rig.sleep()
        let asked = rig.answer(1, .error(422, "validation_error"))
        #expect(asked.requests == ["GET /customers?externalId=c-1&limit=100"])
        let entry = try #require(rig.answer(1, .list([])).settled.first)
        #expect(entry.state == .rejected)
        #expect(entry.httpStatus == 422)
        #expect(entry.errorCode == "validation_error")
    }

    @Test("refused after a doubt and found: created")
    func foundAfterRefusal() throws {
        var rig = MachineRig()
        rig.begin([named])
        rig.answer(1, .lost)
        try rig.sleep()
        rig.answer(1, .error(422, "validation_error"))
        let stored = Customer("cus_1", of: named.draft, createdAt: MachineRig.epoch + .seconds(1))
        #expect(rig.answer(1, .list([stored])).settled.first?.state == .created)
    }

    @Test("a doubt of an earlier run: without an externalId looked up, with one tried again")
    func earlierRun() {
        var rig = MachineRig()
        let rows = [
            PlannedRow.sample(1, start: .settle, isInDoubt: true),
            .sample(2, externalID: "c-2", isInDoubt: true),
        ]
        #expect(
            Set(rig.begin(rows).requests + rig.flights.values.map(\.line))
                == ["GET /customers?email=p1@example.com&limit=100", "POST /customers"]
        )
    }

    @Test("a key older than 20 h is not relied on: looked up, and absent, the next epoch")
    func oldKey() throws {
        var rig = MachineRig()
        rig.begin([named])
        rig.answer(1, .lost)
        rig.now += .seconds(21 * 3600)
        let asked = rig.bring(.due)
        #expect(asked.requests == ["GET /customers?externalId=c-1&limit=100"])
        let turn = rig.answer(1, .list([]))
        #expect(turn.commits.last?.first?.epoch == 1)
        #expect(turn.requests == ["POST /customers"])
    }
}
