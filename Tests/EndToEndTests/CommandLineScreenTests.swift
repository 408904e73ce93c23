import Plugipay
import Synchronization
import Testing

@testable import BatchCore
@testable import plugipay_batch

/// Keeps what was shown, at a time and a width that the test sets.
final class ScreenRecorder: Sendable {
    private let text = Mutex("")
    private let time = Mutex(Duration.zero)
    private let columns: Mutex<Int>

    init(width: Int = 80) {
        columns = Mutex(width)
    }

    func screen(_ change: (inout ScreenSettings) -> Void = { _ in }) -> Screen {
        var settings = ScreenSettings()
        change(&settings)
        return Screen(
            settings,
            world: .init(
                elapsed: { self.time.withLock(\.self) },
                localTime: {
                    Timestamp(millisecondsSince1970: 0) + self.time.withLock(\.self)
                },
                width: { self.columns.withLock(\.self) },
                write: { text in self.text.withLock { $0 += text } }
            )
        )
    }

    func set(time: Duration) { self.time.withLock { $0 = time } }
    func set(width: Int) { columns.withLock { $0 = width } }

    /// What was written since the last time.
    func take() -> String {
        text.withLock { text in
            defer { text = "" }
            return text
        }
    }
}

@Suite("What is shown on the screen")
struct CommandLineScreenTests {
    @Test("Text from a file or a server cannot move the cursor or forge a line")
    func safe() {
        let recorder = ScreenRecorder()
        let screen = recorder.screen()
        screen.show(RunNote(.info, "a\u{1B}[2Jb\nerror: forged"))
        screen.error("x\u{202E}y")
        #expect(recorder.take() == "a\\u{1B}[2Jb\\nerror: forged\nerror: x\\u{202E}y\n")
    }

    @Test("Only what matters enough is shown")
    func levels() {
        let expected: [(LogLine.Level, String)] = [
            (.info, "i\nwarning: w\nl\nerror: e\n"), (.warning, "warning: w\nerror: e\n"),
            (.error, "error: e\n"),
        ]
        for (level, text) in expected {
            let recorder = ScreenRecorder()
            let screen = recorder.screen { $0.level = level }
            screen.show(RunNote(.info, "i"))
            screen.show(RunNote(.warning, "w"))
            screen.line("l")
            screen.error("e")
            #expect(recorder.take() == text)
        }
    }

