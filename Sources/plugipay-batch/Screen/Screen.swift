import BatchCore
import Plugipay
import Synchronization
import SystemPackage

/// What people see: lines on standard error, each made safe, because text from files and servers
/// gets into many of them; and how far a run is.
final class Screen: Sendable {
    /// How things are shown.
    let settings: ScreenSettings

    private let world: World
    private let state: Mutex<State>

    /// What a screen takes from the world, so that a test can stand in for it.
    struct World: Sendable {
        /// Time since the start of the program.
        var elapsed: @Sendable () -> Duration
        /// Local time.
        var localTime: @Sendable () -> Timestamp
        /// The terminal's columns, now.
        var width: @Sendable () -> Int = Terminal.width
        /// Takes what is to be written.
        var write: @Sendable (String) -> Void = Screen.writeToStandardError
    }

    private struct State {
        var log: ProgressLog
        var live = LiveLine()
        /// What the live line shows.
        var progress: RunProgress?
    }

    /// A screen that shows nothing yet.
    init(_ settings: ScreenSettings, world: World) {
        self.settings = settings
        self.world = world
        state = Mutex(State(log: ProgressLog(settings, from: world.elapsed())))
    }

    // MARK: Lines

    /// Shows what a run says.
    func show(_ note: RunNote) {
        switch note.level {
        case .info: put([LogLine(.info, note.text)])
        case .warning: put([LogLine(.warning, note.text)])
        }
    }

    /// Shows a line.
    func line(_ text: String) {
        put([LogLine(.info, text)])
    }

    /// Shows several lines in one piece.
    func lines(_ texts: [String]) {
        put(texts.map { LogLine(.info, $0) })
    }

    /// Shows what is worth acting on.
    func warning(_ text: String) {
        put([LogLine(.warning, text)])
    }

    /// Shows why something did not work.
    func error(_ text: String) {
        put([LogLine(.error, text)])
    }

    /// Shows the end of a run: a table for people, one object for machines.
    func show(_ summary: RunSummary) {
        endProgress()
        switch settings.format {
        case .text: lines([""] + SummaryTable(summary).lines)
        case .json:
            guard settings.level <= .info else { return }
            world.write(summary.logLine(at: world.localTime()) + "\n")
        }
    }

    // MARK: Progress

    /// Shows how far a run is.
    func show(_ progress: RunProgress) {
        state.withLock { state in
            let telling = state.log.take(progress, at: world.elapsed())
            state.progress = progress
            write(telling.news.map { LogLine(.info, $0) }, &state)
            if telling.isLookDue { writeLook(progress, &state) }
            if settings.progress == .live { world.write(drawing(&state)) }
        }
    }

    /// Takes the live line away: what follows is the end.
    func endProgress() {
        state.withLock { state in
            state.progress = nil
            let erasure = state.live.erase(width: world.width())
            if !erasure.isEmpty { world.write(erasure) }
        }
    }

    /// Takes the live line away if that can be done at once: the process is about to end.
    func leave() {
        let isShown = state.withLockIfAvailable { $0.live.isShown } ?? false
        if isShown { Terminal.writeAtOnce(LiveLine.erasure) }
    }

    private func writeLook(_ progress: RunProgress, _ state: inout State) {
        let sentence = ProgressWords.sentence(progress)
        guard case .json = settings.progress else {
            // Asked for by name, it is shown whatever else is not.
            world.write(rendered(LogLine(.info, sentence)))
            return
        }
        world.write(progress.json(at: world.localTime(), message: sentence) + "\n")
    }

    /// What draws the live line, if there is one and it has changed.
    private func drawing(_ state: inout State) -> String {
        guard let progress = state.progress else { return "" }
        let width = world.width()
        // In the last column some terminals go on to the next line.
        let line = ProgressLine(progress, width: max(width - 1, 1))
        let text = line.text(in: Palette(hasColor: settings.hasColor))
        return state.live.draw(text, length: line.length, width: width)
    }

    // MARK: Writing

    private func put(_ lines: [LogLine]) {
        state.withLock { write(lines, &$0) }
    }

    /// One write for all, so that lines of two threads do not mix, and the live line below them.
    private func write(_ lines: [LogLine], _ state: inout State) {
        let shown = lines.filter { $0.level >= settings.level }
        guard !shown.isEmpty else { return }
        let isLive = settings.progress == .live
        var text = isLive ? state.live.erase(width: world.width()) : ""
        for line in shown { text += rendered(line) }
        if isLive { text += drawing(&state) }
        world.write(text)
    }

    private func rendered(_ line: LogLine) -> String {
        switch settings.format {
        case .json:
            // An empty line keeps things apart for the eye only.
            return line.message.isEmpty ? "" : line.json(at: world.localTime()) + "\n"
        case .text:
            let palette = Palette(hasColor: settings.hasColor)
            let label =
                switch line.level {
                case .info: ""
                case .warning: palette.paint("warning:", .warning) + " "
                case .error: palette.paint("error:", .error) + " "
                }
            return "\(label)\(SafeText(line.message))\n"
        }
    }

    /// Nobody is left to be told when it fails.
    @Sendable
    static func writeToStandardError(_ text: String) {
        guard !text.isEmpty else { return }
        var text = text
        _ = text.withUTF8 { try? FileDescriptor.standardError.writeAll($0) }
    }
}
