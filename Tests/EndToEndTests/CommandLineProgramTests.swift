import Subprocess
import SystemPackage
import Testing

@Suite("The program as a script sees it")
struct CommandLineProgramTests {
    private static let people = """
        externalId,email,name
        p1,ada@example.com,Ada
        p2,no-at-sign,Bob
        p3,cy@example.com,Cy

        """

    @Test("--help begins with what to type, --version tells the version")
    func help() async throws {
        let folder = try CommandLineFolder()
        let help = try await folder.run("import", "--help")
        #expect(help.exit == 0)
        let examples = try #require(help.output.firstRange(of: "EXAMPLES:"))
        let usage = try #require(help.output.firstRange(of: "USAGE:"))
        #expect(examples.lowerBound < usage.lowerBound)
        #expect(try await folder.run("--version").output.first?.isNumber == true)
        let script = try await folder.run("--generate-completion-script", "bash")
        #expect(script.exit == 0 && script.output.contains("plugipay-batch"))
    }

    @Test("A wrong command line exits with 64 and leaves standard output empty")
    func wrong() async throws {
        let folder = try CommandLineFolder()
        let outcome = try await folder.run("import", "a.csv", "--timeout", "30")
        #expect(outcome.exit == 64)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("500ms, 30s, 5m or 1h"))
    }

    @Test("validate tells file, line, row and field, and exits with 1")
    func validate() async throws {
        let folder = try CommandLineFolder()
        try folder.write("people.csv", Self.people)
        let outcome = try await folder.run("validate", "people.csv", "--json")
        #expect(outcome.exit == 1)
        #expect(outcome.errors.contains("people.csv:3: row 2: email: "))
        #expect(!outcome.errors.contains("no-at-sign"))
        #expect(outcome.output.hasPrefix(#"{"version":1,"command":"validate","#))
        #expect(outcome.output.contains(#""counts":{"read":3,"valid":2,"#))
        #expect(outcome.output.filter { $0 == "\n" }.count == 1)
        #expect(try await folder.run("validate", "people.csv", "--max-errors", "0").exit == 2)
        #expect(try await folder.run("validate", "gone.csv").exit == 3)
        let quiet = try await folder.run("validate", "people.csv", "-q")
        #expect(quiet.exit == 1 && quiet.errors.isEmpty && quiet.output.isEmpty)
    }

    @Test("validate --job files results and rejects, but never over an import's")
    func validateJob() async throws {
        let folder = try CommandLineFolder()
        try folder.write("people.csv", Self.people)
        #expect(try await folder.run("validate", "people.csv", "--job", "check").exit == 1)
        #expect(
            try folder.read("check/rejects.csv")
                == "externalId,email,name\np2,no-at-sign,Bob\n"
        )
        #expect(try folder.read("check/results.csv").hasPrefix("file,row,line,status,"))
        #expect(folder.mode(of: "check") == 0o700)
        #expect(folder.mode(of: "check/summary.json") == 0o600)
        // Again, over its own files.
        #expect(try await folder.run("validate", "people.csv", "--job", "check").exit == 1)
        try folder.write("check/journal.sqlite", "")
        let refused = try await folder.run("validate", "people.csv", "--job", "check")
        #expect(refused.exit == 3)
        #expect(refused.errors.contains("--job"))
    }

    @Test("Without credentials an import stops before anything, and says what to do")
    func noCredentials() async throws {
        let folder = try CommandLineFolder()
        try folder.write("people.csv", Self.people)
        let outcome = try await folder.run("import", "people.csv")
        #expect(outcome.exit == 3)
        #expect(outcome.errors.contains("PLUGIPAY_KEY_ID"))
        #expect(!folder.exists("people.job"))
    }

    @Test("A rehearsal in the sandbox needs nothing, and running it again sends nothing")
    func sandbox() async throws {
        let folder = try CommandLineFolder()
        try folder.write("people.csv", Self.people)
        // A key of the environment does not count in a sandbox.
        let live = ["PLUGIPAY_API_KEY": "pk_live_x"]
        let first = try await folder.run(
            "import",
            "people.csv",
            "--sandbox",
            "--json",
            environment: live
        )
        #expect(first.exit == 1)
        #expect(first.output.contains(#""target":{"base_url":"sandbox","mode":"test","#))
        #expect(first.output.contains(#""created":2,"#))
        #expect(first.errors.contains("rm -rf people.sandbox.job plugipay-sandbox.sqlite"))
        #expect(try folder.read("people.sandbox.job/summary.json") == first.output)
        #expect(folder.mode(of: "plugipay-sandbox.sqlite") == 0o600)

        let second = try await folder.run("import", "people.csv", "--sandbox", "--json")
        #expect(second.exit == 1)
        #expect(second.output.contains(#""requests":{"attempts":0,"retries":0,"lookups":0,"#))
        #expect(second.errors.contains("nothing to send"))

        let status = try await folder.run("status", "people.sandbox.job", "--json")
        #expect(status.exit == 0)
        #expect(status.output == second.output)
        #expect(status.errors.contains("created"))
        #expect(try await folder.run("status", "elsewhere").exit == 3)
    }

    @Test("No book is made for a file that is not there")
    func missingFile() async throws {
        let folder = try CommandLineFolder()
        #expect(try await folder.run("import", "gone.csv", "--sandbox").exit == 3)
        #expect(!folder.exists("plugipay-sandbox.sqlite"))
        #expect(!folder.exists("gone.sandbox.job"))
    }

    @Test(
        "sandbox prints what a shell can evaluate, and ends well on a signal",
        arguments: [2, 15]
    )
    func sandboxCommand(_ number: Int32) async throws {
        let folder = try CommandLineFolder()
        let result = try await Subprocess.run(
            .path(CommandLineFolder.program),
            arguments: ["sandbox", "--port", "0", "--memory"],
            workingDirectory: FilePath(folder.path),
            input: .none,
            output: .sequence,
            error: .discarded
        ) { execution in
            var lines: [String] = []
            for try await line in execution.standardOutput.strings() {
                lines.append(line)
                guard lines.count == 3 else { continue }
                try execution.send(signal: Signal(rawValue: number))
            }
            return lines
        }
        #expect(result.terminationStatus == .exited(0))
        let lines = result.closureResult
        try #require(lines.count == 3)
        #expect(lines[0].hasPrefix("export PLUGIPAY_BASE_URL=http://127.0.0.1:"))
        #expect(lines[1] == "export PLUGIPAY_KEY_ID=ak_test_sandbox")
        #expect(lines[2] == "export PLUGIPAY_SECRET=sk_test_sandbox")
    }
}
