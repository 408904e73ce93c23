import BatchCore
import Subprocess
import SystemPackage
import Testing

extension EndToEndExportTests {
    /// A file, and the generation of the service that it is read from.
    struct Source: Sendable, CustomTestStringConvertible {
        var name: String
        var profile: String

        var testDescription: String { "\(name), \(profile)" }

        var order: String { profile == "legacy" ? "server" : "createdAt,id" }

        static let all = [
            Source(name: "book.jsonl.gz", profile: "current"),
            Source(name: "book.csv", profile: "docs"),
            Source(name: "book.jsonl", profile: "legacy"),
        ]
    }

    @Suite("Stopped in the middle")
    struct Stopped {
        private static let kills = 3

        @Test("Killed again and again it goes on and ends whole", arguments: Source.all)
        func killed(_ source: Source) async throws {
            let seed = EndToEndSeed.fresh("kills of an export to \(source)")
            let folder = try CommandLineFolder()
            try await EndToEndBook.serving(["--profile", source.profile], in: folder) { server in
                var generator = SeededGenerator(seed: seed)
                var isWhole = false
                for kill in 0..<Self.kills {
                    // The first two requests are not for pages that are written.
                    let reads = Int.random(in: 5...EndToEndBook.pages / 2, using: &generator)
                    isWhole = try await !Self.kill(
                        source.name,
                        in: folder,
                        afterReads: reads,
                        at: server
                    )
                    #expect(!isWhole || kill > 0)
                    // A busy machine is late with its kills, so that the end may come first.
                    if isWhole { break }
                    #expect(!folder.exists(source.name))
                    #expect(!folder.exists(source.name + ".manifest.json"))
                    #expect(folder.mode(of: source.name + ".part") == 0o600)
                    #expect(folder.mode(of: source.name + ".checkpoint") == 0o600)
                }
                let before = try await server.requests().total
                if !isWhole {
                    let last = try await folder.runExport("-o", source.name, from: server)
                    #expect(last.exit == 0, "\(last.errors)")
                    #expect(last.errors.contains("going on after "), "\(last.errors)")
                    // A walk and an overlap pass from the beginning would be two books of pages.
                    let reads = try await server.requests().total - before
                    #expect(reads < 2 * EndToEndBook.pages)
                }
                try await folder.expectWholeBook(in: source.name, order: source.order)
            }
        }

        /// Exports, and kills it once so many more reads have reached the server.
        ///
        /// - Returns: Whether the kill came before the end.
        private static func kill(
            _ name: String,
            in folder: CommandLineFolder,
            afterReads reads: Int,
            at server: EndToEndServer
        ) async throws -> Bool {
            let goal = try await server.requests().count("GET") + reads
            let result = try await Subprocess.run(
                .path(CommandLineFolder.program),
                arguments: ["export", "-o", name, "--rate", "15"],
                environment: CommandLineFolder.environment(server.environment),
                workingDirectory: FilePath(folder.path),
                input: .none,
                output: .discarded,
                error: .discarded
            ) { execution in
                let deadline = ContinuousClock.now + .seconds(60)
                while try await server.requests().count("GET") < goal,
                    ContinuousClock.now < deadline
                {
                    try await Task.sleep(for: .milliseconds(2))
                }
                try execution.send(signal: .kill)
            }
            return result.terminationStatus == .signaled(9)
        }

