import ArgumentParser
import BatchCore
import PlugipaySandbox
import RowIO
import Testing

@testable import plugipay_batch

@Suite("The flags of the command line")
struct CommandLineFlagTests {
    private func parse<Command>(_ words: [String], as type: Command.Type) throws -> Command {
        try #require(try PlugipayBatch.parseAsRoot(words) as? Command)
    }

    @Test(
        "A duration is a whole number and a unit",
        arguments: [
            ("500ms", Duration.milliseconds(500)), ("30s", .seconds(30)), ("365s", .seconds(365)),
            ("5m", .seconds(300)), ("1h", .seconds(3600)), ("0s", .zero),
        ]
    )
    func duration(_ text: String, _ expected: Duration) throws {
        #expect(try FlagValue.duration(text) == expected)
    }

    @Test(
        "Anything else is an error that names the forms",
        arguments: ["30", "", "s", "1.5s", "-1s", "1 s", "1d", "99999999999h", "٣s"]
    )
    func noDuration(_ text: String) {
        let error = #expect(throws: ValidationError.self) { try FlagValue.duration(text) }
        #expect(error?.message.contains("500ms, 30s, 5m or 1h") == true)
    }

    @Test("A rate and a number of requests in flight are numbers or auto")
    func pace() throws {
        #expect(try FlagValue.rate("auto") == .auto)
        #expect(try FlagValue.rate("0") == .fixed(0))
        #expect(try FlagValue.rate("0.5") == .fixed(0.5))
        #expect(try FlagValue.concurrency("auto") == .auto)
        #expect(try FlagValue.concurrency("8") == .fixed(8))
        for text in ["-1", "nan", "inf", "fast", ""] {
            #expect(throws: ValidationError.self) { try FlagValue.rate(text) }
        }
        for text in ["0", "-1", "2.5", "100000", ""] {
            #expect(throws: ValidationError.self) { try FlagValue.concurrency(text) }
        }
    }

