import ArgumentParser
import BatchCore

/// The forms of progress that can be asked for.
enum ProgressChoice: String, Sendable, Hashable, CaseIterable, ExpressibleByArgument {
    /// What suits: one live line on a terminal, lines elsewhere, JSON in a JSON log.
    case auto
    /// A line every 30 s and at each change of state.
    case plain
    /// An object every second and at each change of state.
    case json
    /// None.
    case none
}

/// What a run shows, prints and files about itself.
struct OutputOptions: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Print the summary as JSON on standard output.")
    var printsJSON = false

    @Option(
        help: """
            How progress is shown: one live line on a terminal (auto), a line every 30 s (plain), \
            a JSON object every second (json), or not at all.
            """
    )
    var progress = ProgressChoice.auto

    @Option(
        help: ArgumentHelp(
            "Write the run's numbers for Prometheus' textfile collector to a .prom file.",
            valueName: "file"
        ),
        completion: .file(extensions: ["prom"]),
        transform: OutputOptions.metricsFile
    )
    var metricsFile: MetricsFile?

    @OptionGroup var screen: ScreenOptions

    @Sendable
    private static func metricsFile(_ path: String) throws(ValidationError) -> MetricsFile {
        guard let file = MetricsFile(path: path) else {
            throw ValidationError(
                "\"\(SafeText(path))\" does not end in \(MetricsFile.suffix), and the textfile "
                    + "collector reads no other files"
            )
        }
        return file
    }
}
