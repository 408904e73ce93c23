import Plugipay
import RowIO
import Testing

@testable import BatchCore

@Suite("What the planner makes of a row")
struct ImportPlannerTests {
    private let rows = ["c-1,Ada,a@example.com", "c-2,Ben,b@example.com", ",Cleo,c@example.com"]

    @Test("new rows become intents in input order, with bodies and first intents")
    func new() throws {
        var rig = try PlannerRig()
        let outcome = try rig.run(rows)
        #expect(outcome.requests == ["1 create c-1", "2 create c-2", "3 create Cleo"])
        #expect(outcome.statuses == ["1 created", "2 created", "3 created"])
        let body = #"{"externalId":"c-1","email":"a@example.com","name":"Ada"}"#
        #expect(outcome.planned.first?.body == Array(body.utf8))
        #expect(outcome.planned.allSatisfy { $0.entry.firstIntent != nil })
        #expect(outcome.lines.map(\.customerID) == ["cus_c-1", "cus_c-2", "cus_of_3"])
    }

    @Test("an invalid row is listed with all its issues and never planned")
    func invalid() throws {
        var rig = try PlannerRig()
        let outcome = try rig.run(["c-1,Ada,nobody", ",,", rows[1]])
        #expect(outcome.requests == ["3 create c-2"])
        #expect(outcome.statuses == ["1 invalid", "2 invalid", "3 created"])
        #expect(outcome.lines[0].errorCode == "invalid_email")
        #expect(outcome.lines[0].externalID == "c-1")
        #expect(outcome.lines[1].errorCode == "empty_row")
        #expect(outcome.errors == 2)
    }

    @Test("a repeat is a duplicate that names the row it repeats, and gets its customer")
    func duplicate() throws {
        var rig = try PlannerRig()
        let outcome = try rig.run([rows[0], rows[2], rows[0], rows[2]])
        #expect(
            outcome.statuses == ["1 created", "2 created", "3 duplicate", "4 duplicate"]
        )
        #expect(outcome.lines[2].message == "repeats row 1")
        #expect(outcome.lines[3].customerID == outcome.lines[1].customerID)
        #expect(try rig.run([rows[0], rows[2], rows[0], rows[2]]).requests.isEmpty)
    }

    @Test(
        "the same externalId with other content is invalid, but applied in order under update",
        arguments: ConflictPolicy.allCases
    )
    func repeatedExternalID(_ policy: ConflictPolicy) throws {
        var rig = try PlannerRig()
        let lines = ["c-1,Ada,a@example.com", "c-1,Bea,a@example.com"]
        let outcome = try rig.run(lines) { $0.onConflict = policy }
        if policy == .update {
            #expect(outcome.requests == ["1 create c-1", "2 create c-1"])
            #expect(outcome.planned[1].predecessor == outcome.planned[0].entry.id)
            #expect(rig.book == ["c-1": "Bea"])
            // In a run of its own the first one is settled, and the second one must be again.
            let again = try rig.run(lines) { $0.onConflict = policy }
            #expect(again.requests.isEmpty)
            #expect(again.statuses == outcome.statuses)
        } else {
            #expect(outcome.statuses == ["1 created", "2 invalid"])
            #expect(outcome.lines[1].errorCode == "repeated_external_id")
            #expect(outcome.lines[1].message?.contains("row 1") == true)
        }
    }

    @Test("allowed duplicates get ordinals, so that each has a key of its own and keeps it")
    func ordinals() throws {
        var rig = try PlannerRig()
        let lines = [rows[2], rows[2], rows[2], rows[0], rows[0]]
        let outcome = try rig.run(lines) { $0.allowsDuplicates = true }
        #expect(outcome.planned.map(\.entry.ordinal) == [0, 1, 2, 0])
        #expect(Set(outcome.planned.map { $0.entry.key(in: KeyScope()).text }).count == 4)
        #expect(outcome.statuses.last == "5 duplicate")
        #expect(try rig.run(lines) { $0.allowsDuplicates = true }.requests.isEmpty)
        #expect(try rig.run(lines + [rows[2]]) { $0.allowsDuplicates = true }.planned.count == 1)
    }

    @Test("--skip and --limit take a range of the rows, which keep their numbers")
    func skipAndLimit() throws {
        var rig = try PlannerRig()
        let outcome = try rig.run(rows) {
            $0.skip = 1
            $0.limit = 1
        }
        #expect(outcome.statuses == ["2 created"])
        #expect(try rig.run(rows).requests == ["1 create c-1", "3 create Cleo"])
    }

    @Test("rows that an early end left are listed as not attempted, and sent by the next run")
    func listingOnly() throws {
        var rig = try PlannerRig()
        let first = try rig.run(rows + ["x,,nobody", rows[0], rows[2]], stopAfter: 1)
        #expect(
            first.statuses == [
                "1 created", "2 not_attempted", "3 not_attempted", "4 invalid", "5 duplicate",
                "6 duplicate",
            ]
        )
        #expect(first.lines[1].externalID == "c-2")
        let second = try rig.run(rows + ["x,,nobody", rows[0], rows[2]])
        #expect(second.requests == ["2 create c-2", "3 create Cleo"])
    }

    @Test("a namespace makes other identities and keys")
    func namespaces() throws {
        var rig = try PlannerRig()
        let first = try rig.run(rows)
        let second = try rig.run(rows) { $0.scope.namespace = "again" }
        #expect(second.planned.count == 3)
        #expect(
            Set(first.planned.map(\.entry.identity)).isDisjoint(
                with: second.planned.map(\.entry.identity)
            )
        )
    }
}

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
            (.unknown, .create, .settle, true), (.failed, .create, .create, false),
            (.withdrawn, .create, .create, false),
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
