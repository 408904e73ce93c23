import Plugipay
import Testing

@testable import BatchCore

@Suite("An externalId that is taken")
struct ConflictTests {
    private let row = PlannedRow.sample(1, externalID: "c-1")
    private let conflict = Reply.error(409, "conflict")

    private func old(_ change: (inout Customer) -> Void = { _ in }) -> Customer {
        var customer = Customer("cus_1", of: row.draft, createdAt: MachineRig.epoch - .seconds(60))
        change(&customer)
        return customer
    }

    private func asked(_ policy: ConflictPolicy) -> MachineRig {
        var rig = MachineRig { $0.onConflict = policy }
        rig.begin([row])
        let turn = rig.answer(1, conflict)
        #expect(turn.requests == ["GET /customers?externalId=c-1&limit=100"])
        return rig
    }

    @Test(
        "found equal: left alone, or rejected",
        arguments: [
            (ConflictPolicy.skip, JournalEntry.State.exists), (.update, .unchanged),
            (.fail, .rejected),
        ]
    )
    func equal(_ policy: ConflictPolicy, _ state: JournalEntry.State) throws {
        var rig = asked(policy)
        let entry = try #require(rig.answer(1, .list([old()])).settled.first)
        #expect(entry.state == state)
        #expect(entry.customerID == "cus_1")
        #expect(entry.errorCode == (policy == .fail ? "conflict" : nil))
        #expect(entry.message == (policy == .fail ? entry.message : nil))
    }

    @Test("found with other content under skip: the fields that differ are named")
    func differentUnderSkip() {
        var rig = asked(.skip)
        let turn = rig.answer(
            1,
            .list([
                old {
                    $0.phone = "1"; $0.name = "Other"
                }
            ])
        )
        #expect(turn.settled.first?.state == .exists)
        #expect(turn.settled.first?.message == "its content differs: name")
    }

    @Test("found with other content under update: PATCH of what differs, committed first")
    func patch() throws {
        var rig = asked(.update)
        let found = old { $0.name = "Other" }
        let turn = rig.answer(1, .list([found]))
        let attempt = try #require(turn.sends.first?.attempt)
        #expect(attempt.line == "PATCH /customers/cus_1")
        #expect(attempt.body == #"{"name":"Person 1"}"#)
        let entry = try #require(turn.commits.last?.first)
        #expect(entry.operation == .update(id: "cus_1", updatedAt: found.updatedAtText ?? "-"))
        #expect(attempt.operation.idempotencyKey == entry.key(in: KeyScope()).text)

        let end = rig.answer(1, .customer(old { $0.updatedAtText = "later" }, status: 200))
        #expect(end.settled.first?.state == .updated)
        #expect(end.settled.first?.attempts == 2)
    }

    @Test("A, B, A within a day are three keys: each names the state that it started from")
    func patchKeys() throws {
        var keys: Set<String> = []
        for updatedAt in ["2027-01-15T08:00:00.000Z", "2027-01-15T08:00:01.000Z"] {
            var rig = asked(.update)
            let found = old {
                $0.name = "Other"
                $0.updatedAtText = updatedAt
            }
            let turn = rig.answer(1, .list([found]))
            keys.insert(try #require(turn.sends.first?.attempt.operation.idempotencyKey))
        }
        #expect(keys.count == 2)
    }

    @Test("a PATCH in doubt is looked up: applied, or sent again")
    func patchInDoubt() throws {
        var rig = asked(.update)
        rig.answer(1, .list([old { $0.name = "Other" }]))
        #expect(rig.answer(1, .lost).settled.isEmpty)
        #expect(try rig.sleep().requests == ["GET /customers/cus_1"])
        #expect(
            rig.answer(1, .list([old { $0.name = "Other" }])).requests
                == ["PATCH /customers/cus_1"]
        )
        rig.answer(1, .lost)
        try rig.sleep()
        #expect(rig.answer(1, .list([old()])).settled.first?.state == .updated)
    }

    @Test("a PATCH that fails each time is failed after the last try")
    func patchUsedUp() throws {
        var rig = MachineRig {
            $0.onConflict = .update
            $0.maxAttempts = 3
        }
        rig.begin([row])
        rig.answer(1, conflict)
        var settled: [JournalEntry] = []
        for _ in 1...2 {
            rig.answer(1, .list([old { $0.name = "Other" }]))
            rig.answer(1, .error(500, "internal_error"))
            try rig.sleep()
        }
        settled = rig.answer(1, .list([old { $0.name = "Other" }])).settled
        #expect(settled.first?.state == .failed)
        #expect(settled.first?.errorCode == "attempts_used_up")
        #expect(settled.first?.attempts == 3)
    }

