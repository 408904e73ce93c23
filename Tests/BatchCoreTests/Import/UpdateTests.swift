import Plugipay
import Testing

@testable import BatchCore

@Suite("A row that changes a customer")
struct UpdateTests {
    /// A row that the journal has linked to `cus_1`, whose customer is now to be as it says.
    private static func row(
        _ number: Int = 1,
        metadata: [String: String]? = nil,
        start: PlannedRow.Start = .update,
        change: (inout CustomerDraft) -> Void = { _ in }
    ) -> PlannedRow {
        var row = PlannedRow.sample(number, externalID: "c-\(number)", start: start)
        row.draft.metadata = metadata
        change(&row.draft)
        row.body = row.draft.canonicalBody()
        row.entry.body = .sha256(row.body)
        row.entry.sentBody = row.entry.body
        if start == .update { row.entry.customerID = "cus_\(number)" }
        return row
    }

    /// The customer of a row, changed at this time.
    private static func record(
        of row: PlannedRow,
        at updatedAt: String? = "2027-01-01T00:00:00.000Z",
        _ change: (inout Customer) -> Void = { _ in }
    ) -> Customer {
        var record = Customer(
            "cus_\(row.entry.id)",
            of: row.draft,
            createdAt: MachineRig.epoch - .seconds(60)
        )
        record.updatedAtText = updatedAt
        change(&record)
        return record
    }

    private static let later = "2027-01-15T08:00:00.000Z"
    private static let latest = "2027-01-16T08:00:00.000Z"

    /// A rig whose row 1 has looked at a record that differs, and has its PATCH in flight.
    private func patching(
        _ row: PlannedRow,
        maxAttempts: Int = 8,
        at updatedAt: String? = "2027-01-01T00:00:00.000Z",
        _ change: (inout Customer) -> Void
    ) -> (MachineRig, Attempt?) {
        var rig = MachineRig {
            $0.onConflict = .update
            $0.maxAttempts = maxAttempts
        }
        #expect(rig.begin([row]).requests == ["GET /customers/cus_1"])
        let found = Self.record(of: row, at: updatedAt, change)
        let turn = rig.answer(1, .customer(found, status: 200))
        #expect(turn.requests == ["PATCH /customers/cus_1"])
        return (rig, turn.sends.first?.attempt)
    }

    // MARK: What is sent

    @Test("only what differs is sent; what the row does not have is neither sent nor cleared")
    func differences() throws {
        let row = Self.row { $0.phone = "1" }
        let (_, attempt) = patching(row) {
            $0.phone = "2"
            $0.taxId = "kept"
            $0.metadata = ["kept": "too"]
        }
        #expect(attempt?.body == #"{"phone":"1"}"#)
    }

    @Test("metadata is sent whole where it differs")
    func metadata() throws {
        let row = Self.row(metadata: ["a": "1", "b": "2"])
        let (_, attempt) = patching(row) { $0.metadata = ["b": "2", "c": "3"] }
        #expect(attempt?.body == #"{"metadata":{"a":"1","b":"2"}}"#)
    }

    @Test("nothing differs: unchanged, and no PATCH")
    func unchanged() {
        let row = Self.row(metadata: ["a": "1"])
        var rig = MachineRig { $0.onConflict = .update }
        rig.begin([row])
        let record = Self.record(of: row) { $0.email = "P1@Example.com" }
        let turn = rig.answer(1, .customer(record, status: 200))
        #expect(turn.settled.map(\.state) == [.unchanged])
        #expect(turn.settled.first?.customerID == "cus_1")
        #expect(turn.sends.isEmpty)
    }

    @Test("one PATCH is owed to each row, even with a single try")
    func singleTry() {
        var rig = MachineRig {
            $0.onConflict = .update
            $0.maxAttempts = 1
        }
        let row = Self.row(start: .create)
        rig.begin([row])
        rig.answer(1, .error(409, "conflict"))
        let turn = rig.answer(1, .list([Self.record(of: row) { $0.name = "Other" }]))
        #expect(turn.requests == ["PATCH /customers/cus_1"])
    }

    // MARK: What comes back

    @Test("fields that the server has stored otherwise are named; others were not sent")
    func storedOtherwise() throws {
        let row = Self.row(metadata: ["a": "1"]) { $0.email = "P1@Example.com" }
        var (rig, _) = patching(row) {
            $0.email = "other@example.com"
            $0.metadata = ["b": "2"]
        }
        let answer = Self.record(of: row, at: Self.later) {
            $0.email = "p1@example.com"
            $0.metadata = ["a": "1", "b": "2"]
        }
        let entry = try #require(rig.answer(1, .customer(answer, status: 200)).settled.first)
        #expect(entry.state == .updated)
        #expect(entry.message == "stored differently: email, metadata")
    }

