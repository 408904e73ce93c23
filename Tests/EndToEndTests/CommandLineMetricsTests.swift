import Foundation
import Testing

@Suite("--metrics-file, --log-format and --progress of the program")
struct CommandLineMetricsTests {
    private func folder() throws -> CommandLineFolder {
        let folder = try CommandLineFolder()
        try folder.write("people.csv", "externalId,email\na,a@example.com\nb,nobody\n")
        try folder.write("good.csv", "externalId,email\na,a@example.com\n")
        return folder
    }

    private func value(_ series: String, in folder: CommandLineFolder) throws -> String? {
        let head = "plugipay_batch_\(series) "
        return try folder.read("run.prom").split(separator: "\n").first { $0.hasPrefix(head) }
            .map { String($0.dropFirst(head.count)) }
    }

    @Test("Every end of a run is filed, and the last success is kept")
    func everyEnd() async throws {
        let folder = try folder()
        let flags = ["--sandbox", "--metrics-file", "run.prom"]
        let success = #"last_success_timestamp_seconds{command="import"}"#
        let code = #"exit_code{command="import"}"#

        let errors = try await folder.runProgram(["import", "people.csv"] + flags)
        #expect(errors.exit == 1)
        #expect(folder.mode(of: "run.prom") == 0o644)
        #expect(try value(code, in: folder) == "1")
        #expect(try value(#"rows{command="import",status="created"}"#, in: folder) == "1")
        #expect(try value(#"rows{command="import",status="invalid"}"#, in: folder) == "1")
        #expect(try value(success, in: folder) == nil)

        let good = try await folder.runProgram(["import", "good.csv"] + flags)
        #expect(good.exit == 0)
        let time = try value(success, in: folder)
        #expect(time != nil)

        let missing = try await folder.runProgram(["import", "nobody.csv"] + flags)
        #expect(missing.exit == 3)
        #expect(try value(code, in: folder) == "3")
        #expect(try value(success, in: folder) == time)
        #expect(try value(#"rows{command="import",status="created"}"#, in: folder) == nil)
    }

    @Test("A run whose metrics could not be written does not begin, and says why, quiet or not")
    func unwritable() async throws {
        let folder = try folder()
        let run = try await folder.runProgram(
            ["validate", "good.csv", "-q", "--metrics-file", "nowhere/run.prom"]
        )
        #expect(run.exit == 3)
        #expect(run.errors.contains("error: the metrics cannot be written to nowhere/run.prom"))
    }

    @Test("A name that the collector does not read is a wrong command line")
    func suffix() async throws {
        let run = try await folder().runProgram(
            ["validate", "good.csv", "--metrics-file", "run.txt"]
        )
        #expect(run.exit == 64)
        #expect(run.errors.contains(#""run.txt" does not end in .prom"#))
    }

    /// A line of a JSON log, as far as all of them are alike.
    private struct Line: Decodable {
        var time: String
        var level: String
        var message: String
        var event: String?
    }

    @Test("With --log-format json every line on standard error is an object")
    func jsonLog() async throws {
        let folder = try folder()
        for (arguments, events) in [
            (["import", "people.csv", "--sandbox"], ["progress", "summary"]),
            (["import", "people.csv", "--sandbox", "--progress", "none"], ["summary"]),
            (["import", "nobody.csv", "--sandbox"], []),
        ] as [([String], Set<String>)] {
            let run = try await folder.runProgram(arguments + ["--log-format", "json"])
            let lines = try run.errors.split(separator: "\n").map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
            #expect(!lines.isEmpty)
            #expect(Set(lines.compactMap(\.event)) == events)
            #expect(lines.contains { $0.level == "error" } == (run.exit == 3))
        }
    }

    @Test("--progress json tells the start and the end even of a short run")
    func jsonProgress() async throws {
        let folder = try folder()
        let run = try await folder.runProgram(
            ["import", "people.csv", "--sandbox", "--progress", "json"]
        )
        let objects = run.errors.split(separator: "\n").filter { $0.hasPrefix("{") }
        #expect(objects.count >= 2)
        #expect(objects.last?.contains(#""done":2,"total":2,"percent":100,"#) == true)
        #expect(run.errors.contains("\n  rows read "))
    }
}
