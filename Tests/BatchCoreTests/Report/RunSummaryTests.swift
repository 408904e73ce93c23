import Plugipay
import Testing

@testable import BatchCore

@Suite("The summary of a run")
struct RunSummaryTests {
    static let example = RunSummary(
        command: "import",
        status: .completedWithErrors,
        exitCode: 1,
        job: "my \"job\"",
        target: JobTarget(
            place: .server(
                authority: "plugipay.com:443",
                baseURL: "https://plugipay.com/api/v1"
            ),
            mode: "test"
        ),
        account: "acc_1",
        inputs: [RunSummary.Input(path: "a\nb.csv", bytes: 120, rows: 5)],
        startedAt: Timestamp(millisecondsSince1970: 0),
        endedAt: Timestamp(millisecondsSince1970: 1500),
        counts: [.created: 3, .invalid: 2],
        requests: RunSummary.Requests(attempts: 4, retries: 1, lookups: 2, throttled: 0),
        writesPerSecond: 39.2499,
        latency: RunSummary.Latency(p50: 1, p95: 2, p99: 3, max: 4),
        results: "j/results.csv",
        rejects: ["j/rejects.csv"],
        next: "plugipay-batch import 'a b.csv'"
    )

    @Test("summary.json has every member, in its order")
    func json() {
        let parts = [
            #"{"version":1,"command":"import","status":"completed_with_errors","exit_code":1,"#,
            #""job":"my \"job\"","target":{"base_url":"https://plugipay.com/api/v1","#,
            #""mode":"test","account":"acc_1"},"#,
            #""inputs":[{"path":"a\nb.csv","bytes":120,"rows":5}],"#,
            #""started_at":"1970-01-01T00:00:00.000Z","ended_at":"1970-01-01T00:00:01.500Z","#,
            #""counts":{"read":5,"valid":0,"created":3,"exists":0,"updated":0,"unchanged":0,"#,
            #""duplicate":0,"skipped":0,"invalid":2,"rejected":0,"failed":0,"unknown":0,"#,
            #""not_attempted":0},"#,
            #""requests":{"attempts":4,"retries":1,"lookups":2,"throttled":0},"#,
            #""rate":{"writes_per_second":39.2},"#,
            #""latency_ms":{"p50":1,"p95":2,"p99":3,"max":4},"#,
            #""files":{"results":"j/results.csv","rejects":["j/rejects.csv"]},"#,
            #""next":"plugipay-batch import 'a b.csv'"}"#,
        ]
        #expect(Self.example.json == parts.joined())
    }

    @Test("What does not apply is null, and a sandbox is called so")
    func nulls() {
        var summary = Self.example
        summary.job = nil
        summary.target = nil
        summary.next = nil
        summary.results = nil
        summary.rejects = []
        #expect(summary.json.contains(#""job":null,"target":null,"#))
        #expect(summary.json.hasSuffix(#""files":{"results":null,"rejects":[]},"next":null}"#))
        summary.target = JobTarget(place: .sandbox(database: "/x.sqlite"), mode: "test")
        summary.account = nil
        #expect(
            summary.json.contains(
                #""target":{"base_url":"sandbox","mode":"test","account":null}"#
            )
        )
    }

    @Test(
        "A rate is a JSON number, whatever it was computed from",
        arguments: [
            (0.0, "0"), (20.0, "20"), (19.96, "20"), (0.04, "0"), (.nan, "0"), (.infinity, "0"),
            (3120.55, "3120.6"),
        ]
    )
    func rates(_ rate: Double, _ text: String) {
        var summary = Self.example
        summary.writesPerSecond = rate
        #expect(summary.json.contains(#"{"writes_per_second":\#(text)}"#))
    }

    @Test("Counts add up when every row taken has one status")
    func addsUp() {
        var summary = Self.example
        #expect(summary.addsUp)
        summary.counts[.created] = 4
        #expect(!summary.addsUp)
    }

    @Test("The table shows what is there, and nothing that is not")
    func table() {
        let lines = SummaryTable(Self.example).lines
        #expect(lines.contains { $0.contains("rows read") && $0.hasSuffix(" 5") })
        #expect(lines.contains { $0.contains("created") && $0.hasSuffix(" 3") })
        #expect(lines.contains { $0.contains("invalid") && $0.contains(" 2 ") })
        #expect(!lines.contains { $0.contains("exists") || $0.contains("throttled") })
        #expect(lines.contains { $0.contains("4 writes (1 of them again), 2 look-ups") })
        #expect(lines.contains { $0.hasSuffix("j/results.csv") })
        #expect(lines.last == "To go on: plugipay-batch import 'a b.csv'")
    }
}
