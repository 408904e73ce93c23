import Plugipay
import Testing

@testable import BatchCore

@Suite("Job, runs and inputs in the journal")
struct JournalJobTests {
    private let journal: Journal
    private let start = Timestamp(millisecondsSince1970: 1_760_000_000_001)
    private let end = Timestamp(millisecondsSince1970: 1_760_000_060_002)

    init() throws {
        journal = try Journal.inMemory()
    }

    @Test("A new journal has no job; a bound one keeps it, and learns the account")
    func job() throws {
        #expect(try journal.job() == nil)
        try journal.begin(.sample)
        var expected = JobRecord.sample
        #expect(try journal.job() == expected)
        try journal.setAccount("acc_1")
        expected.account = "acc_1"
        #expect(try journal.job() == expected)
    }

    @Test("A run that did not come to its end is the latest, but not the latest that ended")
    func runs() throws {
        #expect(try journal.lastRun() == nil)
        let scope = KeyScope(mode: "test", namespace: "second")
        let first = try journal.beginRun(startedAt: start, scope: scope, command: "go on")
        #expect(try journal.lastRun(isEnded: true) == nil)
        try journal.endRun(first, endedAt: end, exitCode: 1, summary: "{}")
        let second = try journal.beginRun(startedAt: end, scope: KeyScope())
        #expect(second > first)
        #expect(
            try journal.lastRun(isEnded: true)
                == RunRecord(
                    id: first,
                    startedAt: start,
                    endedAt: end,
                    scope: scope,
                    command: "go on",
                    exitCode: 1,
                    summary: "{}"
                )
        )
        let running = RunRecord(id: second, startedAt: end, scope: KeyScope(), command: "")
        #expect(try journal.lastRun() == running)
    }

    @Test("The inputs are those of the latest run, in order")
    func inputs() throws {
        #expect(try journal.inputs().isEmpty)
        try journal.setInputs([
            .sample(file: 0, rows: 1...5), .sample(file: 1, rows: nil),
            .sample(file: 2, rows: 1...9),
        ])
        var csv = InputRecord.sample(file: 0, rows: 3...7)
        csv.bytes = 1 << 40
        csv.header = 3..<18
        let standardInput = InputRecord(file: 1, path: "-", format: "jsonl")
        try journal.setInputs([csv, standardInput])
        #expect(try journal.inputs() == [csv, standardInput])
    }
}
