import ArgumentParser

/// What is shown.
struct OutputOptions: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Print the summary as JSON on standard output.")
    var printsJSON = false

    @Flag(name: [.customShort("q"), .customLong("quiet")], help: "Show errors only.")
    var isQuiet = false
}
