import Foundation
import Testing

@Suite("The program on a terminal")
struct CommandLineTerminalTests {
    /// Two seconds of work at 15 rows a second.
    private func people(in folder: CommandLineFolder) throws -> [String] {
        let rows = (1...30).map { "p\($0),p\($0)@example.com\n" }
        try folder.write("people.csv", "externalId,email\n" + rows.joined())
        return ["import", "people.csv", "--sandbox", "--rate", "15"]
    }

    @Test("One line is drawn over and over within the width, and is gone at the end")
    func live() async throws {
        let folder = try CommandLineFolder()
        let terminal = try CommandLineTerminal(columns: 60)
        let (exit, text) = try await terminal.run(
            try people(in: folder),
            in: folder,
            environment: ["TERM": "xterm-256color"]
        )
        #expect(exit == 0)
        let drawn = text.matches(of: /\r([^\r\n\u{1B}]*of 30 rows[^\r\n]*?)\u{1B}\[K/).map(\.1)
        #expect(drawn.count >= 4)
        #expect(drawn.allSatisfy { $0.count < 60 })
        #expect(Set(drawn).count > 2)
        // It is taken away before the table, and never drawn again.
        let end = try #require(text.range(of: "rows read"))
        #expect(text[..<end.lowerBound].hasSuffix("\r\u{1B}[K\r\n  "))
        #expect(!text[end.lowerBound...].contains("\u{1B}"))
        // Nothing is switched on that would have to be switched off.
        let others = text.replacing(/\u{1B}\[(?:K|J|[0-9]+A|[0-9;]*m)/, with: "")
        #expect(!others.contains("\u{1B}"))
    }

    @Test(
        "A terminal that can do nothing gets lines, and no colour",
        arguments: [["TERM": "dumb"], [:]]
    )
    func dumb(_ environment: [String: String]) async throws {
        let folder = try CommandLineFolder()
        let terminal = try CommandLineTerminal(columns: 80)
        let (exit, text) = try await terminal.run(
            ["import", "nobody.csv", "--sandbox"],
            in: folder,
            environment: environment
        )
        #expect(exit == 3)
        #expect(text.hasPrefix("error: nobody.csv: "))
        #expect(!text.contains("\u{1B}"))
    }

    @Test("NO_COLOR leaves the live line, and takes the colour")
    func noColor() async throws {
        let folder = try CommandLineFolder()
        let terminal = try CommandLineTerminal(columns: 80)
        for (environment, isColored) in [
            (["TERM": "xterm"], true), (["TERM": "xterm", "NO_COLOR": "1"], false),
        ] {
            let (_, text) = try await terminal.run(
                ["validate", "nobody.csv"],
                in: folder,
                environment: environment
            )
            #expect(text.contains("\u{1B}[1;31merror:\u{1B}[0m") == isColored)
        }
    }
}
