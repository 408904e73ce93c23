import BatchCore
import Synchronization
import SystemPackage

/// What people see: lines on standard error, each made safe, because text from files and servers
/// gets into many of them.
final class Screen: Sendable {
    private let isQuiet: Bool
    private let elapsed: @Sendable () -> Duration
    private let write: @Sendable (String) -> Void
    private let progress = Mutex(ProgressLine())

    /// - Parameters:
    ///   - isQuiet: Whether only errors are shown.
    ///   - elapsed: Time since the start of the program.
    ///   - write: Takes a text that ends in a line end.
    init(
        isQuiet: Bool,
        elapsed: @escaping @Sendable () -> Duration,
        write: @escaping @Sendable (String) -> Void = Screen.writeToStandardError
    ) {
        self.isQuiet = isQuiet
        self.elapsed = elapsed
        self.write = write
    }

    /// Shows what a run says.
    func show(_ note: RunNote) {
        switch note.level {
        case .progress:
            guard progress.withLock({ $0.isDue(at: elapsed()) }) else { return }
            line(note.text)
        case .info: line(note.text)
        case .warning: line("warning: \(note.text)")
        }
    }

    /// Shows a line, unless only errors are wanted.
    func line(_ text: String) {
        if !isQuiet { put([text]) }
    }

    /// Shows several lines in one piece.
    func lines(_ texts: [String]) {
        if !isQuiet, !texts.isEmpty { put(texts) }
    }

    /// Shows why something did not work.
    func error(_ text: String) {
        put(["error: \(text)"])
    }

    private func put(_ texts: [String]) {
        write(texts.map { "\(SafeText($0))\n" }.joined())
    }

    /// One write for each call, so that lines of two threads do not mix.
    ///
    /// Nobody is left to be told when it fails.
    @Sendable
    static func writeToStandardError(_ text: String) {
        var text = text
        _ = text.withUTF8 { try? FileDescriptor.standardError.writeAll($0) }
    }
}