    @Test("absent after all: tried again until the tries are used up")
    func absent() throws {
        var rig = MachineRig { $0.maxAttempts = 2 }
        rig.begin([row])
        rig.answer(1, conflict)
        rig.answer(1, .list([]))
        #expect(try rig.sleep().requests == ["POST /customers"])
        rig.answer(1, conflict)
        #expect(rig.answer(1, .list([])).settled.first?.state == .rejected)
    }

    @Test("with a single try it is still looked up")
    func singleTry() {
        var rig = MachineRig { $0.maxAttempts = 1 }
        rig.begin([row])
        #expect(rig.answer(1, conflict).settled.isEmpty)
        #expect(rig.answer(1, .list([old()])).settled.first?.state == .exists)
    }

    @Test("equal, young, and after an attempt in doubt: it is ours")
    func oursAfterDoubt() throws {
        var rig = MachineRig()
        rig.begin([row])
        rig.answer(1, .lost)
        try rig.sleep()
        rig.answer(1, conflict)
        let young = old { $0.createdAt = MachineRig.epoch + .seconds(1) }
        #expect(rig.answer(1, .list([young])).settled.first?.state == .created)
    }

    @Test("equal and young without a doubt, or old after one: it was there")
    func notOurs() throws {
        var rig = asked(.skip)
        let young = old { $0.createdAt = MachineRig.epoch + .seconds(1) }
        #expect(rig.answer(1, .list([young])).settled.first?.state == .exists)

        var doubtful = MachineRig()
        doubtful.begin([row])
        doubtful.answer(1, .lost)
        try doubtful.sleep()
        doubtful.answer(1, conflict)
        #expect(doubtful.answer(1, .list([old()])).settled.first?.state == .exists)
    }

    @Test(
        "a key that may not read: what the conflict allows to say without an id",
        arguments: [
            (ConflictPolicy.skip, JournalEntry.State.exists), (.fail, .rejected),
            (.update, .failed),
        ]
    )
    func withoutScope(_ policy: ConflictPolicy, _ state: JournalEntry.State) {
        var rig = asked(policy)
        let turn = rig.answer(1, .error(403, "insufficient_scope"))
        #expect(turn.settled.first?.state == state)
        #expect(turn.settled.first?.customerID == nil)
        #expect(turn.end?.isCompleted == true)
    }

    @Test("a server that ignores the filter is asked by e-mail; if that fails, too: unknown")
    func ignoredFilter() {
        let others = [Customer(id: "cus_7"), Customer(id: "cus_8")]
        var rig = asked(.skip)
        let turn = rig.answer(1, .list(others, hasMore: true))
        #expect(turn.requests == ["GET /customers?email=p1@example.com&limit=100"])
        #expect(rig.answer(1, .list(others, hasMore: true)).settled.first?.state == .unknown)
    }

    @Test("a server that refuses the filter is asked by e-mail; the refusal is not the row's")
    func refusedFilter() {
        var rig = asked(.skip)
        let turn = rig.answer(1, .error(400, "validation_error"))
        #expect(turn.settled.isEmpty)
        #expect(turn.requests == ["GET /customers?email=p1@example.com&limit=100"])
        #expect(rig.answer(1, .list([old()])).settled.first?.state == .exists)
    }

    @Test("a PATCH in doubt of an earlier run that was carried out: updated, without another one")
    func patchOfEarlierRun() {
        var known = PlannedRow.sample(1, externalID: "c-1", start: .update, isInDoubt: true)
        known.entry.operation = .update(id: "cus_1", updatedAt: "2027-01-15T08:00:00.000Z")
        var rig = MachineRig { $0.onConflict = .update }
        rig.begin([known])
        let turn = rig.answer(1, .list([old()]))
        #expect(turn.settled.first?.state == .updated)
        #expect(turn.sends.isEmpty)
    }

    @Test("a row that the journal knows begins with the look-up and never POSTs")
    func knownRow() throws {
        var rig = MachineRig { $0.onConflict = .update }
        let known = PlannedRow.sample(1, externalID: "c-1", start: .update)
        #expect(rig.begin([known]).requests == ["GET /customers?externalId=c-1&limit=100"])
        #expect(
            rig.answer(1, .list([old { $0.name = "Other" }])).requests
                == ["PATCH /customers/cus_1"]
        )
    }
}
