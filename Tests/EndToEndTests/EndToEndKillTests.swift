import BatchCore
import Subprocess
import SystemPackage
import Testing

@Suite("Killed at random, again and again", .serialized)
struct EndToEndKillTests {
    /// Half of the keys are forgotten: then only the externalId tells that a row was created.
    private static let faults = [
        "--fault", "lost-response=0.03", "reset=0.02", "error=0.02", "forget=0.5",
    ]
    /// Runs without a kill, at most, until the job is done.
    private static let lastRuns = 10

    /// How hard it is tried.
    struct Ordeal: Sendable, CustomTestStringConvertible {
        var kills: Int
        var rows: Int

        var testDescription: String { "\(kills) kills, \(rows) rows" }

        static var all: [Ordeal] {
            [Ordeal(kills: 6, rows: 400)] + (isLongRun ? [Ordeal(kills: 30, rows: 2_000)] : [])
        }
    }

    static func people(_ rows: Int) -> String {
        "externalId,email,name\n"
            + (1...rows).map { "p\($0),p\($0)@example.com,Person \($0)\n" }.joined()
    }

    @Test("Every row is created once, and the results are right", arguments: Ordeal.all)
    func killed(_ ordeal: Ordeal) async throws {
        let seed = EndToEndSeed.fresh("kills")
        let folder = try CommandLineFolder()
        try folder.write("people.csv", Self.people(ordeal.rows))
        try await EndToEndServer.serving(Self.faults + ["--seed", "\(seed)"]) { server in
            var generator = SeededGenerator(seed: seed)
            var allowed = 0
            var kills = 0
            for kill in 0..<ordeal.kills {
                // Later kills come as the remaining rows thin out.
                let left = try await ordeal.rows - server.creates().count
                let share = max(1, left / (ordeal.kills - kill))
                let writes = Int.random(
                    in: 1...max(1, min(share * 3 / 2, left / 2)),
                    using: &generator
                )
                guard try await Self.kill(folder, afterWrites: writes, at: server) else { break }
                kills += 1
                allowed += try Self.openIntents(of: folder)
            }
            #expect(kills > 0)
            var runs = 0
            var last: EndToEndRun
            repeat {
                last = try await folder.runImport("people.csv", to: server)
                runs += 1
            } while last.exit == 1 && runs < Self.lastRuns
            #expect(last.exit == 0, "\(last.errors)")
            #expect(try last.summary[RowStatus.created.rawValue] == ordeal.rows)
            try await Self.expectOneCustomerEach(folder, server, rows: ordeal.rows)

            // What was recorded, and at each kill one try of each intent that stood open.
            allowed += try folder.results("people.job").reduce(0) {
                $0 + (Int($1["attempts"]) ?? 0)
            }
            let posts = try await server.requests().admitted("POST")
            print("\(posts) writes at the server, \(allowed) allowed")
            #expect(posts <= allowed)
        }
    }

    private static func expectOneCustomerEach(
        _ folder: CommandLineFolder,
        _ server: EndToEndServer,
        rows: Int
    ) async throws {
        let creates = try await server.creates()
        let ids = Dictionary(grouping: creates) { $0.externalId ?? "" }
        #expect(creates.count == rows)
        #expect(ids.count == rows)
        let results = try folder.results("people.job")
        #expect(results.map { $0["row"] } == (1...rows).map(String.init))
        #expect(results.map { $0["line"] } == (2...(rows + 1)).map(String.init))
        for (index, result) in results.enumerated() {
            #expect(result["external_id"] == "p\(index + 1)")
            #expect(ids[result["external_id"]]?.map(\.customerId) == [result.customerID])
            #expect(result.status == RowStatus.created.rawValue)
        }
    }

