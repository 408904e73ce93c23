import Plugipay
import Testing

@testable import BatchCore

@Suite("How far a run is")
struct RunProgressTests {
    private let time = Timestamp(millisecondsSince1970: 1500)

    @Test("The share comes from the total, else from bytes, and is never beyond 1")
    func share() {
        #expect(RunProgress(.importing, done: 1, total: 4).share == 0.25)
        #expect(RunProgress(.importing, done: 0, total: 0).share == 1)
        #expect(RunProgress(.importing, done: 5, total: 4).share == 1)
        #expect(RunProgress(.exporting, done: 5).share == nil)
        #expect(RunProgress(.checking, done: 5, bytes: .init(read: 1, total: 2)).share == 0.5)
        #expect(RunProgress(.checking, done: 0, bytes: .init(read: 0, total: 0)).share == nil)
    }

    @Test("--progress json has every member in every line")
    func json() {
        let progress = RunProgress(
            .importing,
            done: 1999,
            total: 2000,
            errors: 3,
            perSecond: 15.96,
            inFlight: 8,
            wait: .limit(.milliseconds(2100)),
            remaining: .milliseconds(63)
        )
        let parts = [
            #"{"time":"1970-01-01T00:00:01.500Z","level":"info","message":"a \"b\"","#,
            #""event":"progress","activity":"importing","done":1999,"total":2000,"percent":99.9,"#,
            #""per_second":16,"in_flight":8,"errors":3,"#,
            #""waiting":{"for":"limit","seconds":3},"remaining_seconds":1}"#,
        ]
        #expect(progress.json(at: time, message: "a \"b\"") == parts.joined())
    }

    @Test("What is not known is null")
    func nulls() {
        let json = RunProgress(.exporting, done: 0).json(at: time, message: "")
        for member in ["total", "percent", "waiting", "remaining_seconds"] {
            #expect(json.contains("\"\(member)\":null"))
        }
    }

    @Test(
        "What is waited for, and how long that takes by itself",
        arguments: [
            (.limit(.seconds(1)), #"{"for":"limit","seconds":1}"#),
            (
                .server(downFor: .seconds(9), nextTry: .seconds(2)),
                #"{"for":"server","seconds":2}"#
            ),
            (.server(downFor: .seconds(9), nextTry: nil), #"{"for":"server","seconds":null}"#),
            (.retries(rows: 2, next: .seconds(5)), #"{"for":"retries","seconds":5}"#),
            (.answers, #"{"for":"answers","seconds":null}"#),
        ] as [(RunProgress.Wait, String)]
    )
    func waits(_ wait: RunProgress.Wait, _ json: String) {
        let progress = RunProgress(.importing, done: 0, wait: wait)
        #expect(progress.json(at: time, message: "").contains("\"waiting\":\(json),"))
    }

    @Test("A line of a JSON log is one object, and nothing in it can be more than text")
    func logLine() {
        let line = LogLine(.warning, "a\"\u{1B}[2J\u{202E}\nb")
        #expect(
            line.json(at: time)
                == #"{"time":"1970-01-01T00:00:01.500Z","level":"warning","#
                + #""message":"a\"\\u{1B}[2J\\u{202E}\\nb"}"#
        )
    }

    @Test("The end of a run is one object with the whole summary in it")
    func summary() {
        let line = RunSummaryTests.example.logLine(at: time)
        #expect(
            line.hasSuffix(#","event":"summary","summary":"# + RunSummaryTests.example.json + "}")
        )
        #expect(line.contains("import completed_with_errors, exit code 1: 5 rows read, 3 created"))
        #expect(!line.contains("\n"))
    }
}
