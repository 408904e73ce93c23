import Plugipay
import Testing

@Suite("An edited file and --on-conflict update", .serialized)
struct EndToEndUpdateTests {
    private static let header = "externalId,email,name,metadata.plan\n"

    private static func people(_ name: String, plan: String = "gold") -> String {
        header + "p1,ada@example.com,\(name),\(plan)\np2,bob@example.com,Bob,\n"
    }

    private func update(
        _ folder: CommandLineFolder,
        _ text: String,
        _ server: EndToEndServer
    )
        async throws -> EndToEndRun
    {
        try folder.write("people.csv", text)
        return try await folder.runImport("people.csv", "--on-conflict", "update", to: server)
    }

    private func ada(_ server: EndToEndServer) async throws -> Customer {
        try #require(try await server.book().first { $0.externalId == "p1" })
    }

    @Test("A, B and A again, after a first import: three PATCHes under three keys, and A stands")
    func backAndForth() async throws {
        let folder = try CommandLineFolder()
        try await EndToEndServer.serving { server in
            try folder.write("people.csv", Self.people("First"))
            #expect(try await folder.runImport("people.csv", to: server).exit == 0)
            var keys: Set<String> = []
            for (number, name) in ["A", "B", "A"].enumerated() {
                let run = try await update(folder, Self.people(name), server)
                #expect(run.exit == 0, "\(run.errors)")
                #expect(try run.summary.statuses == ["updated": 1, "created": 1])
                keys.insert(try folder.results("people.job")[0].key)
                #expect(try await ada(server).name == name)
                #expect(try await server.requests().methods["PATCH"] == ["200": number + 1])
                let again = try await update(folder, Self.people(name), server)
                #expect(again.errors.contains("nothing to send"))
            }
            #expect(keys.count == 3)
            #expect(try await server.requests().count("PATCH") == 3)
            #expect(try await server.creates().count == 2)
        }
    }

    @Test("A server that forgets its keys, loses answers and fails: the last state is the file's")
    func faults() async throws {
        let folder = try CommandLineFolder()
        let faults = ["--fault", "lost-response=0.1", "error=0.1", "forget=0.5", "garbage=0.05"]
        let seed = EndToEndSeed.fresh("updates")
        try await EndToEndServer.serving(faults + ["--seed", "\(seed)"]) { server in
            let people = { (name: String) in
                "externalId,name\n" + (1...40).map { "p\($0),\(name) \($0)\n" }.joined()
            }
            for name in ["A", "B", "A", "B"] {
                var run = try await update(folder, people(name), server)
                for _ in 1...10 where run.exit == 1 {
                    run = try await update(folder, people(name), server)
                }
                #expect(run.exit == 0, "\(run.errors)")
            }
            let results = try folder.results("people.job")
            #expect(results.count { $0.status == "updated" } == 40)
            #expect(try await server.creates().count == 40)
        }
    }

    @Test("One externalId several times in a file is applied in file order, whatever the pace")
    func severalContents() async throws {
        let folder = try CommandLineFolder()
        try await EndToEndServer.serving { server in
            let names = (0..<12).map { "Name \($0 % 3)" }
            let text = Self.header + names.map { "p1,ada@example.com,\($0),\n" }.joined()
            let run = try await update(folder, text, server)
            #expect(run.exit == 0, "\(run.errors)")
            #expect(try run.summary.statuses == ["created": 1, "updated": 11])
            #expect(try await ada(server).name == names.last)
            let before = try await server.requests().total
            #expect(try await update(folder, text, server).exit == 0)
            #expect(try await server.requests().total == before)
        }
    }

    @Test("The first servers: found by id, changed without metadata, and told so")
    func legacy() async throws {
        let folder = try CommandLineFolder()
        try await EndToEndServer.serving(["--profile", "legacy"]) { server in
            #expect(try await update(folder, Self.people("Ada"), server).exit == 0)
            let both = try await update(folder, Self.people("Bea", plan: "blue"), server)
            #expect(both.exit == 0, "\(both.errors)")
            #expect(try both.summary["updated"] == 1)
            let result = try folder.results("people.job")[0]
            #expect(result["message"].contains("does not take this metadata in an update"))
            #expect(result["attempts"] == "2")
            #expect(both.errors.contains("does not take metadata in an update"))
            #expect(try await ada(server).name == "Bea")
            #expect(try await ada(server).metadata == ["plan": "gold"])

            let alone = try await update(folder, Self.people("Bea", plan: "red"), server)
            #expect(alone.exit == 1)
            #expect(try alone.summary["rejected"] == 1)
            let rejected = try folder.results("people.job")[0]
            #expect(rejected["error_field"] == "metadata")
            #expect(rejected["message"].contains("nothing but metadata differs"))
            #expect(try folder.read("people.job/rejects.csv").contains("red"))
        }
    }

    @Test("What somebody else has changed is found, and only that is set back", arguments: [1, 2])
    func foreignChange(_ other: Int) async throws {
        let (one, two) = (try CommandLineFolder(), try CommandLineFolder())
        try await EndToEndServer.serving { server in
            #expect(try await update(one, Self.people("Ada"), server).exit == 0)
            // Another job, perhaps of another operator.
            let run = try await update(two, Self.people("Else \(other)"), server)
            #expect(try run.summary.statuses == ["updated": 1, "unchanged": 1])
            let back = try await update(one, Self.people("Ada", plan: "blue"), server)
            #expect(try back.summary["updated"] == 1)
            #expect(try await ada(server).name == "Ada")
            #expect(try await ada(server).metadata == ["plan": "blue"])
            #expect(try await server.creates().count == 2)
        }
    }
}
