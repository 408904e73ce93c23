package import Plugipay

/// One line for people or machines that is no data: what `--log-format` writes.
package struct LogLine: Sendable, Hashable {
    /// How much it matters.
    package enum Level: String, Sendable, Hashable, CaseIterable, Comparable {
        /// Worth knowing.
        case info
        /// Worth acting on.
        case warning
        /// Why something did not work.
        case error

        /// Whether `left` matters less.
        package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .info: 0
            case .warning: 1
            case .error: 2
            }
        }
    }

    /// How much it matters.
    package var level: Level
    /// What happened; any text, made safe where it is shown.
    package var message: String

    /// Makes a line.
    package init(_ level: Level, _ message: String) {
        self.level = level
        self.message = message
    }

    /// The line as `--log-format json` writes it: one object, without its line end.
    ///
    /// - Parameter time: Local time.
    /// - Returns: `{"time":...,"level":...,"message":...}`.
    package func json(at time: Timestamp) -> String {
        JSONText.object { json in
            json.member("time", time.iso8601)
            json.member("level", level.rawValue)
            json.member("message", SafeText(message).description)
        }
    }
}
