import Plugipay
import Testing

@testable import BatchCore

@Suite("What goes out in which order")
struct OrderTests {
    private func stored(_ row: PlannedRow) -> Customer {
        Customer(
            "cus_\(row.entry.id)",
            of: row.draft,
            createdAt: MachineRig.epoch + .seconds(1)
        )
    }

    @Test("nothing is sent before its commit has returned")
    func intentBeforeEffect() {
        var machine = MachineRig().machine
        func moment(_ milliseconds: Int) -> ImportMachine.Moment {
            .init(
                now: MonotonicTime(.milliseconds(milliseconds)),
                server: MachineRig.epoch + .milliseconds(milliseconds),
                uncertainty: .milliseconds(10)
            )
        }
        let sends = { (actions: [ImportMachine.Action]) in
            actions.contains { if case .send(.row, _) = $0 { true } else { false } }
        }
        _ = machine.handle(.started, at: moment(0))
        _ = machine.handle(.offered([.sample(1, externalID: "c-1")], isEnd: true), at: moment(1))
        let probe = Reply.list([]).answer(to: .probe)
        let greeted = machine.handle(.answered(.probe, probe, claimed: []), at: moment(2))
        #expect(!sends(greeted))
        var signUntil = MachineRig.epoch + .seconds(30)
        var sent = false
        for step in 3...4 where !sent {
            sent = sends(machine.handle(.committed(signUntil: signUntil), at: moment(step)))
            signUntil = signUntil + .seconds(1)
        }
        #expect(sent)
    }

    @Test("an intent that is too old to be signed is committed again before the send")
    func signUntilExpires() throws {
        var rig = MachineRig { $0.concurrency = .fixed(1) }
        rig.begin([.sample(1, externalID: "c-1"), .sample(2, externalID: "c-2")])
        rig.now += MachineRig.signingTime
        let turn = rig.answer(1, .customer(stored(.sample(1, externalID: "c-1"))))
        #expect(turn.commits.count == 1)
        #expect(turn.sentRows == [2])
        let signBy = try #require(turn.sends.first?.attempt.operation.signBy)
        #expect(signBy == rig.server + MachineRig.signingTime)
    }

    @Test("an attempt that came too late to be signed goes out after another commit")
    func expiredInFlight() {
        var rig = MachineRig()
        rig.begin([.sample(1, externalID: "c-1")])
        let turn = rig.answer(1, .expired)
        #expect(turn.commits.count == 1 && turn.sentRows == [1])
        let entry = rig.answer(1, .customer(stored(.sample(1, externalID: "c-1")))).settled.first
        #expect(entry?.attempts == 1)
    }

    @Test("rows with one externalId go one after the other, in file order")
    func followers() throws {
        var rig = MachineRig { $0.onConflict = .update }
        let rows = [
            PlannedRow.sample(1, externalID: "c", name: "A"),
            .sample(2, externalID: "c", name: "B", predecessor: 1),
            .sample(3, externalID: "c", name: "C", predecessor: 2),
        ]
        #expect(rig.begin(rows).sentRows == [1])
        let customer = stored(rows[0])
        let second = rig.answer(1, .customer(customer))
        #expect(second.requests == ["GET /customers/cus_1"])
        #expect(second.sentRows == [2])
        rig.answer(2, .list([customer]))
        var changed = stored(rows[1])
        changed.id = customer.id
        changed.updatedAtText = "later"
        let third = rig.answer(2, .customer(changed, status: 200))
        #expect(third.settled.map(\.state) == [.updated])
        #expect(third.sentRows == [3])
        rig.answer(3, .list([changed]))
        changed.name = "C"
        changed.updatedAtText = "later still"
        let end = rig.answer(3, .customer(changed, status: 200))
        #expect(end.settled.map(\.id) == [3])
        #expect(end.end?.isCompleted == true)
    }

    @Test("a follower of a row that was rejected creates the customer itself")
    func followerOfRejected() {
        var rig = MachineRig { $0.onConflict = .update }
        rig.begin([
            .sample(1, externalID: "c", name: "A"),
            .sample(2, externalID: "c", name: "B", predecessor: 1),
        ])
        #expect(rig.answer(1, .error(400, "validation_error")).requests == ["POST /customers"])
    }

