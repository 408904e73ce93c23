import BatchCore
import Synchronization
import Testing

@testable import plugipay_batch

@Suite("What is shown on the screen")
struct CommandLineScreenTests {
    /// Keeps what was shown, at a time that the test sets.
    private final class Recorder: Sendable {
        let text = Mutex("")
        let time = Mutex(Duration.zero)

        func screen(isQuiet: Bool = false) -> Screen {
            Screen(
                isQuiet: isQuiet,
                elapsed: { self.time.withLock(\.self) },
                write: { text in self.text.withLock { $0 += text } }
            )
        }

        var shown: String { text.withLock(\.self) }
    }

    @Test("Text from a file or a server cannot move the cursor or forge a line")
    func safe() {
        let recorder = Recorder()
        let screen = recorder.screen()
        screen.show(RunNote(.info, "a\u{1B}[2Jb\nerror: forged"))
        screen.error("x\u{202E}y")
        #expect(recorder.shown == "a\\u{1B}[2Jb\\nerror: forged\nerror: x\\u{202E}y\n")
    }

    @Test("Progress is shown every 30 s, everything else at once")
    func progress() {
        let recorder = Recorder()
        let screen = recorder.screen()
        for second in 0...95 {
            recorder.time.withLock { $0 = .seconds(second) }
            screen.show(RunNote(.progress, "\(second)"))
        }
        screen.show(RunNote(.warning, "w"))
        #expect(recorder.shown == "30\n60\n90\nwarning: w\n")
    }

    @Test("When quiet, only errors are shown")
    func quiet() {
        let recorder = Recorder()
        recorder.time.withLock { $0 = .seconds(100) }
        let screen = recorder.screen(isQuiet: true)
        screen.show(RunNote(.progress, "p"))
        screen.show(RunNote(.info, "i"))
        screen.show(RunNote(.warning, "w"))
        screen.line("l")
        screen.lines(["a", "b"])
        screen.error("e")
        #expect(recorder.shown == "error: e\n")
    }

    @Test(
        "A rough duration",
        arguments: [
            (0, "1 s"), (119, "119 s"), (120, "2 min"), (121, "3 min"), (7199, "2 h"),
            (7260, "2 h 1 min"),
        ]
    )
    func words(_ seconds: Int, _ text: String) {
        #expect(DurationWords.text(seconds: seconds) == text)
    }
}
