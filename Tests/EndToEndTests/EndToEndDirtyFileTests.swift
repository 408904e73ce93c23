import Foundation
import Subprocess
import SystemPackage
import Testing

@Suite("A file with every kind of bad row", .serialized)
struct EndToEndDirtyFileTests {
    /// A line of dirty.csv, with what its externalId says of it.
    private struct Line {
        var bytes: [UInt8]
        var name: String

        /// The codes that are to be found; none for a row that is fine.
        var codes: Set<String> {
            if name.isEmpty { return ["empty_row"] }
            if name.hasPrefix("valid-") {
                return String(decoding: bytes, as: UTF8.self).contains("other content")
                    ? ["repeated_external_id"] : []
            }
            return Set(
                name.split(separator: ";").map { part in
                    String(part.split(separator: "-").first ?? "")
                }
            )
        }
    }

    private static func lines() throws -> [Line] {
        try CommandLineFolder.sample("dirty.csv").split(separator: 10).map { bytes in
            let name = bytes.prefix { $0 != UInt8(ascii: ",") }
            return Line(bytes: bytes + [10], name: String(decoding: name, as: UTF8.self))
        }
    }

    @Test("Every bad row has its code, the counts add up, and the rejects are as they were")
    func codes() async throws {
        let lines = try Self.lines()
        let rows = lines.dropFirst()
        let folder = try CommandLineFolder()
        try folder.take("dirty.csv")
        try await EndToEndServer.serving { server in
            let run = try await folder.runImport("dirty.csv", to: server)
            #expect(run.exit == 1)
            let results = try folder.results("dirty.job")
            try #require(results.count == rows.count)
            for (index, (row, result)) in zip(rows, results).enumerated() {
                #expect(result["line"] == "\(index + 2)")
                // Cells that have slipped into other columns may break the rules of those too.
                let codes =
                    row.codes.contains("too_many_cells")
                    ? result.codes.intersection(row.codes) : result.codes
                #expect(codes == row.codes, "line \(index + 2), \(row.name)")
                let isFine = ["created", "duplicate"].contains(result.status)
                #expect(isFine == row.codes.isEmpty)
                #expect(isFine || result.status == "invalid")
            }
            let bad = rows.filter { !$0.codes.isEmpty }
            let expected = ["created": 4, "duplicate": 1, "invalid": bad.count]
            #expect(try run.summary.statuses == expected)
            #expect(try run.summary["read"] == rows.count)
            #expect(
                try folder.bytes("dirty.job/rejects.csv")
                    == Array(([lines[0].bytes] + bad.map(\.bytes)).joined())
            )
            #expect(try await server.creates().count == 4)
            #expect(try await server.requests().count("POST") == 4)
        }
    }

    @Test("Mended rejects are imported once, with the same flags")
    func mended() async throws {
        let folder = try CommandLineFolder()
        try folder.take("dirty.csv")
        try await EndToEndServer.serving { server in
            #expect(try await folder.runImport("dirty.csv", to: server).exit == 1)
            let rejects = try folder.bytes("dirty.job/rejects.csv")
                .split(separator: 10)
                .map { String(decoding: $0, as: UTF8.self) }
            // Every row gets an externalId and an e-mail of its own, and nothing else.
            let mended = rejects.indices.dropFirst().map { "mended-\($0),m\($0)@example.com\n" }
            try folder.write("mended.csv", "\(rejects[0])\n" + mended.joined())
            for (job, status) in [("dirty.job", "created"), ("other.job", "exists")] {
                let run = try await folder.runImport("mended.csv", "--job", job, to: server)
                #expect(run.exit == 0, "\(run.errors)")
                #expect(try run.summary.statuses == [status: mended.count])
                #expect(!folder.exists("\(job)/rejects.csv"))
            }
            #expect(try await server.creates().count == 4 + mended.count)
            // The first file again: its bad rows are as bad, and nothing is sent.
            let requests = try await server.requests()
            #expect(
                try await folder.runImport("dirty.csv", "--job", "dirty.job", to: server).exit == 1
            )
            #expect(try await server.requests() == requests)
        }
    }

    // MARK: The README

    /// The shell blocks of the tour, in order.
    private static func tour() throws -> [String] {
        let readme = try String(
            contentsOf: CommandLineFolder.package.appending(path: "README.md"),
            encoding: .utf8
        )
        let sections = readme.split(separator: "\n## ")
        let tour = try #require(sections.first { $0.hasPrefix("Five minutes on the sandbox") })
        return tour.split(separator: "```sh\n").dropFirst().compactMap { block in
            block.firstRange(of: "```").map { String(block[..<$0.lowerBound]) }
        }
    }

    /// What a block of the tour must have done, where its exit code does not tell.
    private func check(
        _ block: String,
        in folder: CommandLineFolder,
        _ output: String,
        _ errors: String
    ) throws {
        if block.contains("status") {
            #expect(try folder.results("customers.sandbox.job").count == 25)
        }
        if block.contains("elsewhere") {
            #expect(
                try folder.results("elsewhere.sandbox.job").allSatisfy { $0.status == "exists" }
            )
            #expect(errors.ranges(of: "nothing to send").count == 2)
        }
        if block.contains("cmp ") {
            #expect(output == "the same book\n")
            #expect(try folder.results("book.sandbox.job").count == 25)
        }
        if block.hasPrefix("sed") {
            let mended = try folder.results("rejects.sandbox.job")
            #expect(mended.first?.status == "created")
            // Alone, an externalId that stood there twice is only one that is taken.
            #expect(
                mended.dropFirst().allSatisfy {
                    $0.status == ($0["external_id"] == "valid-02" ? "exists" : "invalid")
                }
            )
        }
    }

    @Test("The tour of the README does what it says", .enabled(if: canMendWithSed))
    func readme() async throws {
        let blocks = try Self.tour()
        let folder = try CommandLineFolder()
        mkdir(folder.file("samples"), 0o755)
        try folder.take(
            "samples/customers.csv",
            "samples/customers.csv.gz",
            "samples/customers.jsonl",
            "samples/dirty.csv"
        )
        var shown: [String] = []
        var exits: [TerminationStatus] = []
        for block in blocks where !block.hasPrefix("export PATH=") && !block.contains("--port") {
            let bin = CommandLineFolder.program.removingLastComponent().string
            let result = try await Subprocess.run(
                .path("/bin/sh"),
                arguments: ["-c", block],
                environment: .custom(["PATH": "\(bin):/usr/bin:/bin"]),
                workingDirectory: FilePath(folder.path),
                input: .none,
                output: .string(limit: 1 << 20),
                error: .string(limit: 1 << 20)
            )
            exits.append(result.terminationStatus)
            shown.append(result.standardOutput + result.standardError)
            try check(block, in: folder, result.standardOutput, result.standardError)
        }
        // Import, results, again, export, into another book, the dirty file, what was mended of it,
        // the clean-up.
        #expect(
            exits.map { $0 == .exited(0) } == [true, true, true, true, true, true, false, true],
            "\(shown)"
        )
        #expect(!folder.exists("customers.sandbox.job"))
        for left in ["plugipay-sandbox.sqlite", "other.sqlite", "book.jsonl.gz", "here.jsonl"] {
            #expect(!folder.exists(left))
        }
    }
}

/// GNU sed takes `-i` as the README writes it.
private let canMendWithSed: Bool = {
    #if os(Linux)
    true
    #else
    false
    #endif
}()
