import Plugipay
import Testing

@testable import BatchCore

@Suite("A server that takes no metadata in an update")
struct MetadataRefusalTests {
    private static let words =
        "the server does not take this metadata in an update, and it was left as it was "

    private static func row(
        _ number: Int = 1,
        metadata: [String: String] = ["a": "1"]
    )
        -> PlannedRow
    {
        var row = PlannedRow.sample(number, externalID: "c-\(number)", start: .update)
        row.draft.metadata = metadata
        row.body = row.draft.canonicalBody()
        row.entry.body = .sha256(row.body)
        row.entry.sentBody = row.entry.body
        row.entry.customerID = "cus_\(number)"
        return row
    }

    private static func record(
        of row: PlannedRow,
        isLater: Bool = false,
        _ change: (inout Customer) -> Void = { _ in }
    ) -> Customer {
        let created = MachineRig.epoch - .seconds(60)
        var record = Customer("cus_\(row.entry.id)", of: row.draft, createdAt: created)
        record.metadata = ["old": "0"]
        if isLater { record.updatedAtText = "2027-01-15T08:00:00.000Z" }
        change(&record)
        return record
    }

    private func patching(_ rows: [PlannedRow], name: String? = "Other") -> MachineRig {
        var rig = MachineRig { $0.onConflict = .update }
        rig.begin(rows)
        for row in rows {
            let found = Self.record(of: row) { $0.name = name ?? $0.name }
            let turn = rig.answer(row.entry.id, .customer(found, status: 200))
            #expect(turn.sends.first?.attempt.body.contains("metadata") == true)
        }
        return rig
    }

    private static func refusal(
        _ message: String = "Unknown field.",
        field: String? = "metadata",
        status: Int = 400
    ) -> Reply {
        .error(status, "validation_error", message: message, field: field)
    }

    @Test(
        "what else differs is sent without it, under another key, and the message says so",
        arguments: [
            refusal(), refusal(field: "Metadata"), refusal(field: "metadata.a"),
            refusal(field: "body.metadata"), refusal(field: "metadata[a]"),
            refusal("Unrecognized key(s) in object: 'metadata'", field: nil),
            refusal("Unrecognized key(s) in object: 'metadata'", field: ""),
            refusal(status: 422),
        ]
    )
    func without(_ refusal: Reply) throws {
        let row = Self.row()
        var rig = patching([row])
        let first = rig.flights[.row(1)]?.operation.idempotencyKey
        let turn = rig.answer(1, refusal)
        let second = try #require(turn.sends.first?.attempt)
        #expect(second.line == "PATCH /customers/cus_1")
        #expect(second.body == #"{"name":"Person 1"}"#)
        #expect(second.operation.idempotencyKey != first)
        #expect(
            turn.commits.last?.first?.key(in: KeyScope()).text == second.operation.idempotencyKey
        )
        let answer = Reply.customer(Self.record(of: row, isLater: true), status: 200)
        let entry = try #require(rig.answer(1, answer).settled.first)
        #expect(entry.state == .updated && entry.errorCode == nil)
        #expect(entry.message?.hasPrefix(Self.words) == true)
        #expect(entry.attempts == 2)
    }

    @Test("the user is told once a run")
    func oneNote() {
        let rows = [Self.row(1), Self.row(2)]
        var rig = patching(rows)
        let notes = rows.map { rig.answer($0.entry.id, Self.refusal()).notes }
        #expect(notes.map(\.count) == [1, 0])
        #expect(notes.first?.first?.level == .warning)
        #expect(notes.first?.first?.text.contains("metadata") == true)
    }

    @Test("metadata was all that differs: rejected, with what to do")
    func onlyMetadata() throws {
        var rig = patching([Self.row()], name: nil)
        let turn = rig.answer(1, Self.refusal())
        let entry = try #require(turn.settled.first)
        #expect(turn.sends.isEmpty)
        #expect(entry.state == .rejected && entry.httpStatus == 400)
        #expect(entry.errorCode == "validation_error" && entry.errorField == "metadata")
        #expect(entry.message?.hasPrefix("Unknown field. (nothing but metadata differs") == true)
        #expect(entry.message?.contains("mend the metadata") == true)
    }

    @Test(
        "a refusal that is about something else rejects the row",
        arguments: [
            refusal(field: "email"), refusal("Invalid body.", field: nil),
            refusal("no such e-mail: p1@example.com", field: nil), refusal(field: "metadataset"),
        ]
    )
    func otherField(_ refusal: Reply) {
        var rig = patching([Self.row()])
        let turn = rig.answer(1, refusal)
        #expect(turn.sends.isEmpty && turn.notes.isEmpty)
        #expect(turn.settled.map(\.state) == [.rejected])
    }

    @Test("a value of the row that is quoted does not pass for the member's name")
    func quotedValue() {
        var row = Self.row()
        row.draft.name = "metadata"
        let fault = Answer.Fault(status: 400, code: "x", message: "metadata is no name")
        #expect(!MessageCleaner.namesMetadata(fault, of: row.draft))
    }

    @Test("what the row's metadata is refused for stays in the message, without its values")
    func rowsOwnFault() throws {
        let row = Self.row(metadata: ["plan": "confidential plan"])
        var rig = patching([row])
        let refusal = Self.refusal("confidential plan is too long", field: "metadata.plan")
        rig.answer(1, refusal)
        let answer = Reply.customer(Self.record(of: row, isLater: true), status: 200)
        let entry = try #require(rig.answer(1, answer).settled.first)
        #expect(
            entry.message
                == Self.words + "(validation_error: <metadata.plan> is too long)"
        )
    }

    @Test("the PATCH without it is refused for another field: that is what is told")
    func bothWrong() throws {
        var rig = patching([Self.row()])
        rig.answer(1, Self.refusal())
        let turn = rig.answer(
            1,
            .error(400, "validation_error", message: "too long", field: "name")
        )
        let entry = try #require(turn.settled.first)
        #expect(entry.state == .rejected && entry.errorField == "name")
        #expect(entry.message == "too long")
    }

    @Test("the PATCH without it in doubt: looked up, and metadata is not sent again")
    func inDoubt() throws {
        let row = Self.row()
        var rig = patching([row])
        rig.answer(1, Self.refusal())
        rig.answer(1, .lost)
        try rig.sleep()
        let same = Self.record(of: row) { $0.name = "Other" }
        let again = rig.answer(1, .customer(same, status: 200))
        #expect(again.sends.first?.attempt.body == #"{"name":"Person 1"}"#)
        rig.answer(1, .lost)
        try rig.sleep()
        let done = Self.record(of: row, isLater: true)
        let entry = try #require(rig.answer(1, .customer(done, status: 200)).settled.first)
        #expect(entry.state == .updated)
        #expect(entry.message?.hasPrefix(Self.words) == true)
    }

    @Test(
        "after a kill the journaled body tells which PATCH was in doubt",
        arguments: [
            (#"{"name":"Person 1"}"#, JournalEntry.State.updated),
            (#"{"metadata":{"a":"1"}}"#, .rejected),
        ]
    )
    func killed(_ sent: String, _ state: JournalEntry.State) throws {
        var row = Self.row()
        row.isInDoubt = true
        row.entry.operation = .update(id: "cus_1", updatedAt: "2027-01-01T00:00:00.000Z")
        row.entry.sentBody = .sha256(Array(sent.utf8))
        var rig = MachineRig { $0.onConflict = .update }
        rig.begin([row])
        rig.answer(1, .customer(Self.record(of: row), status: 200))
        #expect(rig.answer(1, Self.refusal()).settled.map(\.state) == [state])
    }
}