    @Test("a row that has waited goes before one that has not been tried")
    func urgentFirst() throws {
        var rig = MachineRig { $0.concurrency = .fixed(1) }
        rig.begin((1...3).map { .sample($0, externalID: "c-\($0)") })
        rig.answer(1, .error(429, "rate_limited", headers: ["Retry-After": "1"]))
        #expect(try rig.sleep().sentRows == [1])
    }

    @Test("no more are in flight than allowed", arguments: [1, 5])
    func concurrency(_ limit: Int) {
        var rig = MachineRig { $0.concurrency = .fixed(limit) }
        let rows = (1...20).map { PlannedRow.sample($0, externalID: "c-\($0)") }
        rig.begin(rows)
        for row in rows {
            #expect(rig.flights.count <= limit)
            rig.answer(row.entry.id, .customer(stored(row)))
        }
    }

    @Test("until the server has taken a write, few are in flight: it may refuse them all")
    func firstWrites() {
        var rig = MachineRig()
        let rows = (1...40).map { PlannedRow.sample($0, externalID: "c-\($0)") }
        let few = ImportMachine.Bounds.firstWrites
        #expect(rig.begin(rows).sends.count == few)
        #expect(rig.answer(1, .customer(stored(rows[0]))).sends.count == 40 - few)
    }

    @Test("for a merchant a single write goes out until an answer has named the account")
    func merchantIsProven() {
        var rig = MachineRig { $0.onBehalfOf = "acc_1" }
        let rows = (1...3).map { PlannedRow.sample($0, externalID: "c-\($0)") }
        #expect(rig.begin(rows).sentRows == [1])
        var customer = stored(rows[0])
        customer.accountId = "acc_1"
        #expect(rig.answer(1, .customer(customer)).sentRows == [2, 3])
    }

    @Test("a customer that was made for another account ends the run and is in doubt")
    func wrongAccount() {
        var rig = MachineRig { $0.onBehalfOf = "acc_1" }
        let row = PlannedRow.sample(1, externalID: "c-1")
        rig.begin([row, .sample(2, externalID: "c-2")])
        var customer = stored(row)
        customer.accountId = "acc_2"
        let turn = rig.answer(1, .customer(customer))
        #expect(turn.settled.map(\.state) == [.unknown, .withdrawn])
        #expect(turn.end?.message?.contains("acc_2") == true)
    }

    @Test("reading goes on while few rows are ready, and pauses while many are held")
    func readAhead() throws {
        var rig = MachineRig { $0.concurrency = .fixed(1) }
        let ahead = try #require(rig.bring(.started).reads.first)
        #expect(ImportMachine.Bounds.lookAhead.contains(ahead))
        let full = rig.bring(.offered(samples(1...ahead), isEnd: false))
        #expect(full.reads.isEmpty)
        rig.answer(.probe, .list([]))
        var next = 1
        var reads: [Int] = []
        while reads.isEmpty, next <= ahead {
            reads =
                rig.answer(next, .customer(stored(.sample(next, externalID: "c-\(next)")))).reads
            next += 1
        }
        #expect(reads.count == 1)
        #expect(next - 1 <= ahead - ahead / 2)
    }

    @Test("rows in memory are bounded by number and by bytes, followers too")
    func bounds() {
        let limit = ImportMachine.Bounds.heldRows
        var rig = MachineRig { $0.onConflict = .update }
        rig.bring(.started)
        let first = PlannedRow.sample(1, externalID: "c")
        let chain = (2...limit).map { number in
            PlannedRow.sample(number, externalID: "c", predecessor: number - 1)
        }
        #expect(rig.bring(.offered([first] + chain, isEnd: false)).reads.isEmpty)
        #expect(rig.answer(.probe, .list([])).reads.isEmpty)

        var heavy = MachineRig { $0.onConflict = .update }
        heavy.bring(.started)
        var big = PlannedRow.sample(2, externalID: "c", predecessor: 1)
        big.body = [UInt8](repeating: 0, count: ImportMachine.Bounds.heldBytes / 2)
        #expect(heavy.bring(.offered([first, big], isEnd: false)).reads.isEmpty)
        #expect(heavy.answer(.probe, .list([])).reads.isEmpty)
    }

    private func samples(_ numbers: ClosedRange<Int>) -> [PlannedRow] {
        numbers.map { .sample($0, externalID: "c-\($0)") }
    }
}