    /// Runs the import, and kills it once so many more writes have reached the server.
    ///
    /// - Returns: Whether the kill came before the end, which a busy machine cannot promise.
    static func kill(
        _ folder: CommandLineFolder,
        afterWrites writes: Int,
        at server: EndToEndServer,
        arguments: [String] = ["--rate", "120"]
    ) async throws -> Bool {
        let goal = try await server.requests().count("POST") + writes
        let result = try await Subprocess.run(
            .path(CommandLineFolder.program),
            arguments: Arguments(["import", "people.csv"] + arguments),
            environment: CommandLineFolder.environment(server.environment),
            workingDirectory: FilePath(folder.path),
            input: .none,
            output: .discarded,
            error: .discarded
        ) { execution in
            let deadline = ContinuousClock.now + .seconds(60)
            while try await server.requests().count("POST") < goal, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(2))
            }
            try execution.send(signal: .kill)
        }
        return result.terminationStatus == .signaled(9)
    }

    private static func openIntents(of folder: CommandLineFolder) throws -> Int {
        let journal = try Journal.openForReading(folder.file("people.job/journal.sqlite"))
        let count = try journal.openCount()
        try journal.close()
        return count
    }

    // MARK: status

    @Test("After a kill, status shows the rows and how to go on, and writes the results")
    func statusAfterKill() async throws {
        let rows = 200
        let folder = try CommandLineFolder()
        try folder.write("people.csv", Self.people(rows))
        try await EndToEndServer.serving { server in
            let pace = ["--rate", "100", "--job", "my job"]
            let isKilled = try await Self.kill(
                folder,
                afterWrites: 20,
                at: server,
                arguments: pace
            )
            #expect(isKilled)
            #expect(!folder.exists("my job/results.csv"))
            let requests = try await server.requests()

            let status = try await folder.runProgram(["status", "my job", "--json"])
            #expect(status.exit == 0)
            let summary = try status.summary
            // The rows that were read before the end came; the others are in no journal.
            let read = summary["read"]
            #expect(20..<rows ~= read)
            #expect(summary["created"] > 0)
            #expect(summary.statuses.values.reduce(0, +) == read)
            let line = try #require(
                status.errors.split(separator: "\n").first { $0.hasPrefix("To go on: ") }
            )
            let results = try folder.results("my job")
            #expect(results.map { $0["row"] } == (1...read).map(String.init))
            let counts = Dictionary(grouping: results, by: \.status).mapValues(\.count)
            #expect(counts == summary.statuses)
            #expect(try await server.requests() == requests)

            // The line is what a shell takes.
            let command = line.dropFirst("To go on: ".count)
            let path = CommandLineFolder.program.removingLastComponent().string
            let rest = try await Subprocess.run(
                .path("/bin/sh"),
                arguments: ["-c", "PATH=\"\(path):$PATH\"; \(command)"],
                environment: CommandLineFolder.environment(server.environment),
                workingDirectory: FilePath(folder.path),
                input: .none,
                output: .discarded,
                error: .string(limit: 1 << 20)
            )
            #expect(rest.terminationStatus == .exited(0), "\(rest.standardError)")
            #expect(try await server.creates().count == rows)
        }
    }

    @Test("While it runs, status tells so and disturbs nothing; a second import gets 75")
    func whileRunning() async throws {
        let rows = 120
        let folder = try CommandLineFolder()
        try folder.write("people.csv", Self.people(rows))
        try await EndToEndServer.serving { server in
            async let running = folder.runImport("people.csv", "--rate", "20", to: server)
            let deadline = ContinuousClock.now + .seconds(60)
            while try await server.creates().count < 10, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(5))
            }
            let status = try await folder.runProgram(["status", "people.job", "--json"])
            #expect(status.exit == 0)
            #expect(status.errors.contains("is at work"))
            #expect(try status.summary["created"] > 0)
            #expect(!folder.exists("people.job/results.csv"))
            let second = try await folder.runImport("people.csv", to: server)
            #expect(second.exit == 75)

            let run = try await running
            #expect(run.exit == 0)
            #expect(try run.summary.statuses == ["created": rows])
            #expect(try await run.summary.requestCount == server.requests().total)
        }
    }
}
