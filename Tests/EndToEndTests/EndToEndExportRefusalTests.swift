import Foundation
import Plugipay
import Testing

@Suite("What export refuses, and with which code")
struct EndToEndExportRefusalTests {
    @Test(
        "A command line that is wrong: 64, and no file",
        arguments: [
            ["--json"], ["--json", "-o", "-"], ["-o", ""], ["-o", "book"], ["-o", "book.xml"],
            ["-o", "book.gz"], ["-o", "book.csv", "--format", "jsonl"],
            ["-o", "book.jsonl.gz", "--format", "csv"], ["-o", "book.jsonl", "--gzip"],
            ["--format", "xml"], ["--fields", "nickname"], ["--fields", ""],
            ["--fields", "email,,name"], ["--fields", "email,email"],
            ["--fields", "metadata.plan"],
            ["--created-after", "yesterday"], ["--created-after", "2026-02-30T00:00:00Z"],
            ["--rate", "-1"], ["--concurrency", "0"], ["--max-attempts", "0"],
            ["--max-outage", "soon"], ["book.csv"], ["--live"], ["--on-conflict", "update"],
        ]
    )
    func usage(_ arguments: [String]) async throws {
        let folder = try CommandLineFolder()
        // A server that nobody asks.
        let run = try await folder.runProgram(
            ["export"] + arguments,
            environment: [
                "PLUGIPAY_BASE_URL": "http://127.0.0.1:1", "PLUGIPAY_API_KEY": "pk_test_nobody",
            ]
        )
        #expect(run.exit == 64, "\(run.errors)")
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("Error: "))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("A link, a folder, a pipe or a missing folder as FILE: 3, and what was there stays")
    func places() async throws {
        let folder = try CommandLineFolder()
        try folder.write("target.csv", "mine\n")
        folder.link("target.csv", as: "link.csv")
        folder.link("nowhere.csv", as: "dangling.csv")
        mkdir(folder.file("folder.csv"), 0o755)
        mkfifo(folder.file("pipe.csv"), 0o600)
        try await EndToEndServer.serving { server in
            for name in [
                "link.csv", "dangling.csv", "folder.csv", "pipe.csv", "missing/book.csv",
            ] {
                let run = try await folder.runExport("-o", name, from: server)
                #expect(run.exit == 3, "\(name): \(run.errors)")
                #expect(run.errors.contains(name), "\(run.errors)")
                #expect(!folder.exists(name + ".part"))
            }
            #expect(try folder.read("target.csv") == "mine\n")
            #expect(!folder.exists("nowhere.csv"))
            let link = try FileManager.default.destinationOfSymbolicLink(
                atPath: folder.file("link.csv")
            )
            #expect(link == folder.file("target.csv"))
            // The names beside FILE are no way around it either.
            folder.link("target.csv", as: "book.csv.part")
            let part = try await folder.runExport("-o", "book.csv", from: server)
            #expect(part.exit == 3, "\(part.errors)")
            #expect(try folder.read("target.csv") == "mine\n")
            #expect(try await server.requests().total == 0)
        }
    }

    @Test("Reading is enough, with any kind of key; without it nothing is written, and 3")
    func credentials() async throws {
        let folder = try CommandLineFolder()
        try await EndToEndServer.serving { server in
            try await server.create([.init(externalId: "p1"), .init(externalId: "p2")])
            func export(_ name: String, _ variables: [String: String]) async throws -> EndToEndRun {
                try await folder.runProgram(
                    ["export", "-o", name],
                    environment: variables.merging(["PLUGIPAY_BASE_URL": server.url]) { $1 }
                )
            }
            for (name, variables) in [
                ("bearer.csv", ["PLUGIPAY_API_KEY": "pk_test_sandbox"]),
                ("pair.csv", ["PLUGIPAY_API_KEY": "ak_test_readonly:sk_test_readonly"]),
                (
                    "platform.csv",
                    [
                        "PLUGIPAY_API_KEY": "ak_test_platform:sk_test_platform",
                        "PLUGIPAY_ON_BEHALF_OF": "acc_sandbox",
                    ]
                ),
            ] {
                let run = try await export(name, variables)
                #expect(run.exit == 0, "\(run.errors)")
                #expect(try await folder.customers(in: name).count == 2)
                #expect(try await folder.manifest(of: name).target.account == "acc_sandbox")
            }
            for (name, key) in [
                ("writeonly.csv", "ak_test_writeonly:sk_test_writeonly"),
                ("wrong.csv", "ak_test_sandbox:sk_wrong"),
                ("unknown.csv", "pk_test_unknown"),
            ] {
                let run = try await export(name, ["PLUGIPAY_API_KEY": key])
                #expect(run.exit == 3, "\(run.errors)")
                #expect(!folder.exists(name))
            }
            let none = try await export("none.csv", [:])
            #expect(none.exit == 3, "\(none.errors)")
            #expect(!folder.exists("none.csv.part"))
        }
    }

    @Test("--sandbox exports what --sandbox imported, without credentials")
    func sandbox() async throws {
        let folder = try CommandLineFolder()
        try folder.take("customers.csv")
        #expect(try await folder.run("import", "customers.csv", "--sandbox").exit == 0)
        let file = try await folder.run("export", "-o", "book.csv.gz", "--sandbox", "--json")
        #expect(file.exit == 0, "\(file.errors)")
        #expect(file.output.contains(#""target":{"base_url":"sandbox","mode":"test""#))
        #expect(try await folder.customers(in: "book.csv.gz").count == 25)
        #expect(try await folder.manifest(of: "book.csv.gz").target.base_url == "sandbox")
        let stream = try await folder.run("export", "--sandbox", "-q")
        #expect(stream.exit == 0, "\(stream.errors)")
        #expect(stream.output.split(separator: "\n").count == 25)
        #expect(stream.errors == "")
        let other = try await folder.run(
            "export",
            "--sandbox",
            "--sandbox-database",
            "other.sqlite"
        )
        #expect(other.exit == 0, "\(other.errors)")
        #expect(other.output == "")
    }
}
