import Foundation
import Testing

@testable import Plugipay

/// The tests that read the book of 2,345 customers.
@Suite("Exports of a book of 2,345", .exportBook)
enum EndToEndExportTests {}

extension EndToEndExportTests {
    @Suite("The whole book")
    struct Whole {
        @Test(
            "Every generation of the service, every format: the same customers, each once",
            arguments: ["current", "docs", "legacy"]
        )
        func formats(_ profile: String) async throws {
            let folder = try CommandLineFolder()
            try await EndToEndBook.serving(["--profile", profile], in: folder) { server in
                // The first servers ignore the order that is asked for.
                let order = profile == "legacy" ? "server" : "createdAt,id"
                for name in ["book.jsonl.gz", "book.csv"] {
                    let before = try await server.requests().total
                    let run = try await folder.runExport("-o", name, "--json", from: server)
                    #expect(run.exit == 0, "\(run.errors)")
                    let asked = try await server.requests().total - before
                    let summary = try run.summary
                    #expect(summary.requestCount == asked)
                    #expect(summary.counts == ["read": EndToEndBook.count])
                    #expect(summary.status == "completed")
                    try await folder.expectWholeBook(in: name, order: order)
                    let target = try await folder.manifest(of: name).target
                    #expect(target.base_url == server.url + "/api/v1")
                    #expect(target.mode == "test")
                    #expect(target.account == "acc_sandbox")
                }
                let stream = try await folder.runExport(from: server)
                #expect(stream.exit == 0, "\(stream.errors)")
                _ = try await folder.customers(in: "book.jsonl.gz")
                #expect(try Array(stream.output.utf8) == folder.bytes("book.jsonl.gz.plain"))

                try Self.expectServerObjects(stream.output, try await server.book())
                try await Self.expectSameInCSV(folder)
            }
        }

        /// Each line says what the client reads from the same server.
        private static func expectServerObjects(_ output: String, _ book: [Customer]) throws {
            let lines = output.split(separator: "\n").map { Customer(json: Array($0.utf8)) }
            #expect(Set(lines) == Set(book))
            #expect(lines.count == book.count)
        }

        private static func expectSameInCSV(_ folder: CommandLineFolder) async throws {
            let table = EndToEndTable.rows(try folder.bytes("book.csv"))
            #expect(
                table.first?.joined(separator: ",")
                    == "id,externalId,email,name,phone,taxId,defaultPaymentTokenId,metadata,"
                    + "createdAt,updatedAt,accountId"
            )
            let objects = try await folder.customers(in: "book.jsonl.gz")
            let rows = try await folder.customers(in: "book.csv")
            try #require(objects.count == rows.count)
            for (object, row) in zip(objects, rows) {
                for member in table[0] where member != "metadata" {
                    #expect(object[member] == row[member])
                }
                #expect(object.metadata == row.metadata)
            }
        }

        @Test("A server that answers badly now and then: whole all the same, every request told")
        func faults() async throws {
            let seed = EndToEndSeed.fresh("export with faults")
            let folder = try CommandLineFolder()
            let faults = [
                "--fault", "lost-response=0.03", "reset=0.03", "error=0.05", "html=0.02",
                "garbage=0.02", "truncated=0.02", "--seed", "\(seed)",
            ]
            try await EndToEndBook.serving(faults, in: folder) { server in
                let run = try await folder.runExport("-o", "book.jsonl", "--json", from: server)
                #expect(run.exit == 0, "\(run.errors)")
                #expect(try await run.summary.requestCount == server.requests().total)
                try await folder.expectWholeBook(in: "book.jsonl")
            }
        }

        @Test("--fields picks members, in the order given")
        func fields() async throws {
            let folder = try CommandLineFolder()
            try await EndToEndBook.serving(in: folder) { server in
                let fields = "email,externalId,metadata,phone"
                let json = try await folder.runExport("--fields", fields, from: server)
                #expect(json.exit == 0, "\(json.errors)")
                let lines = json.output.split(separator: "\n")
                let expected = EndToEndBook.externalIDs.map {
                    #"{"email":"\#($0)@example.com","externalId":"\#($0)","#
                        + #""metadata":{"plan":"pro"},"phone":null}"#
                }
                #expect(Set(lines.map(String.init)) == Set(expected))
                #expect(lines.count == EndToEndBook.count)

                let arguments = ["--fields", fields, "--format", "csv", "--gzip"]
                let csv = try await folder.shell(
                    "plugipay-batch export --rate 0 -q \(arguments.joined(separator: " ")) | "
                        + "gzip -dc",
                    environment: server.environment
                )
                let rows = EndToEndTable.rows(Array(csv.output.utf8))
                #expect(rows.first == fields.split(separator: ",").map(String.init))
                #expect(rows.count == EndToEndBook.count + 1)
                #expect(
                    Set(rows.dropFirst())
                        == Set(
                            EndToEndBook.externalIDs.map {
                                ["\($0)@example.com", $0, #"{"plan":"pro"}"#, ""]
                            }
                        )
                )
            }
        }

        @Test(
            "--created-after takes the younger ones, whether the server knows the filter or not",
            arguments: ["current", "legacy"]
        )
        func createdAfter(_ profile: String) async throws {
            let folder = try CommandLineFolder()
            try await EndToEndBook.serving(["--profile", profile], in: folder) { server in
                _ = try await folder.runExport("-o", "all.jsonl", from: server)
                let all = try await folder.customers(in: "all.jsonl")
                let times = all.compactMap { $0["createdAt"] }.sorted()
                let time = times[times.count * 2 / 3]
                let run = try await folder.runExport(
                    "-o",
                    "some.csv",
                    "--created-after",
                    time,
                    from: server
                )
                #expect(run.exit == 0, "\(run.errors)")
                let expected = all.filter { $0["createdAt"] ?? "" > time }.map { $0["id"] }
                #expect(!expected.isEmpty)
                #expect(try await folder.customers(in: "some.csv").map { $0["id"] } == expected)
                #expect(try await folder.manifest(of: "some.csv").rows == expected.count)

                let none = try await folder.runExport(
                    "-o",
                    "none.jsonl.gz",
                    "--created-after",
                    "2999-01-01T00:00:00Z",
                    from: server
                )
                #expect(none.exit == 0, "\(none.errors)")
                #expect(try await folder.customers(in: "none.jsonl.gz").isEmpty)
                let manifest = try await folder.manifest(of: "none.jsonl.gz")
                #expect(manifest.rows == 0)
                #expect(manifest.first_id == nil)
            }
        }

        @Test("A reader that goes away ends the run with 3, and with words")
        func brokenPipe() async throws {
            let folder = try CommandLineFolder()
            try await EndToEndBook.serving(in: folder) { server in
                for flags in ["", "--gzip", "--format csv"] {
                    // The reader takes a few bytes of more than a pipe holds.
                    let run = try await folder.shell(
                        "(plugipay-batch export --rate 0 \(flags); echo \"exit $?\" >&2) "
                            + "| head -c 10 > taken",
                        environment: server.environment
                    )
                    // Compressed, the book is smaller than what a pipe holds: then nobody can tell.
                    if flags == "--gzip" {
                        #expect(run.errors.contains("exit 3\n") || run.errors.contains("exit 0\n"))
                    } else {
                        #expect(run.errors.hasSuffix("exit 3\n"), "\(run.errors)")
                        #expect(run.errors.contains("standard output"), "\(run.errors)")
                    }
                    #expect(try folder.bytes("taken").count == 10)
                }
            }
        }
    }
}