    @Test("A JSON log is one object a line, its progress too if that is asked for in words")
    func json() {
        let recorder = ScreenRecorder()
        let screen = recorder.screen { $0.format = .json }
        screen.lines(["", "a\nb"])
        screen.warning("w")
        recorder.set(time: .seconds(30))
        screen.show(RunProgress(.exporting, done: 7))
        #expect(
            recorder.take()
                == #"{"time":"1970-01-01T00:00:00.000Z","level":"info","message":"a\\nb"}"# + "\n"
                + #"{"time":"1970-01-01T00:00:00.000Z","level":"warning","message":"w"}"# + "\n"
                + #"{"time":"1970-01-01T00:00:30.000Z","level":"info","#
                + #""message":"exporting: 7 customers"}"# + "\n"
        )
    }

    @Test("Colour is around the words that say what it is, and nowhere else")
    func color() {
        let recorder = ScreenRecorder()
        let screen = recorder.screen { $0.hasColor = true }
        screen.line("i")
        screen.warning("w")
        screen.error("e")
        #expect(
            recorder.take()
                == "i\n\u{1B}[1;33mwarning:\u{1B}[0m w\n\u{1B}[1;31merror:\u{1B}[0m e\n"
        )
    }

    // MARK: Where nothing can be overwritten

    @Test("A line every 30 s, everything else at once")
    func plain() {
        let recorder = ScreenRecorder()
        let screen = recorder.screen()
        for second in 0...95 {
            recorder.set(time: .seconds(second))
            screen.show(RunProgress(.importing, done: second, total: 200))
        }
        screen.warning("w")
        #expect(
            recorder.take() == """
                importing: 30 of 200 rows (15 %)
                importing: 60 of 200 rows (30 %)
                importing: 90 of 200 rows (45 %)
                warning: w

                """
        )
    }

    @Test("A line at each change of state; limits that come every second are told now and then")
    func states() {
        let recorder = ScreenRecorder()
        let screen = recorder.screen()
        func pass(_ second: Int, _ wait: RunProgress.Wait?) -> String {
            recorder.set(time: .seconds(second))
            screen.show(RunProgress(.importing, done: 1, wait: wait))
            return recorder.take()
        }
        let limited = "the server limits requests (429): going on in 2 s\n"
        #expect(pass(1, nil) == "")
        #expect(pass(2, .limit(.seconds(2))) == limited)
        #expect(pass(3, .limit(.seconds(1))) == "")
        #expect(pass(4, nil) == "the server takes requests again\n")
        #expect(pass(5, .limit(.seconds(2))) == "")
        #expect(pass(7, nil) == "")
        #expect(pass(12, .limit(.seconds(2))) == limited)
        #expect(pass(14, .server(downFor: .zero, nextTry: .seconds(1))) == "")
        #expect(pass(15, .server(downFor: .seconds(9.5), nextTry: nil)) == "")
        #expect(pass(16, nil) == "")
        #expect(pass(17, .server(downFor: .zero, nextTry: .seconds(1))) == "")
        #expect(pass(18, .answers) == "")
        #expect(
            pass(19, .retries(rows: 2, next: .seconds(45)))
                == "2 rows to be asked again in 45 s\n"
        )
    }

    @Test("Objects every second, at each change of state, and at the end")
    func objects() {
        let recorder = ScreenRecorder()
        let screen = recorder.screen { $0.progress = .json(every: .seconds(1)) }
        func count(_ milliseconds: Int, _ done: Int, _ wait: RunProgress.Wait? = nil) -> Int {
            recorder.set(time: .milliseconds(milliseconds))
            screen.show(RunProgress(.importing, done: done, total: 9, wait: wait))
            return recorder.take().matches(of: /"event":"progress"/).count
        }
        #expect(count(0, 0) == 1)
        #expect(count(500, 1) == 0)
        #expect(count(1000, 2) == 1)
        #expect(count(1200, 2, .limit(.seconds(1))) == 1)
        #expect(count(1400, 2, .limit(.seconds(1))) == 0)
        #expect(count(1600, 2) == 1)
        #expect(count(1700, 9) == 1)
    }

    @Test("No progress means none")
    func none() {
        let recorder = ScreenRecorder()
        let screen = recorder.screen { $0.progress = .none }
        for second in [30, 60, 90] {
            recorder.set(time: .seconds(second))
            screen.show(RunProgress(.importing, done: 1, wait: .limit(.seconds(second))))
        }
        #expect(recorder.take() == "")
    }

    // MARK: The live line

    @Test("It is drawn in place, makes room for other lines, and is gone at the end")
    func live() {
        let recorder = ScreenRecorder()
        let screen = recorder.screen { $0.progress = .live }
        screen.show(RunProgress(.importing, done: 1, total: 2))
        #expect(recorder.take() == "\rimporting  1 of 2 rows  50 %\u{1B}[K")
        screen.show(RunProgress(.importing, done: 1, total: 2))
        #expect(recorder.take() == "")
        screen.warning("w")
        #expect(
            recorder.take()
                == "\r\u{1B}[Kwarning: w\n\rimporting  1 of 2 rows  50 %\u{1B}[K"
        )
        screen.endProgress()
        #expect(recorder.take() == "\r\u{1B}[K")
        screen.endProgress()
        screen.line("end")
        #expect(recorder.take() == "end\n")
    }

    @Test("In a window made narrower the rows that it was wrapped to are erased")
    func resize() {
        let recorder = ScreenRecorder()
        let screen = recorder.screen { $0.progress = .live }
        screen.show(RunProgress(.importing, done: 1, total: 2))
        _ = recorder.take()
        recorder.set(width: 10)
        screen.show(RunProgress(.importing, done: 1, total: 2))
        #expect(recorder.take() == "\u{1B}[2A\r\u{1B}[J1 of 2 ro\u{1B}[K")
    }

    @Test("The end of a run is a table, or one object in a JSON log", arguments: LogFormat.allCases)
    func summary(_ format: LogFormat) {
        let recorder = ScreenRecorder()
        let screen = recorder.screen { $0.format = format }
        let summary = RunSummary(
            command: "import",
            status: .completed,
            exitCode: 0,
            inputs: [],
            startedAt: Timestamp(millisecondsSince1970: 0),
            endedAt: Timestamp(millisecondsSince1970: 0),
            counts: [.created: 3]
        )
        screen.show(summary)
        let shown = recorder.take()
        switch format {
        case .text: #expect(shown.hasPrefix("\n  rows read "))
        case .json: #expect(shown.hasSuffix(#""summary":\#(summary.json)}"# + "\n"))
        }
    }

    @Test(
        "A rough duration",
        arguments: [
            (0, "1 s"), (119, "119 s"), (120, "2 min"), (121, "3 min"), (7199, "2 h"),
            (7260, "2 h 1 min"), (172_740, "47 h 59 min"), (172_800, "2 d"), (375_000, "4 d 9 h"),
        ]
    )
    func words(_ seconds: Int, _ text: String) {
        #expect(DurationWords.text(seconds: seconds) == text)
    }
}
