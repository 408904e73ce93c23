import Testing

@Suite("The requests that are told are the requests that were made")
struct EndToEndRequestCountTests {
    /// A server, and how it is asked.
    struct Setting: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var rows = 100
        var server: [String] = []
        var rates = ["--write-rate", "0", "--read-rate", "0"]
        var rate = "0"
        /// What must have happened for the test to mean anything.
        var kind = "attempts"
        var count = 100
    }

    private static let settings = [
        Setting(testDescription: "well"),
        Setting(
            testDescription: "faults before and after the work",
            server: [
                "--fault", "lost-response=0.05", "reset=0.05", "error=0.05", "html=0.02",
                "garbage=0.02", "truncated=0.02", "forget=0.1",
            ],
            kind: "retries",
            count: 5
        ),
        Setting(
            testDescription: "too fast for the server",
            rows: 60,
            rates: ["--write-rate", "15", "--read-rate", "15"],
            rate: "60",
            kind: "throttled",
            count: 1
        ),
        Setting(
            testDescription: "too fast, with faults",
            rows: 40,
            server: ["--fault", "lost-response=0.1", "error=0.05"],
            rates: ["--write-rate", "15", "--read-rate", "15"],
            rate: "60",
            kind: "throttled",
            count: 1
        ),
    ]

    @Test("attempts, lookups and throttled add up", arguments: settings)
    func sum(_ setting: Setting) async throws {
        let seed = EndToEndSeed.fresh(setting.testDescription)
        let folder = try CommandLineFolder()
        // Some rows have no externalId: in doubt, they are looked up by e-mail.
        let people = (1...setting.rows).map { number in
            "\(number % 8 == 0 ? "" : "p\(number)"),p\(number)@example.com\n"
        }
        try folder.write("people.csv", "externalId,email\n" + people.joined())
        try await EndToEndServer.serving(
            setting.server + ["--seed", "\(seed)"],
            rates: setting.rates
        ) { server in
            let run = try await folder.runImport(
                "people.csv",
                "--rate",
                setting.rate,
                to: server
            )
            let summary = try run.summary
            let requests = try await server.requests()
            #expect(summary.requestCount == requests.total, "\(requests) \(run.errors)")
            #expect(summary.request(setting.kind) >= setting.count)
            #expect(summary.statuses.values.reduce(0, +) == setting.rows)
            #expect(run.exit == (summary.statuses == ["created": setting.rows] ? 0 : 1))
            let attempts = try folder.results("people.job").map { Int($0["attempts"]) ?? 0 }
            #expect(attempts.reduce(0, +) == summary.request("attempts"))
            #expect(requests.admitted("POST") == summary.request("attempts"))

            // Every second row with an externalId changes, so that rows are looked up and patched.
            let changed = people.enumerated().map { index, row in
                index % 2 == 0 ? row : row.replacing(",p", with: ",q", maxReplacements: 1)
            }
            try folder.write("people.csv", "externalId,email\n" + changed.joined())
            let again = try await folder.runImport(
                "people.csv",
                "--rate",
                setting.rate,
                "--on-conflict",
                "update",
                to: server
            )
            let total = try await server.requests().total
            #expect(try again.summary.requestCount == total - requests.total, "\(again.errors)")
        }
    }
}
