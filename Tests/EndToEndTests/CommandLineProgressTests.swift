import ArgumentParser
import BatchCore
import Testing

@testable import plugipay_batch

@Suite("The live line")
struct CommandLineProgressTests {
    private static let busy = RunProgress(
        .importing,
        done: 12_340,
        total: 1_000_000,
        errors: 3,
        perSecond: 15.94,
        inFlight: 8,
        remaining: .seconds(61_960)
    )

    private static func waiting(_ wait: RunProgress.Wait) -> RunProgress {
        var progress = busy
        progress.wait = wait
        return progress
    }

    private static let limited = waiting(.limit(.milliseconds(7200)))

    private func line(_ progress: RunProgress, _ width: Int) -> String {
        ProgressLine(progress, width: width).text(in: Palette(hasColor: false))
    }

    @Test(
        "What matters least is left out first",
        arguments: [
            (
                busy, 200,
                "importing  12,340 of 1,000,000 rows  1 %  15.9/s  8 in flight  3 errors  "
                    + "17 h 13 min left"
            ),
            (
                busy, 79,
                "importing  12,340 of 1,000,000 rows  1 %  15.9/s  3 errors  17 h 13 min left"
            ),
            (busy, 59, "12,340 of 1,000,000 rows  1 %  3 errors  17 h 13 min left"),
            (busy, 30, "12,340 of 1,000,000 rows  1 %"), (busy, 12, "12,340 of 1,"),
            (
                limited, 200,
                "importing  12,340 of 1,000,000 rows  1 %  15.9/s  8 in flight  3 errors  "
                    + "the server limits requests (429): going on in 8 s  17 h 13 min left"
            ),
            (
                limited, 119,
                "importing  12,340 of 1,000,000 rows  1 %  15.9/s  8 in flight  3 errors  "
                    + "429: waiting 8 s  17 h 13 min left"
            ),
            (limited, 59, "12,340 of 1,000,000 rows  1 %  3 errors  429: waiting 8 s"),
            (limited, 47, "12,340 of 1,000,000 rows  1 %  429: waiting 8 s"),
        ]
    )
    func fits(_ progress: RunProgress, _ width: Int, _ text: String) {
        #expect(line(progress, width) == text)
    }

    @Test("It never takes more than its width, whatever it shows")
    func bounded() {
        let waits: [RunProgress.Wait?] = [
            nil, .limit(.seconds(600)), .server(downFor: .seconds(3599), nextTry: .seconds(60)),
            .server(downFor: .zero, nextTry: nil), .retries(rows: 20_000, next: .seconds(365)),
            .answers,
        ]
        for wait in waits {
            var progress = Self.busy
            progress.wait = wait
            progress.done = .max
            progress.perSecond = .greatestFiniteMagnitude
            for width in 1...220 {
                let line = ProgressLine(progress, width: width)
                let text = line.text(in: Palette(hasColor: false))
                #expect(text.count == line.length && line.length <= width)
                #expect(text.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
            }
        }
    }

    @Test("While the server is down nothing is forecast")
    func down() {
        let down = Self.waiting(.server(downFor: .seconds(61), nextTry: .seconds(8)))
        #expect(
            line(down, 200)
                == "importing  12,340 of 1,000,000 rows  1 %  8 in flight  3 errors  "
                + "the server has been down for 61 s: next try in 8 s"
        )
    }

    @Test("Colour changes nothing but colour")
    func colorOnly() {
        let text = ProgressLine(Self.limited, width: 200).text(in: Palette(hasColor: true))
        #expect(text.contains("\u{1B}[1;31m3 errors\u{1B}[0m"))
        #expect(text.replacing(/\u{1B}\[[0-9;]*m/, with: "") == line(Self.limited, 200))
    }

    @Test("A line of a log says the same as a sentence")
    func sentence() {
        #expect(
            ProgressWords.sentence(Self.limited)
                == "importing: 12,340 of 1,000,000 rows (1 %), 15.9/s, 8 in flight, 3 errors, "
                + "17 h 13 min left; the server limits requests (429): going on in 8 s"
        )
        #expect(
            ProgressWords.sentence(RunProgress(.exporting, done: 0)) == "exporting: 0 customers"
        )
    }

    @Test(
        "Numbers are grouped",
        arguments: [
            (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000"),
        ]
    )
    func grouped(_ number: Int, _ text: String) {
        #expect(ProgressWords.grouped(number) == text)
    }

    @Test("Not quite everything is not 100 %")
    func percent() {
        #expect(ProgressWords.percent(RunProgress(.importing, done: 9999, total: 10_000)) == "99 %")
        #expect(ProgressWords.percent(RunProgress(.importing, done: 9, total: 9)) == "100 %")
    }

    // MARK: What flags and surface make of it

    private static let terminal = ScreenSettings.Surface(isTerminal: true, term: "xterm")

    private func settings(
        _ arguments: [String],
        on surface: ScreenSettings.Surface = terminal
    ) throws -> ScreenSettings {
        let options = try OutputOptions.parse(arguments)
        return ScreenSettings(options.screen, progress: options.progress, on: surface)
    }

    @Test(
        "Progress suits what it is shown on, unless it is asked for",
        arguments: [
            ([], .live), (["--progress", "plain"], .plain), (["--progress", "none"], .none),
            (["--progress", "json"], .json(every: .seconds(1))), (["-q"], .none),
            (["-q", "--progress", "json"], .none), (["--log-level", "warning"], .none),
            (["--log-level", "warning", "--progress", "plain"], .plain),
            (["--log-format", "json"], .json(every: .seconds(30))),
            (["--log-format", "json", "--progress", "plain"], .plain),
        ] as [([String], ScreenSettings.Progress)]
    )
    func flags(_ arguments: [String], _ progress: ScreenSettings.Progress) throws {
        #expect(try settings(arguments).progress == progress)
    }

    @Test("No live line where the cursor cannot be moved, or where it would stand in data")
    func surfaces() throws {
        for surface in [
            .init(), .init(isTerminal: true), .init(isTerminal: true, term: ""),
            .init(isTerminal: true, term: "dumb"), .init(term: "xterm"),
        ] as [ScreenSettings.Surface] {
            #expect(try settings([], on: surface).progress == .plain)
            #expect(try !settings([], on: surface).hasColor)
        }
        var shared = Self.terminal
        shared.sharesTerminalWithData = true
        #expect(try settings([], on: shared).progress == .none)
    }

    @Test("Colour only on a terminal, and only if nobody objects")
    func color() throws {
        #expect(try settings([]).hasColor)
        #expect(try !settings(["--no-color"]).hasColor)
        #expect(try !settings(["--log-format", "json"]).hasColor)
        var surface = Self.terminal
        surface.noColor = ""
        #expect(try settings([], on: surface).hasColor)
        surface.noColor = "0"
        #expect(try !settings([], on: surface).hasColor)
    }

    @Test("A file that the collector would not read is refused")
    func metricsFile() {
        #expect(throws: (any Error).self) { try OutputOptions.parse(["--metrics-file", "a.txt"]) }
        #expect(throws: Never.self) { try OutputOptions.parse(["--metrics-file", "a.prom"]) }
    }
}