    @Test("The defaults are those of the contract")
    func defaults() throws {
        let command = try parse(["import", "a.csv"], as: ImportCommand.self)
        var job = ImportJob(inputs: command.input.files)
        try command.input.apply(to: &job)
        command.pace.apply(to: &job, isSandbox: false)
        command.behaviour.apply(to: &job, mode: "test")
        #expect(job.inputs == ["a.csv"])
        #expect(job.format == nil && job.skip == 0 && job.limit == nil && job.checksAll)
        #expect(job.rate == .auto && job.concurrency == .auto)
        #expect(job.maxAttempts == 8 && job.maxOutage == .seconds(3600))
        #expect(job.onConflict == .skip && !job.allowsDuplicates && job.errorLimit == nil)
        #expect(job.scope == KeyScope(mode: "test", namespace: ""))
        #expect(command.pace.connectionLimit == 64)
        #expect(
            command.behaviour.folder(for: "x/a.csv.gz", isSandbox: true).path == "a.sandbox.job"
        )
    }

    @Test("Every flag reaches the job")
    func allFlags() throws {
        let words = [
            "import", "a.csv", "-", "--format", "jsonl", "--map", "externalId=id", "--map",
            "name=Full", "--ignore-unknown-columns", "--skip", "3", "--limit", "9", "--stream",
            "--rate", "40", "--concurrency", "12", "--max-attempts", "2", "--max-outage", "5m",
            "--job", "j", "--on-conflict", "update", "--allow-duplicates", "--namespace", "n",
            "--max-errors", "2%",
        ]
        let command = try parse(words, as: ImportCommand.self)
        var job = ImportJob(inputs: command.input.files)
        try command.input.apply(to: &job)
        command.pace.apply(to: &job, isSandbox: false)
        command.behaviour.apply(to: &job, mode: "")
        #expect(job.inputs == ["a.csv", "-"])
        #expect(job.format == .jsonl && job.skip == 3 && job.limit == 9 && !job.checksFirst)
        #expect(job.mapping.maps.count == 2 && job.mapping.ignoresUnknownColumns)
        #expect(job.rate == .fixed(40) && job.concurrency == .fixed(12))
        #expect(job.maxAttempts == 2 && job.maxOutage == .seconds(300))
        #expect(job.onConflict == .update && job.allowsDuplicates)
        #expect(job.scope.namespace == "n" && job.errorLimit == .percent(2))
        #expect(command.pace.connectionLimit == 12)
        #expect(command.behaviour.folder(for: "a.csv", isSandbox: false).path == "j")
    }

    @Test("Columns can be named for files of cells, whatever their format is found to be")
    func columns() throws {
        for format in [[], ["--format", "csv"], ["--format", "tsv"]] {
            let words = ["validate", "a", "--no-header", "--columns", "email, ,Name"] + format
            let command = try parse(words, as: ValidateCommand.self)
            var job = ImportJob(inputs: command.input.files)
            try command.input.apply(to: &job)
            #expect(job.columns?.names == ["email", "", "Name"])
        }
    }

    @Test("A sandbox inside the process has no limit that would have to be kept")
    func sandboxRate() throws {
        var job = ImportJob(inputs: [])
        let free = try parse(["import", "a.csv", "--sandbox"], as: ImportCommand.self)
        free.pace.apply(to: &job, isSandbox: true)
        #expect(job.rate == .fixed(0))
        let paced = try parse(
            ["import", "a.csv", "--sandbox", "--rate", "5"],
            as: ImportCommand.self
        )
        paced.pace.apply(to: &job, isSandbox: true)
        #expect(job.rate == .fixed(5))
    }

    @Test(
        "A wrong command line is refused",
        arguments: [
            ["import"], ["import", ""], ["import", "-", "-"], ["import", "a.csv", "--skip", "-1"],
            ["import", "a.csv", "--map", "email"], ["import", "a.csv", "--map", "emial=x"],
            ["import", "a.csv", "--format", "xlsx"], ["import", "a.csv", "--max-errors", "200%"],
            ["import", "a.csv", "--max-attempts", "0"], ["import", "a.csv", "--timeout", "0s"],
            ["import", "a.csv", "--no-header"], ["validate", "a.csv", "--columns", "email"],
            ["import", "a.csv", "--no-header", "--columns", " ,"],
            ["import", "a", "--format", "jsonl", "--no-header", "--columns", "email"],
            ["import", "a.csv", "--on-conflict", "replace"], ["import", "a.csv", "--job", ""],
            ["import", "a.csv", "--sandbox", "--live"],
            ["import", "a.csv", "--sandbox", "--base-url", "https://x"],
            ["import", "a.csv", "--sandbox-database", "x.sqlite"],
            ["validate", "a.csv", "--live"], ["validate"], ["status"],
            ["sandbox", "--memory", "--database", "x"], ["sandbox", "--port", "70000"],
            ["sandbox", "--fault", "reset"], ["sandbox", "--fault", "fire=0.1"],
            ["sandbox", "--fault", "reset=1.5"], ["sandbox", "--write-rate", "-1"],
        ]
    )
    func wrong(_ words: [String]) {
        let error = #expect(throws: (any Error).self) { try PlugipayBatch.parseAsRoot(words) }
        if let error { #expect(PlugipayBatch.exitCode(for: error).rawValue == 64) }
    }

    @Test("Faults can be given in one list or one by one")
    func faults() throws {
        let command = try parse(
            ["sandbox", "--fault", "reset=0.02", "slow=1", "--fault", "html=0"],
            as: SandboxCommand.self
        )
        #expect(command.faults.map(\.kind) == [.reset, .slow, .html])
        #expect(command.faults.map(\.probability) == [0.02, 1, 0])
    }

    @Test(
        "The command to go on reads back in a shell as the words that were given",
        arguments: [
            (
                ["plugipay-batch", "import", "a.csv", "--rate", "40"],
                "plugipay-batch import a.csv --rate 40"
            ),
            (["p", "my file.csv"], "p 'my file.csv'"),
            (["p", "it's"], #"p 'it'\''s'"#),
            (["p", "--map", "name=Full Name"], "p --map 'name=Full Name'"),
            (["p", "$HOME;rm *", ""], "p '$HOME;rm *' ''"),
            (["p", "~/größe.csv"], "p '~/größe.csv'"),
            (["p", "größe.csv"], "p größe.csv"),
        ]
    )
    func resume(_ words: [String], _ text: String) {
        #expect(ResumeCommand.text(words) == text)
    }
}
