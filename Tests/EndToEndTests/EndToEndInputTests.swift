import Plugipay
import RowIO
import Testing

@Suite("Inputs of every shape", .serialized)
struct EndToEndInputTests {
    private static let raw = "r1\tada@example.com\tAda\nr2\tnobody\t\"Bob\tB.\"\nr3\t\tCy\n"
    private static let columns = ["--no-header", "--columns", "externalId,email,name"]

    private static func gzip(_ text: String) throws -> [UInt8] {
        let memory = MemorySink()
        let sink = try GzipSink(memory)
        try sink.write(text)
        try sink.endMember()
        return memory.bytes
    }

    // MARK: Several files

    @Test("A CSV, a TSV and zipped JSON Lines are one job, and --skip and --limit span them")
    func mixed() async throws {
        let folder = try CommandLineFolder()
        try folder.write("a.csv", "externalId,name\na1,Ada\na2,Ben\n")
        try folder.write("b.tsv", "externalId\temail\nb1\tb1@example.com\nb2\tnobody\n")
        let lines = "{\"externalId\":\"c1\"}\n{\"externalId\":\"c2\"}\n"
        try folder.write("c.jsonl.gz", bytes: Self.gzip(lines))
        try await EndToEndServer.serving { server in
            let part = try await folder.runImport(
                "a.csv",
                "b.tsv",
                "c.jsonl.gz",
                "--skip",
                "1",
                "--limit",
                "4",
                to: server
            )
            #expect(part.exit == 1, "\(part.errors)")
            let places = ["a.csv 2", "b.tsv 1", "b.tsv 2", "c.jsonl.gz 1"]
            let results = try folder.results("a.job")
            #expect(results.map { "\($0["file"]) \($0["row"])" } == places)
            #expect(results.map(\.status) == ["created", "created", "invalid", "created"])
            #expect(try part.summary.files.rejects?.map { $0.hasSuffix("rejects-2.tsv") } == [true])
            #expect(try folder.read("a.job/rejects-2.tsv") == "externalId\temail\nb2\tnobody\n")

            let all = try await folder.runImport("a.csv", "b.tsv", "c.jsonl.gz", to: server)
            #expect(try all.summary.statuses == ["created": 5, "invalid": 1])
            #expect(try await server.creates().count == 5)
            let known = Set(try folder.results("a.job").map { $0["external_id"] })
            #expect(known == ["a1", "a2", "b1", "b2", "c1", "c2"])
        }
    }

    // MARK: Without a header line

    @Test("A TSV without a header line is imported, its rejects written, and written again")
    func noHeader() async throws {
        let folder = try CommandLineFolder()
        try folder.write("raw.tsv", Self.raw)
        try await EndToEndServer.serving { server in
            let command = ["import", "raw.tsv", "--rate", "0", "--json"] + Self.columns
            let stopped = try await folder.runProgram(
                command + ["--max-errors", "0"],
                environment: server.environment
            )
            #expect(stopped.exit == 2, "\(stopped.errors)")
            let next = try #require(try stopped.summary.next)
            #expect(next.contains("--no-header --columns externalId,email,name"))

            let run = try await folder.runProgram(command, environment: server.environment)
            #expect(run.exit == 1, "\(run.errors)")
            let results = try folder.results("raw.job")
            #expect(results.map { $0["row"] + "/" + $0["line"] } == ["1/1", "2/2", "3/3"])
            #expect(results.map(\.status) == ["created", "invalid", "created"])
            let rejects = "r2\tnobody\t\"Bob\tB.\"\n"
            #expect(try folder.read("raw.job/rejects.tsv") == rejects)

            try folder.write("raw.job/rejects.tsv", "")
            #expect(try await folder.run("status", "raw.job").exit == 0)
            #expect(try folder.read("raw.job/rejects.tsv") == rejects)

            let mended = rejects.replacing("nobody", with: "bob@example.com")
            try folder.write("mended.tsv", mended)
            let rest = try await folder.runProgram(
                ["import", "mended.tsv", "--job", "raw.job", "--rate", "0", "--json"]
                    + Self.columns,
                environment: server.environment
            )
            #expect(rest.exit == 0, "\(rest.errors)")
            let names = Set(try await server.book().compactMap(\.name))
            #expect(names == ["Ada", "Bob\tB.", "Cy"])
        }
    }

    @Test("validate and --dry-run take the same flags, and standard input names its format")
    func checks() async throws {
        let folder = try CommandLineFolder()
        try folder.write("raw.tsv", Self.raw)
        for command in [["validate"], ["import", "--dry-run"]] {
            let run = try await folder.runProgram(
                command + ["raw.tsv", "--job", "check", "--json"] + Self.columns
            )
            #expect(run.exit == 1, "\(run.errors)")
            #expect(run.errors.contains("raw.tsv:2: row 2: email: "), "\(run.errors)")
            #expect(try folder.read("check/rejects.tsv").hasPrefix("r2\t"))
        }
        try await EndToEndServer.serving { server in
            let command = ["import", "-", "--format", "tsv", "--rate", "0", "--json"]
            let run = try await folder.runProgram(
                command + Self.columns,
                input: Array(Self.raw.utf8),
                environment: server.environment
            )
            #expect(try run.summary.statuses == ["created": 2, "invalid": 1], "\(run.errors)")
            #expect(try folder.read("stdin.job/rejects.tsv").hasPrefix("r2\t"))
        }
    }

    @Test("A header line that should not be there stops the run before the first request")
    func unexpectedHeader() async throws {
        let folder = try CommandLineFolder()
        try folder.write("raw.csv", "externalId,email,name\nr1,ada@example.com,Ada\n")
        try await EndToEndServer.serving { server in
            for flags in [[], ["--stream"]] {
                let run = try await folder.runProgram(
                    ["import", "raw.csv"] + flags + Self.columns,
                    environment: server.environment
                )
                #expect(run.exit == 3)
                #expect(run.errors.contains("leave out --no-header and --columns"))
            }
            #expect(try await server.requests().total == 0)
        }
    }
}