    @Test(
        "an answer that shows no record of the row is in doubt: the customer is asked for",
        arguments: [
            Reply.customer(Customer(id: "cus_9"), status: 200), .page, .lost,
            .error(500, "internal_error"), .raw(200, ""),
        ]
    )
    func inDoubt(_ reply: Reply) throws {
        let row = Self.row()
        var (rig, first) = patching(row) { $0.name = "Other" }
        #expect(rig.answer(1, reply).settled.isEmpty)
        #expect(try rig.sleep().requests == ["GET /customers/cus_1"])
        // Not carried out, and changed by somebody else: another difference, under another key.
        let found = Self.record(of: row, at: Self.later) { $0.email = "other@example.com" }
        let turn = rig.answer(1, .customer(found, status: 200))
        let second = try #require(turn.sends.first?.attempt)
        #expect(second.body == #"{"email":"p1@example.com"}"#)
        #expect(second.operation.idempotencyKey != first?.operation.idempotencyKey)
        rig.answer(1, reply)
        try rig.sleep()
        let end = rig.answer(1, .customer(Self.record(of: row, at: Self.latest), status: 200))
        #expect(end.settled.map(\.state) == [.updated])
        #expect(end.settled.first?.attempts == 2)
    }

    @Test("a PATCH that always fails is failed after the last try, and says so")
    func usedUp() throws {
        let row = Self.row()
        var (rig, _) = patching(row, maxAttempts: 2) { $0.name = "Other" }
        let found = Reply.customer(Self.record(of: row) { $0.name = "Other" }, status: 200)
        rig.answer(1, .lost)
        try rig.sleep()
        rig.answer(1, found)
        rig.answer(1, .lost)
        try rig.sleep()
        let entry = try #require(rig.answer(1, found).settled.first)
        #expect(entry.state == .failed && entry.errorCode == "attempts_used_up")
        #expect(entry.attempts == 2)
    }

    @Test("a field that somebody else changed meanwhile is set again by another PATCH")
    func changedMeanwhile() throws {
        let row = Self.row()
        var (rig, _) = patching(row) { $0.name = "Other" }
        let mixed = Self.record(of: row, at: Self.later) { $0.email = "else@example.com" }
        let asked = rig.answer(1, .customer(mixed, status: 200))
        #expect(asked.requests == ["GET /customers/cus_1"])
        let turn = rig.answer(1, .customer(mixed, status: 200))
        #expect(turn.sends.first?.attempt.body == #"{"email":"p1@example.com"}"#)
        let whole = Self.record(of: row, at: Self.latest)
        #expect(rig.answer(1, .customer(whole, status: 200)).settled.map(\.state) == [.updated])
    }

    @Test("a server that shows a part of the record only has not lost the rest")
    func partialAnswer() throws {
        let row = Self.row()
        var (rig, _) = patching(row) { $0.name = "Other" }
        let part = Self.record(of: row, at: Self.later) { $0.email = nil }
        rig.answer(1, .customer(part, status: 200))
        let turn = rig.answer(1, .customer(Self.record(of: row, at: Self.later), status: 200))
        #expect(turn.settled.map(\.state) == [.updated])
        #expect(turn.settled.first?.message == nil)
    }

    @Test("a field that is always stored otherwise is not sent over and over")
    func alwaysOtherwise() throws {
        let row = Self.row { $0.phone = "+1 2" }
        var (rig, _) = patching(row) { $0.phone = "9" }
        let mixed = Self.record(of: row, at: Self.later) {
            $0.phone = "12"
            $0.email = "else@example.com"
        }
        rig.answer(1, .customer(mixed, status: 200))
        let turn = rig.answer(1, .customer(mixed, status: 200))
        #expect(turn.sends.first?.attempt.body == #"{"email":"p1@example.com"}"#)
        let end = Self.record(of: row, at: Self.latest) { $0.phone = "12" }
        let entry = try #require(rig.answer(1, .customer(end, status: 200)).settled.first)
        #expect(entry.state == .updated && entry.message == "stored differently: phone")
    }

