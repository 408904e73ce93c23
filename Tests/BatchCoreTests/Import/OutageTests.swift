import Plugipay
import Testing

@testable import BatchCore

@Suite("A server that is down")
struct OutageTests {
    private func rows(_ count: Int) -> [PlannedRow] {
        (1...count).map { .sample($0, externalID: "c-\($0)") }
    }

    private func stored(_ row: PlannedRow) -> Reply {
        .customer(
            Customer(
                "cus_\(row.entry.id)",
                of: row.draft,
                createdAt: MachineRig.epoch + .seconds(1)
            )
        )
    }

    /// Every write that was in flight, ten and the nine that followed them, has failed at once.
    private func down(
        _ rows: [PlannedRow],
        _ change: (inout ImportMachine.Settings) -> Void = { _ in }
    ) -> MachineRig {
        var rig = MachineRig {
            $0.concurrency = .fixed(10)
            change(&$0)
        }
        rig.begin(rows)
        while let ticket = rig.flights.keys.min(by: { ($0.row ?? 0) < ($1.row ?? 0) }) {
            rig.answer(ticket, .error(503, "service_unavailable"), after: .zero)
        }
        return rig
    }

    /// Rows come due before the probe does; they are not sent.
    private func probe(_ rig: inout MachineRig) throws {
        while rig.flights[.probe] == nil {
            let turn = try rig.sleep()
            #expect(turn.sentRows.isEmpty)
            #expect(rig.now < .seconds(600))
        }
        #expect(rig.flights[.probe]?.line == "GET /customers?limit=1")
    }

    @Test("ten failures in a row stop all; a probe, one write, and then more and more go out")
    func breaker() throws {
        let rows = rows(30)
        var rig = down(rows)
        let began = rig.now
        try probe(&rig)
        #expect(rig.now - began == .seconds(1))
        let trial = rig.answer(.probe, .list([]))
        #expect(trial.requests == ["POST /customers"])
        let id = try #require(trial.sentRows.first)
        let after = rig.answer(id, stored(rows[id - 1]))
        #expect(after.sends.count == 1)
        #expect(after.notes.map(\.text) == ["the server answers again, after 2 s"])
        rig.pass(.seconds(1))
        #expect(rig.flights.count == 2)
        rig.pass(.seconds(1))
        #expect(rig.flights.count == 4)
    }

    @Test("after an outage a write is tried before a look-up: reads may be well again alone")
    func trialIsWrite() throws {
        var rows = rows(20)
        rows[0] = .sample(1, externalID: nil)
        var rig = down(rows)
        try probe(&rig)
        let trial = rig.answer(.probe, .list([]))
        #expect(trial.requests == ["POST /customers"])
    }

    @Test("a probe that fails doubles the wait, a write that fails keeps it")
    func intervals() throws {
        var rig = down(rows(12))
        try probe(&rig)
        rig.answer(.probe, .unreached)
        let failed = rig.now
        try probe(&rig)
        #expect(rig.now - failed == .seconds(2))
        let trial = rig.answer(.probe, .list([]))
        let id = try #require(trial.sentRows.first)
        rig.answer(id, .error(503, "service_unavailable"))
        let failedAgain = rig.now
        try probe(&rig)
        #expect(rig.now - failedAgain == .seconds(2))
    }

    @Test("no row uses up its tries in an outage, though probes are answered and writes are not")
    func triesAreNotUsedUp() throws {
        let rows = rows(10)
        var rig = down(rows) { $0.maxAttempts = 3 }
        for _ in 1...40 {
            try probe(&rig)
            let trial = rig.answer(.probe, .list([]))
            #expect(trial.requests == ["POST /customers"])
            let id = try #require(trial.sentRows.first)
            #expect(rig.answer(id, .error(503, "service_unavailable")).settled.isEmpty)
        }
    }

    @Test("an outage that lasts too long ends the run; what is in doubt is unknown")
    func maxOutage() throws {
        var rig = down(rows(30)) { $0.maxOutage = .seconds(60) }
        var end: RunEnd?
        var settled: [JournalEntry] = []
        while end == nil, rig.now < .seconds(600) {
            let turn = rig.flights[.probe] == nil ? try rig.sleep() : rig.answer(.probe, .unreached)
            end = turn.end
            settled += turn.settled
        }
        guard case .outage? = end else {
            Issue.record("ended with \(String(describing: end))")
            return
        }
        #expect(rig.now >= .seconds(60) && rig.now < .seconds(62))
        #expect(settled.count == 30)
        #expect(settled.allSatisfy { ($0.state == .unknown) == ($0.attempts > 0) })
        #expect(settled.allSatisfy { ($0.state == .withdrawn) == ($0.attempts == 0) })
        #expect(settled.contains { $0.state == .withdrawn })
    }

    @Test("a write whose intent expires during the trial does not leave the breaker waiting")
    func expiredTrial() throws {
        var rig = down(rows(12))
        try probe(&rig)
        let trial = rig.answer(.probe, .list([]))
        let id = try #require(trial.sentRows.first)
        let turn = rig.answer(id, .expired)
        #expect(turn.commits.count == 1)
        #expect(turn.sentRows == [id])
    }
}
