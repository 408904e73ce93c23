import Plugipay
import RowIO
import Testing

@testable import BatchCore

@Suite("The metrics of a run")
struct RunMetricsTests {
    private func metrics(_ exitCode: Int32, summary: RunSummary? = nil) -> RunMetrics {
        var metrics = RunMetrics(
            command: "import",
            exitCode: exitCode,
            duration: .milliseconds(62_005),
            endedAt: Timestamp(millisecondsSince1970: 1_700_000_000_123)
        )
        metrics.summary = summary
        return metrics
    }

    @Test("An import tells rows, requests, time and code")
    func golden() {
        let rows = RowStatus.allCases.map { status in
            let count = RunSummaryTests.example.counts[status, default: 0]
            return #"plugipay_batch_rows{command="import",status="\#(status.rawValue)"} \#(count)"#
        }
        let text = """
            # HELP plugipay_batch_rows Rows of the input by what became of them, in the last run.
            # TYPE plugipay_batch_rows gauge
            \(rows.joined(separator: "\n"))
            # HELP plugipay_batch_requests Requests of the last run; throttled is 429.
            # TYPE plugipay_batch_requests gauge
            plugipay_batch_requests{command="import",kind="write"} 4
            plugipay_batch_requests{command="import",kind="read"} 2
            plugipay_batch_requests{command="import",kind="throttled"} 0
            # HELP plugipay_batch_retries Writes of the last run that tried a row again.
            # TYPE plugipay_batch_retries gauge
            plugipay_batch_retries{command="import"} 1
            # HELP plugipay_batch_run_duration_seconds How long the last run took.
            # TYPE plugipay_batch_run_duration_seconds gauge
            plugipay_batch_run_duration_seconds{command="import"} 62.005
            # HELP plugipay_batch_exit_code Exit code of the last run; 0 is success.
            # TYPE plugipay_batch_exit_code gauge
            plugipay_batch_exit_code{command="import"} 1
            # HELP plugipay_batch_last_run_timestamp_seconds When the last run ended, Unix time.
            # TYPE plugipay_batch_last_run_timestamp_seconds gauge
            plugipay_batch_last_run_timestamp_seconds{command="import"} 1700000000.123

            """
        #expect(metrics(1, summary: RunSummaryTests.example).text == text)
    }

    @Test("An export tells customers, and no rows")
    func export() {
        var metrics = metrics(0, summary: RunSummaryTests.example)
        metrics.command = "export"
        metrics.summary?.export = RunSummary.Export(
            rows: 2345,
            bytes: 0,
            sha256: "",
            order: "server"
        )
        let text = metrics.text
        #expect(text.contains("\nplugipay_batch_exported_customers{command=\"export\"} 2345\n"))
        #expect(!text.contains("plugipay_batch_rows"))
    }

    @Test("Every file is one that Prometheus reads, whatever stands in a label")
    func grammar() throws {
        var strange = metrics(3)
        strange.command = "a\"b\\c\nd"
        for metrics in [metrics(0, summary: RunSummaryTests.example), metrics(3), strange] {
            try MetricsGrammar.check(metrics.text)
        }
    }

    @Test("The last success is this run's, or else that of an earlier one")
    func lastSuccess() {
        let name = "plugipay_batch_last_success_timestamp_seconds"
        let first = metrics(0).text
        #expect(first.contains("\(name){command=\"import\"} 1700000000.123\n"))
        #expect(!metrics(4).text.contains(name))
        var second = metrics(4)
        second.earlierSuccess = RunMetrics.lastSuccess(in: first, of: "import")
        #expect(second.text.contains("\(name){command=\"import\"} 1700000000.123\n"))
        #expect(RunMetrics.lastSuccess(in: first, of: "export") == nil)
        #expect(RunMetrics.lastSuccess(in: "\(name){command=\"import\"} 1\n2", of: "import") == "1")
        for value in ["", "x", "1 2", "-1", "NaN", "1e9", "..", "1\r"] {
            let text = "\(name){command=\"import\"} \(value)\n"
            #expect(RunMetrics.lastSuccess(in: text, of: "import") == nil, "\(value)")
        }
    }

    @Test("The file is whole, can be read by the collector, and keeps the last success")
    func file() throws {
        let folder = try ReportFolder()
        let file = try #require(MetricsFile(path: folder.file("run.prom")))
        try file.write(metrics(0, summary: RunSummaryTests.example))
        let success = metrics(0, summary: RunSummaryTests.example).text
        #expect(try folder.read("run.prom") == success)
        #expect(folder.names() == ["run.prom"])
        #expect(folder.mode(of: "run.prom") == 0o644)

        var later = metrics(143)
        later.endedAt = Timestamp(millisecondsSince1970: 1_700_000_100_000)
        try file.write(later)
        let text = try folder.read("run.prom")
        #expect(text.contains("last_run_timestamp_seconds{command=\"import\"} 1700000100.000"))
        #expect(text.contains("last_success_timestamp_seconds{command=\"import\"} 1700000000.123"))
    }

    @Test("A link under the name is not followed, neither to read nor to write")
    func link() throws {
        let folder = try ReportFolder()
        try folder.write("target", "precious")
        #expect(ReportFolder.makeLink(to: folder.file("target"), named: folder.file("run.prom")))
        let file = try #require(MetricsFile(path: folder.file("run.prom")))
        #expect(throws: BatchError.self) { try file.write(metrics(0)) }
        #expect(try folder.read("target") == "precious")
    }

    @Test(
        "The collector reads names that end in .prom",
        arguments: [
            ("a.prom", true), ("/x/y.prom", true), ("a.txt", false), (".prom", false),
            ("x/.prom", false), ("a.prom/", false), ("", false),
        ]
    )
    func names(_ path: String, _ isGood: Bool) {
        #expect((MetricsFile(path: path) != nil) == isGood)
    }
}

/// The text format, strictly: help, type, then samples, each metric once.
private enum MetricsGrammar {
    struct Fault: Error { var line: Substring }

    static func check(_ text: String) throws {
        #expect(text.hasSuffix("\n"))
        var seen: Set<Substring> = []
        var series: Set<Substring> = []
        var present: Substring = ""
        var expectsType = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if let help = line.wholeMatch(of: /# HELP ([a-z_:][a-z0-9_:]*) [ -~]+/) {
                present = help.1
                #expect(seen.insert(present).inserted, "\(present) twice")
                expectsType = true
            } else if expectsType {
                #expect(line == "# TYPE \(present) gauge")
                expectsType = false
            } else {
                let label = #"[a-z_][a-z0-9_]*="(?:[^"\\]|\\\\|\\"|\\n)*""#
                let sample = try Regex(
                    "(([a-z_]+)\\{\(label)(?:,\(label))*\\}) [0-9]+(?:\\.[0-9]+)?",
                    as: (Substring, Substring, Substring).self
                )
                guard let match = line.wholeMatch(of: sample) else { throw Fault(line: line) }
                #expect(match.2 == present)
                #expect(series.insert(match.1).inserted, "\(match.1) twice")
            }
        }
    }
}