    @Test(
        "an answer that shows no later state may be a stored one: the customer decides",
        arguments: [nil, "2027-01-01T00:00:00Z"] as [String?]
    )
    func storedAnswer(_ updatedAt: String?) throws {
        let row = Self.row()
        var (rig, first) = patching(row, at: updatedAt) { $0.name = "Other" }
        let told = Reply.customer(Self.record(of: row, at: updatedAt), status: 200)
        #expect(rig.answer(1, told).requests == ["GET /customers/cus_1"])
        let still = Self.record(of: row, at: updatedAt) { $0.name = "Other" }
        let turn = rig.answer(1, .customer(still, status: 200))
        let second = try #require(turn.sends.first?.attempt)
        #expect(second.body == first?.body)
        #expect(second.operation.idempotencyKey != first?.operation.idempotencyKey)
        #expect(turn.commits.last?.first?.epoch == 1)
        rig.answer(1, told)
        #expect(rig.answer(1, told).settled.map(\.state) == [.updated])
    }

    // MARK: Refusals

    @Test("a 409 is looked at again; when it comes again for the same state it is the row's")
    func conflict() throws {
        let row = Self.row()
        var (rig, _) = patching(row) { $0.name = "Other" }
        let found = Reply.customer(Self.record(of: row) { $0.name = "Other" }, status: 200)
        rig.answer(1, .error(409, "conflict", message: "busy", field: nil))
        #expect(try rig.sleep().requests == ["GET /customers/cus_1"])
        #expect(rig.answer(1, found).requests == ["PATCH /customers/cus_1"])
        let turn = rig.answer(1, .error(409, "conflict", message: "busy", field: nil))
        #expect(turn.settled.first?.state == .rejected)
        #expect(turn.settled.first?.message == "busy")
    }

    @Test("a key that is refused is given up for the next epoch, once a look-up says it is needed")
    func keyMismatch() throws {
        let row = Self.row()
        var (rig, first) = patching(row) { $0.name = "Other" }
        rig.answer(1, .error(409, "idempotency_mismatch"))
        #expect(try rig.sleep().requests == ["GET /customers/cus_1"])
        let found = Self.record(of: row) { $0.name = "Other" }
        let turn = rig.answer(1, .customer(found, status: 200))
        let second = try #require(turn.sends.first?.attempt.operation)
        #expect(second.idempotencyKey != first?.operation.idempotencyKey)
        #expect(turn.commits.last?.first?.epoch == 1)
    }

    @Test("a key that may not read: the row is failed, for nothing of it is in doubt")
    func withoutScope() {
        var rig = MachineRig { $0.onConflict = .update }
        rig.begin([Self.row()])
        let turn = rig.answer(1, .error(403, "insufficient_scope"))
        #expect(turn.settled.map(\.state) == [.failed])
        #expect(turn.settled.first?.errorCode == "insufficient_scope")
    }

    // MARK: Customers that are gone

    @Test("deleted since it was imported: failed, never created by guess")
    func deleted() throws {
        var (rig, _) = patching(Self.row()) { $0.name = "Other" }
        #expect(rig.answer(1, .error(404, "not_found")).requests == ["GET /customers/cus_1"])
        let asked = rig.answer(1, .error(404, "not_found"))
        #expect(asked.requests == ["GET /customers?externalId=c-1&limit=100"])
        let entry = try #require(rig.answer(1, .list([])).settled.first)
        #expect(entry.state == .failed && entry.errorCode == "not_found")
        #expect(entry.message?.contains("--job") == true)
    }

    @Test("deleted and made again by somebody else: that one is changed")
    func madeAgain() throws {
        let row = Self.row()
        var (rig, _) = patching(row) { $0.name = "Other" }
        rig.answer(1, .error(404, "not_found"))
        rig.answer(1, .error(404, "not_found"))
        let new = Self.record(of: row) {
            $0.id = "cus_2"
            $0.name = "Other"
        }
        #expect(rig.answer(1, .list([new])).requests == ["PATCH /customers/cus_2"])
    }

    @Test("a customer that bears another externalId now is not the row's")
    func otherExternalID() {
        var rig = MachineRig { $0.onConflict = .update }
        let row = Self.row()
        rig.begin([row])
        let other = Self.record(of: row) { $0.externalId = "c-99" }
        let turn = rig.answer(1, .customer(other, status: 200))
        #expect(turn.requests == ["GET /customers?externalId=c-1&limit=100"])
    }