        @Test(
            "A signal stops it softly, the old file stands, and the command shown goes on",
            arguments: [(1, 129), (2, 130), (15, 143)] as [(Int32, Int32)]
        )
        func signals(_ number: Int32, _ exit: Int32) async throws {
            let folder = try CommandLineFolder()
            try folder.write("the book.csv", "yesterday's\n")
            folder.setMode(0o644, of: "the book.csv")
            try await EndToEndBook.serving(in: folder) { server in
                let arguments = ["-o", "the book.csv", "--fields", "id,externalId,createdAt"]
                let stopped = try await folder.runSlowExport(arguments, from: server) {
                    let meanwhile = try folder.read("the book.csv")
                    #expect(meanwhile == "yesterday's\n")
                    $0.send(signal: Signal(rawValue: number))
                }
                #expect(stopped.status == .exited(exit))
                #expect(try folder.read("the book.csv") == "yesterday's\n")
                #expect(!folder.exists("the book.csv.manifest.json"))

                let errors = stopped.errors.split(separator: "\n")
                let line = try #require(errors.first { $0.hasPrefix("To go on: ") })
                let command = line.dropFirst("To go on: ".count)
                    .replacing("--rate 4", with: "--rate 0")
                let rest = try await folder.shell(
                    String(command),
                    environment: server.environment
                )
                #expect(rest.exit == 0, "\(rest.errors)")
                #expect(rest.errors.contains("going on after "), "\(rest.errors)")
                try await folder.expectWholeBook(in: "the book.csv")
            }
        }

        @Test("A server that falls silent: 4 after --max-outage, and on again when it is back")
        func outage() async throws {
            let folder = try CommandLineFolder()
            try await EndToEndBook.serving(in: folder) { server in
                defer { server.thaw() }
                let patience = ["--max-outage", "2s", "--timeout", "500ms"]
                let stopped = try await folder.runSlowExport(
                    ["-o", "book.jsonl.gz"] + patience,
                    from: server
                ) { _ in server.freeze() }
                #expect(stopped.status == .exited(4), "\(stopped.errors)")
                #expect(stopped.errors.contains("To go on: "), "\(stopped.errors)")
                #expect(!folder.exists("book.jsonl.gz"))
                // Still silent, and no good answer in this run: nothing to go on with.
                let silent = try await folder.runExport(
                    "-o",
                    "book.jsonl.gz",
                    "--max-outage",
                    "2s",
                    "--timeout",
                    "500ms",
                    from: server
                )
                #expect(silent.exit == 3, "\(silent.errors)")
                server.thaw()
                let rest = try await folder.runExport("-o", "book.jsonl.gz", from: server)
                #expect(rest.exit == 0, "\(rest.errors)")
                #expect(rest.errors.contains("going on after "), "\(rest.errors)")
                try await folder.expectWholeBook(in: "book.jsonl.gz")
            }
        }

        @Test("A second process at the same file gets 75, and disturbs nothing")
        func second() async throws {
            let folder = try CommandLineFolder()
            try await EndToEndBook.serving(in: folder) { server in
                let first = try await folder.runSlowExport(["-o", "book.csv"], from: server) {
                    let second = try await folder.runExport("-o", "book.csv", from: server)
                    #expect(second.exit == 75, "\(second.errors)")
                    $0.send(signal: .terminate)
                }
                #expect(first.status == .exited(143), "\(first.errors)")
                let rest = try await folder.runExport("-o", "book.csv", from: server)
                #expect(rest.exit == 0, "\(rest.errors)")
                #expect(rest.errors.contains("going on after "), "\(rest.errors)")
                try await folder.expectWholeBook(in: "book.csv")
            }
        }

        @Test(
            "A stopped export of another kind is not gone on with, and the run says so",
            arguments: [
                ["--fields", "id,externalId,createdAt"],
                ["--created-after", "2020-01-01T00:00:00Z"],
            ]
        )
        func otherTerms(_ flags: [String]) async throws {
            let folder = try CommandLineFolder()
            try await EndToEndBook.serving(in: folder) { server in
                _ = try await folder.runSlowExport(["-o", "book.csv"] + flags, from: server) {
                    $0.send(signal: .kill)
                }
                let run = try await folder.runExport("-o", "book.csv", from: server)
                #expect(run.exit == 0, "\(run.errors)")
                #expect(
                    run.errors.contains(
                        "beginning anew: the stopped export had another \(flags[0])"
                    ),
                    "\(run.errors)"
                )
                try await folder.expectWholeBook(in: "book.csv")
            }
        }
    }
}
