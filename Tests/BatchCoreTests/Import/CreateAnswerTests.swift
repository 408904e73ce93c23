import Plugipay
import Testing

@testable import BatchCore

@Suite("What an answer to a create means")
struct CreateAnswerTests {
    private let row = PlannedRow.sample(1, externalID: "c-1")

    private var stored: Customer {
        Customer("cus_1", of: row.draft, createdAt: MachineRig.epoch + .seconds(1))
    }

    @Test("a customer of ours: created, with its id and the request's")
    func created() throws {
        var rig = MachineRig()
        rig.begin([row])
        let turn = rig.answer(1, .customer(stored))
        let entry = try #require(turn.settled.first)
        #expect(entry.state == .created)
        #expect(entry.customerID == "cus_1")
        #expect(entry.requestID == "req_9")
        #expect(entry.attempts == 1)
        #expect(turn.end?.isCompleted == true)
    }

    @Test("fields that were stored differently are named, not shown")
    func storedDifferently() {
        var rig = MachineRig()
        rig.begin([row])
        var other = stored
        other.name = "PERSON 1"
        let turn = rig.answer(1, .customer(other))
        #expect(turn.settled.first?.state == .created)
        #expect(turn.settled.first?.message == "stored differently: name")
    }

    @Test(
        "what says nothing certain is tried again with the same key and the same bytes",
        arguments: [
            Reply.lost, .page, .raw(201, ""), .raw(302, ""), .error(408, "timeout"),
            .error(500, "internal_error"), .raw(502, "<html>"), .raw(409, "taken"), .raw(400, "no"),
            .customer(Customer(id: "cus_of_somebody_else")),
        ]
    )
    func inDoubt(_ reply: Reply) throws {
        var rig = MachineRig()
        let first = try #require(rig.begin([row]).sends.first?.attempt.operation)
        #expect(rig.answer(1, reply).settled.isEmpty)
        let second = try #require(try rig.sleep().sends.first?.attempt.operation)
        #expect(second.method == .post)
        #expect(second.idempotencyKey == first.idempotencyKey)
        #expect(second.body == first.body)
        #expect(second.requestID != first.requestID)
    }

    @Test(
        "a refusal of what the row says: rejected, with the server's code and field",
        arguments: [400, 413, 422, 418]
    )
    func rejected(_ status: Int) throws {
        var rig = MachineRig()
        rig.begin([row])
        let reply = Reply.error(status, "Validation_Error", message: "p1@example.com is wrong")
        let entry = try #require(rig.answer(1, reply).settled.first)
        #expect(entry.state == .rejected)
        #expect(entry.httpStatus == status)
        #expect(entry.errorCode == "validation_error")
        #expect(entry.errorField == "email")
        #expect(entry.message == "<email> is wrong")
    }

    @Test(
        "what is never about the row stops the run",
        arguments: [
            Reply.error(401, "invalid_key"), .error(403, "insufficient_scope"),
            .error(404, "not_found"), .error(405, "method_not_allowed"),
            .error(415, "unsupported_media_type"), .badCertificate,
        ]
    )
    func stops(_ reply: Reply) {
        var rig = MachineRig()
        rig.begin([row])
        let turn = rig.answer(1, reply)
        #expect(turn.end?.isFailure == true)
        #expect(turn.settled.map(\.state) == [.withdrawn])
    }

    @Test("a proxy's 404 stops the run and leaves the row in doubt")
    func bareNotFound() {
        var rig = MachineRig()
        rig.begin([row])
        let turn = rig.answer(1, .raw(404, "<html>"))
        #expect(turn.end?.isFailure == true)
        #expect(turn.settled.map(\.state) == [.unknown])
        #expect(turn.settled.first?.errorCode == "in_doubt")
    }