    @Test("a row that the journal did not know asks for a customer: one is created")
    func deletedBeforeItsPatch() throws {
        var rig = MachineRig { $0.onConflict = .update }
        let row = Self.row(start: .create)
        let first = rig.begin([row]).sends.first?.attempt.operation
        rig.answer(1, .error(409, "conflict"))
        rig.answer(1, .list([Self.record(of: row) { $0.name = "Other" }]))
        rig.answer(1, .error(404, "not_found"))
        rig.answer(1, .error(404, "not_found"))
        let turn = rig.answer(1, .list([]))
        let create = try #require(turn.sends.first?.attempt)
        #expect(create.line == "POST /customers")
        #expect(create.operation.idempotencyKey == first?.idempotencyKey)
        #expect(turn.commits.last?.first?.operation == .create)
        let new = Customer("cus_5", of: row.draft, createdAt: rig.server)
        #expect(rig.answer(1, .customer(new)).settled.map(\.state) == [.created])
    }

    @Test("a row whose predecessor was deleted is failed, too")
    func followerOfDeleted() {
        var rig = MachineRig { $0.onConflict = .update }
        rig.begin([Self.row(), .sample(2, externalID: "c-1", predecessor: 1)])
        rig.answer(1, .error(404, "not_found"))
        let turn = rig.answer(1, .list([]))
        #expect(turn.settled.map(\.state) == [.failed])
        #expect(turn.requests == ["GET /customers?externalId=c-1&limit=100"])
        #expect(rig.answer(2, .list([])).settled.map(\.state) == [.failed])
    }

    @Test(
        "without a filter by externalId a changed e-mail proves nothing: unchanged is not guessed"
    )
    func withoutFilter() {
        var row = Self.row()
        row.entry.customerID = nil
        var rig = MachineRig { $0.onConflict = .update }
        #expect(rig.begin([row]).requests == ["GET /customers?externalId=c-1&limit=100"])
        let asked = rig.answer(1, .list([Customer(id: "cus_7")]))
        #expect(asked.requests == ["GET /customers?email=p1@example.com&limit=100"])
        let turn = rig.answer(1, .list([]))
        #expect(turn.settled.map(\.state) == [.failed])
        #expect(turn.settled.first?.message?.contains("does not filter") == true)
    }

    // MARK: An earlier run that was killed

    @Test("an intent found open: carried out, it is settled without another PATCH")
    func killed() throws {
        var row = Self.row()
        row.isInDoubt = true
        row.entry.operation = .update(id: "cus_1", updatedAt: Self.later)
        row.entry.attempts = 1
        var rig = MachineRig { $0.onConflict = .update }
        #expect(rig.begin([row]).requests == ["GET /customers/cus_1"])
        let turn = rig.answer(1, .customer(Self.record(of: row), status: 200))
        #expect(turn.settled.map(\.state) == [.updated] && turn.sends.isEmpty)
        var other = MachineRig { $0.onConflict = .update }
        other.begin([row])
        let found = Self.record(of: row) { $0.name = "Other" }
        #expect(
            other.answer(1, .customer(found, status: 200)).requests == ["PATCH /customers/cus_1"]
        )
    }

    @Test("an intent found open whose PATCH was never made ready is nothing in doubt")
    func killedBefore() {
        var row = Self.row()
        row.isInDoubt = true
        var rig = MachineRig { $0.onConflict = .update }
        rig.begin([row])
        #expect(rig.bring(.stop(.signal(2))).settled.isEmpty)
        let turn = rig.answer(1, .lost)
        #expect(turn.settled.map(\.state) == [.withdrawn])
    }

    // MARK: Rows without an externalId

    @Test("the stored answer of an earlier job is changed where it differs, and created if deleted")
    func withoutExternalID() throws {
        let row = PlannedRow.sample(1)
        var rig = MachineRig { $0.onConflict = .update }
        rig.begin([row])
        let old = Customer("cus_1", of: row.draft, createdAt: MachineRig.epoch - .seconds(60))
        rig.answer(1, .customer(old))
        var changed = old
        changed.name = "Other"
        #expect(
            rig.answer(1, .customer(changed, status: 200)).requests == [
                "PATCH /customers/cus_1"
            ]
        )
        rig.answer(1, .lost)
        #expect(try rig.sleep().requests == ["GET /customers/cus_1"])
        let turn = rig.answer(1, .error(404, "not_found"))
        #expect(turn.requests == ["POST /customers"])
        #expect(turn.commits.last?.first?.epoch == 1)
    }
}
