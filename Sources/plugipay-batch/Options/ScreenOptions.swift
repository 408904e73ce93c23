import ArgumentParser
import BatchCore

/// The form of lines on standard error.
enum LogFormat: String, Sendable, Hashable, CaseIterable, ExpressibleByArgument {
    /// For people.
    case text
    /// One JSON object a line.
    case json
}

extension LogLine.Level: ExpressibleByArgument {}

/// What is shown, and how.
struct ScreenOptions: ParsableArguments {
    @Flag(
        name: [.customShort("q"), .customLong("quiet")],
        help: "Show errors only, and no progress."
    )
    var isQuiet = false

    @Flag(
        name: .customLong("no-color"),
        help: "No colour (also with NO_COLOR, and where standard error is no terminal)."
    )
    var hasNoColor = false

    @Option(help: "The least that is shown.")
    var logLevel = LogLine.Level.info

    @Option(help: "Lines for people, or one JSON object a line: time, level, message.")
    var logFormat = LogFormat.text
}