    @Test("what never left this machine is no attempt")
    func unsent() throws {
        var rig = MachineRig { $0.maxAttempts = 1 }
        rig.begin([row])
        for _ in 1...3 {
            #expect(rig.answer(1, .unreached).settled.isEmpty)
            try rig.sleep()
        }
        #expect(rig.answer(1, .customer(stored)).settled.first?.attempts == 1)
    }

    @Test("a 429 is no attempt, and closes the gate for all until its time has passed")
    func throttled() throws {
        var rig = MachineRig { $0.concurrency = .fixed(1) }
        rig.begin([row, .sample(2, externalID: "c-2")])
        let turn = rig.answer(1, .error(429, "rate_limited", headers: ["Retry-After": "3"]))
        #expect(turn.sends.isEmpty && turn.settled.isEmpty)
        #expect(rig.machine.wait(at: MonotonicTime(rig.now))?.kind == .limit)
        #expect(rig.pass(.milliseconds(2_900)).sends.isEmpty)
        #expect(try rig.sleep().sentRows == [1])
        #expect(rig.now <= .seconds(3.4))
        #expect(rig.answer(1, .customer(stored)).settled.first?.attempts == 1)
    }

    @Test("the time of a signature that is refused is corrected once for a row")
    func refusedClock() {
        var rig = MachineRig()
        rig.begin([row])
        let turn = rig.answer(1, .error(401, "invalid_timestamp"))
        #expect(turn.clockCorrections == 1)
        #expect(turn.requests == ["POST /customers"])
        #expect(rig.answer(1, .error(401, "invalid_timestamp")).end?.isFailure == true)
    }

    @Test(
        "a key that was used with another body: looked up, and absent, the next epoch is committed"
    )
    func keyMismatch() throws {
        var rig = MachineRig()
        let first = try #require(rig.begin([row]).sends.first?.attempt.operation)
        let asked = rig.answer(1, .error(409, "idempotency_mismatch"))
        #expect(asked.requests == ["GET /customers?externalId=c-1&limit=100"])
        let turn = rig.answer(1, .list([]))
        #expect(turn.commits.last?.first?.epoch == 1)
        let second = try #require(turn.sends.first?.attempt.operation)
        #expect(second.method == .post && second.idempotencyKey != first.idempotencyKey)
        #expect(rig.answer(1, .customer(stored)).settled.first?.state == .created)
    }

    @Test("a stored answer of an earlier job is looked up by its id")
    func storedAnswer() {
        var rig = MachineRig()
        rig.begin([row])
        var old = stored
        old.createdAt = MachineRig.epoch - .seconds(60)
        #expect(rig.answer(1, .customer(old)).requests == ["GET /customers/cus_1"])
        let turn = rig.answer(1, .customer(old, status: 200))
        #expect(turn.settled.first?.state == .exists)
        #expect(turn.settled.first?.customerID == "cus_1")
    }

    @Test("a stored answer of a customer that is gone: the next epoch, committed before it is sent")
    func storedAnswerOfNothing() throws {
        var rig = MachineRig()
        let first = try #require(rig.begin([row]).sends.first?.attempt.operation)
        var old = stored
        old.createdAt = MachineRig.epoch - .seconds(60)
        rig.answer(1, .customer(old))
        let turn = rig.answer(1, .error(404, "not_found"))
        #expect(turn.commits.last?.first?.epoch == 1)
        #expect(turn.sends.first?.attempt.operation.idempotencyKey != first.idempotencyKey)
        #expect(rig.answer(1, .customer(stored)).settled.first?.state == .created)
    }

    @Test("with --on-conflict update a stored answer is compared with what is there now")
    func storedAnswerUnderUpdate() {
        var rig = MachineRig { $0.onConflict = .update }
        rig.begin([row])
        var old = stored
        old.createdAt = MachineRig.epoch - .seconds(60)
        rig.answer(1, .customer(old))
        old.name = "Changed since"
        let turn = rig.answer(1, .customer(old, status: 200))
        #expect(turn.requests == ["PATCH /customers/cus_1"])
    }
}
