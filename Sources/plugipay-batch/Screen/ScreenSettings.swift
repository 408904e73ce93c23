import BatchCore

/// How things are shown: what the flags say, and what they are shown on.
struct ScreenSettings: Sendable, Hashable {
    /// The forms of progress.
    enum Progress: Sendable, Hashable {
        /// One line of a terminal, drawn over and over.
        case live
        /// A line now and then, and at each change of state.
        case plain
        /// An object now and then, and at each change of state.
        case json(every: Duration)
        /// None.
        case none
    }

    /// What standard error is, and what the environment says about it.
    struct Surface: Sendable, Hashable {
        /// Whether it is a terminal.
        var isTerminal = false
        /// Whether data goes to the same terminal, where a live line would stand in it.
        var sharesTerminalWithData = false
        /// `TERM`.
        var term: String?
        /// `NO_COLOR` (no-color.org): any text but an empty one turns colour off.
        var noColor: String?

        /// Whether the cursor can be moved.
        var canRedraw: Bool {
            guard isTerminal, let term else { return false }
            return !term.isEmpty && term != "dumb"
        }
    }

    /// Between two lines where nothing can be overwritten.
    static let logInterval = Duration.seconds(30)
    /// Between two objects for a program that shows the progress itself.
    static let jsonInterval = Duration.seconds(1)

    /// The least that is shown.
    var level = LogLine.Level.info
    /// The form of lines.
    var format = LogFormat.text
    /// The form of progress.
    var progress = Progress.plain
    /// Whether colour is used.
    var hasColor = false

    /// Lines without colour, as in a log.
    init() {}

    /// Puts flags and surface together.
    init(_ options: ScreenOptions, progress choice: ProgressChoice, on surface: Surface) {
        level = options.isQuiet ? .error : options.logLevel
        format = options.logFormat
        hasColor =
            format == .text && surface.canRedraw && !options.hasNoColor
            && (surface.noColor ?? "").isEmpty
        progress =
            switch choice {
            case _ where options.isQuiet: .none
            case .none: .none
            case .plain: .plain
            case .json: .json(every: Self.jsonInterval)
            case .auto where level > .info: .none
            case .auto where format == .json: .json(every: Self.logInterval)
            case .auto where !surface.canRedraw: .plain
            case .auto: surface.sharesTerminalWithData ? .none : .live
            }
    }

    /// How often progress is worth knowing.
    var progressInterval: Duration {
        switch progress {
        case .live: .milliseconds(200)
        case .plain, .json: .seconds(1)
        case .none: .seconds(3600)
        }
    }
}
