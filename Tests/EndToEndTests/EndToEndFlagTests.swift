import Plugipay
import Testing

@Suite("What flags change of an import", .serialized)
struct EndToEndFlagTests {
    private static let a = "externalId,email,name\np1,ada@example.com,Ada\np2,bob@example.com,Bob\n"
    private static let b =
        "externalId,email,name\np1,ada@example.com,Ada King\np2,bob@example.com,Bob\n"

    private static func people(_ rows: Int) -> String {
        "externalId,email\n" + (1...rows).map { "p\($0),p\($0)@example.com\n" }.joined()
    }

    // MARK: Edited rows

    @Test(
        "An edited row is reported, and only sent where --on-conflict says so",
        arguments: [("skip", "exists", 0), ("update", "updated", 0), ("fail", "rejected", 1)]
    )
    func edited(_ policy: String, _ status: String, _ exit: Int32) async throws {
        let folder = try CommandLineFolder()
        try await EndToEndServer.serving { server in
            try folder.write("people.csv", Self.a)
            let first = try await folder.runImport("people.csv", to: server)
            #expect(first.exit == 0)
            let ids = try folder.results("people.job").map(\.customerID)
            try folder.write("people.csv", Self.b)
            let before = try await server.requests()
            let run = try await folder.runImport(
                "people.csv",
                "--on-conflict",
                policy,
                to: server
            )
            #expect(run.exit == exit, "\(run.errors)")
            let results = try folder.results("people.job")
            #expect(results.map(\.status) == [status, "created"])
            #expect(results[1].customerID == ids[1])
            if policy != "fail" { #expect(results[0].customerID == ids[0]) }
            if policy == "skip" {
                #expect(
                    results[0]["message"]
                        == "changed since it was imported; --on-conflict update sends it"
                )
            }
            let after = try await server.requests()
            #expect(after.count("PATCH") == (policy == "update" ? 1 : 0))
            #expect(after.count("POST") == before.count("POST"))
            let names = try await server.book().map { $0.name ?? "" }
            #expect(Set(names) == [policy == "update" ? "Ada King" : "Ada", "Bob"])
            #expect(try await server.creates().count == 2)
        }
    }

    @Test("A, B and A again, within a day, are three requests")
    func backAgain() async throws {
        let folder = try CommandLineFolder()
        try await EndToEndServer.serving { server in
            var keys: Set<String> = []
            for (content, name) in [(Self.a, "Ada"), (Self.b, "Ada King"), (Self.a, "Ada")] {
                try folder.write("people.csv", content)
                let run = try await folder.runImport(
                    "people.csv",
                    "--on-conflict",
                    "update",
                    to: server
                )
                #expect(run.exit == 0, "\(run.errors)")
                keys.insert(try folder.results("people.job")[0].key)
                #expect(Set(try await server.book().map { $0.name ?? "" }) == [name, "Bob"])
            }
            #expect(keys.count == 3)
            #expect(try await server.requests().methods["PATCH"] == ["200": 2])
            #expect(try await server.creates().count == 2)
        }
    }

    // MARK: Which rows become customers

    @Test("--allow-duplicates makes a customer of each identical row without an externalId")
    func duplicates() async throws {
        let folder = try CommandLineFolder()
        try folder.write("people.csv", "email\na@example.com\na@example.com\nb@example.com\n")
        try await EndToEndServer.serving { server in
            let one = try await folder.runImport("people.csv", "--job", "one", to: server)
            #expect(try one.summary.statuses == ["created": 2, "duplicate": 1])
            #expect(try folder.results("one")[1].customerID == folder.results("one")[0].customerID)
            #expect(try await server.creates().count == 2)
        }
        try await EndToEndServer.serving { server in
            for _ in 1...2 {
                let run = try await folder.runImport(
                    "people.csv",
                    "--job",
                    "each",
                    "--allow-duplicates",
                    to: server
                )
                #expect(try run.summary.statuses == ["created": 3])
                #expect(try await server.creates().count == 3)
            }
            #expect(Set(try folder.results("each").map(\.customerID)).count == 3)
        }
    }

