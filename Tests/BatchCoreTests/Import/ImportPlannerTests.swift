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
