import Plugipay
import RowIO
import Testing

@testable import BatchCore

@Suite("What the planner makes of a row that earlier runs knew")
struct PlannerRerunTests {
    private let rows = ["c-1,Ada,a@example.com", "c-2,Ben,b@example.com", ",Cleo,c@example.com"]

    @Test("the same input again sends nothing")
    func same() throws {
        var rig = try PlannerRig()
        let first = try rig.run(rows)
        let second = try rig.run(rows)
        #expect(second.requests.isEmpty)
        #expect(second.statuses == first.statuses)
    }

    @Test("rows that were moved send nothing, and are listed where they stand now")
    func shuffled() throws {
        var rig = try PlannerRig()
        _ = try rig.run(rows)
        let second = try rig.run([rows[2], rows[0], rows[1]])
        #expect(second.requests.isEmpty)
        #expect(second.lines.map(\.customerID) == ["cus_of_3", "cus_c-1", "cus_c-2"])
    }

    @Test(
        "an edited row is told, rejected, or sent as an update",
        arguments: [
            (ConflictPolicy.skip, "1 exists"), (.fail, "1 rejected"), (.update, "1 updated"),
        ]
    )
    func edited(_ policy: ConflictPolicy, _ status: String) throws {
        var rig = try PlannerRig()
        _ = try rig.run(rows)
        let edited = ["c-1,Ada B.,a@example.com", rows[1], rows[2]]
        let second = try rig.run(edited) { $0.onConflict = policy }
        #expect(second.statuses.first == status)
        #expect(second.requests == (policy == .update ? ["1 update c-1"] : []))
        #expect(second.lines[0].customerID == "cus_c-1")
        if policy == .skip {
            #expect(
                second.lines[0].message
                    == "changed since it was imported; --on-conflict update sends it"
            )
            // What was not sent was not settled: the next run says the same, and update sends it.
            #expect(try rig.run(edited).statuses.first == status)
            #expect(try rig.run(edited) { $0.onConflict = .update }.planned.count == 1)
        }
        if policy == .update {
            #expect(try rig.run(edited) { $0.onConflict = .update }.requests.isEmpty)
        }
    }

    @Test("A, B, A over three runs under update are three requests, and the book ends at A")
    func backAndForth() throws {
        var rig = try PlannerRig()
        let (first, other) = ("c-1,Ada,a@example.com", "c-1,Bea,a@example.com")
        for (line, request) in [
            (first, "1 create c-1"), (other, "1 update c-1"), (first, "1 update c-1"),
        ] {
            #expect(try rig.run([line]) { $0.onConflict = .update }.requests == [request])
            #expect(try rig.run([line]) { $0.onConflict = .update }.requests.isEmpty)
        }
        #expect(rig.book == ["c-1": "Ada"])
    }

    @Test("A then B in one file: a later run with B alone sends nothing, with A alone sends A")
    func lastContentCounts() throws {
        var rig = try PlannerRig()
        let (first, second) = ("c-1,Ada,a@example.com", "c-1,Bea,a@example.com")
        _ = try rig.run([first, second]) { $0.onConflict = .update }
        #expect(try rig.run([second]) { $0.onConflict = .update }.requests.isEmpty)
        #expect(
            try rig.run([first]) { $0.onConflict = .update }.requests == ["1 update c-1"]
        )
        #expect(rig.book == ["c-1": "Ada"])
    }

    @Test("A then B, and the row with A moved behind: what stands last is sent last")
    func swappedContents() throws {
        var rig = try PlannerRig()
        let (first, second) = ("c-1,Ada,a@example.com", "c-1,Bea,a@example.com")
        _ = try rig.run([first, second]) { $0.onConflict = .update }
        _ = try rig.run([second, first]) { $0.onConflict = .update }
        #expect(rig.book == ["c-1": "Ada"])
        #expect(try rig.run([second, first]) { $0.onConflict = .update }.requests.isEmpty)
    }

    @Test(
        "an entry that was left unsettled is taken up",
        arguments: [
            (JournalEntry.State.open, PlannedRow.Start.create, PlannedRow.Start.settle, true),
            (.unknown, .create, .settle, true), (.withdrawn, .create, .create, false),
        ]
    )
    func resumed(
        _ state: JournalEntry.State,
        _ named: PlannedRow.Start,
        _ bare: PlannedRow.Start,
        _ isInDoubt: Bool
    ) throws {
        var rig = try PlannerRig()
        let first = try rig.run([rows[0], rows[2]], state: { _ in state })
        let second = try rig.run([rows[0], rows[2]])
        #expect(second.planned.map(\.start) == [named, bare])
        #expect(second.planned.map(\.isInDoubt) == [isInDoubt, isInDoubt])
        #expect(second.planned.map(\.entry.id) == first.planned.map(\.entry.id))
        // In doubt, the first intent stands: a record is ours from then on.
        let isKept = zip(first.planned, second.planned).allSatisfy {
            $0.entry.firstIntent == $1.entry.firstIntent
        }
        #expect(isKept == isInDoubt)
        #expect(try rig.run([rows[0], rows[2]]).requests.isEmpty)
    }

    @Test("a failed row with an externalId that was sent may have come through since")
    func failedAfterAttempts() throws {
        var rig = try PlannerRig()
        let first = try rig.run([rows[0]], state: { _ in .open })
        var entry = try #require(first.planned.first?.entry)
        entry.state = .failed
        entry.attempts = 8
        entry.httpStatus = 503
        try rig.journal.update(entry)
        let second = try rig.run([rows[0]])
        #expect(second.planned.map(\.isInDoubt) == [true])
        #expect(second.planned.map(\.entry.firstIntent) == [entry.firstIntent])
        #expect(second.planned.map(\.entry.httpStatus) == [0])
    }

    @Test("a rejected row is not sent again, and counts as an error of this run, too")
    func rejected() throws {
        var rig = try PlannerRig()
        _ = try rig.run(rows, state: { $0.entry.place.row == 1 ? .rejected : nil })
        let second = try rig.run(rows)
        #expect(second.requests.isEmpty)
        #expect(second.statuses == ["1 rejected", "2 created", "3 created"])
        #expect(second.errors == 1)
        #expect(try rig.run([rows[1], rows[0]]).errors == 1)
    }

    @Test("an update that was left in doubt begins with a look-up, never with a create")
    func updateInDoubt() throws {
        var rig = try PlannerRig()
        let first = try rig.run([rows[0]]) {
            $0.onConflict = .update
        } state: { _ in
            .open
        }
        var entry = try #require(first.planned.first?.entry)
        entry.operation = .update(id: "cus_1", updatedAt: "2027-01-15T08:00:00.000Z")
        entry.sentBody = .sha256([1])
        try rig.journal.update(entry)
        let second = try rig.run([rows[0]]) { $0.onConflict = .update }
        #expect(second.requests == ["1 update c-1"])
    }
}