    @Test("--namespace gives other keys: a deliberate second import")
    func namespace() async throws {
        let folder = try CommandLineFolder()
        try folder.write("people.csv", "email\na@example.com\nb@example.com\n")
        try await EndToEndServer.serving { server in
            #expect(try await folder.runImport("people.csv", to: server).exit == 0)
            let keys = try folder.results("people.job").map(\.key)
            let run = try await folder.runImport("people.csv", "--namespace", "two", to: server)
            #expect(try run.summary.statuses == ["created": 2])
            #expect(Set(try folder.results("people.job").map(\.key)).isDisjoint(with: keys))
            #expect(try await server.creates().count == 4)
        }
    }

    @Test("--skip and --limit take a part; the rest follows under the same numbers")
    func part() async throws {
        let folder = try CommandLineFolder()
        try folder.write("people.csv", Self.people(10))
        try await EndToEndServer.serving { server in
            let part = try await folder.runImport(
                "people.csv",
                "--skip",
                "2",
                "--limit",
                "3",
                to: server
            )
            #expect(part.exit == 0)
            #expect(try part.summary.statuses == ["created": 3])
            #expect(try folder.results("people.job").map { $0["row"] } == ["3", "4", "5"])
            #expect(
                try await server.creates().map { $0.externalId ?? "" }.sorted() == [
                    "p3", "p4", "p5",
                ]
            )
            let all = try await folder.runImport("people.csv", to: server)
            #expect(try all.summary.statuses == ["created": 10])
            #expect(try await server.requests().count("POST") == 10)
            #expect(
                try folder.results("people.job").map { $0["row"] } == (1...10).map(String.init)
            )
        }
    }

    // MARK: Stopping and refusing before the first request

    @Test(
        "--max-errors stops before the first request when the check finds more than that",
        arguments: [("4", 2), ("5", 1), ("2%", 2), ("3%", 1)] as [(String, Int32)]
    )
    func maxErrors(_ limit: String, _ exit: Int32) async throws {
        let folder = try CommandLineFolder()
        let people = (1...200).map { number in
            number % 40 == 0 ? "p\(number),nobody\n" : "p\(number),p\(number)@example.com\n"
        }
        try folder.write("people.csv", "externalId,email\n" + people.joined())
        try await EndToEndServer.serving { server in
            let run = try await folder.runImport("people.csv", "--max-errors", limit, to: server)
            #expect(run.exit == exit, "\(run.errors)")
            #expect(try await server.creates().count == (exit == 2 ? 0 : 195))
            #expect(try await (server.requests().total == 0) == (exit == 2))
            let results = try folder.results("people.job")
            #expect(results.count == 200)
            #expect(results.count { $0.status == "invalid" } == 5)
            #expect(results.count { $0.status == "not_attempted" } == (exit == 2 ? 195 : 0))
        }
    }

    @Test("--map fills a field from a column of any name")
    func map() async throws {
        let folder = try CommandLineFolder()
        try folder.write("people.csv", "Nr,Post,Called,City\n7,a@example.com,Ada,Bath\n")
        try await EndToEndServer.serving { server in
            let run = try await folder.runImport(
                "people.csv",
                "--map",
                "externalId=Nr",
                "--map",
                "email=Post",
                "--map",
                "name=Called",
                "--map",
                "metadata.city=City",
                to: server
            )
            #expect(run.exit == 0, "\(run.errors)")
            let customer = try #require(try await server.book().first)
            #expect(customer.externalId == "7" && customer.email == "a@example.com")
            #expect(customer.name == "Ada" && customer.metadata == ["city": "Bath"])
        }
    }

    @Test(
        "A column that maps to nothing is an error before the first request, with a way out",
        arguments: [
            ("externalId,emial\nx,a@example.com\n", ["emial", "email"]),
            ("id,email\n1,a@example.com\n", ["id", "--map externalId=id"]),
        ]
    )
    func unknownColumn(_ content: String, _ words: [String]) async throws {
        let folder = try CommandLineFolder()
        try folder.write("people.csv", content)
        try await EndToEndServer.serving { server in
            let run = try await folder.runImport("people.csv", to: server)
            #expect(run.exit == 3)
            for word in words { #expect(run.errors.contains(word), "\(run.errors)") }
            #expect(try await server.requests().total == 0)
            let without = try await folder.runImport(
                "people.csv",
                "--ignore-unknown-columns",
                to: server
            )
            #expect(without.exit == 0, "\(without.errors)")
        }
    }
}
