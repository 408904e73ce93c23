import ArgumentParser
import BatchCore
import RowIO

extension RowFormat: ExpressibleByArgument {}

/// What is read, and how its columns become fields.
struct InputOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A CSV or JSONL file, plain or gzip; - is standard input. Several make one job.",
            valueName: "file"
        ),
        completion: .file()
    )
    var files: [String]

    @Option(help: "The row format (default: by content, then by name).")
    var format: RowFormat?

    @Option(
        name: .customLong("map"),
        help: ArgumentHelp(
            "Fill a customer field from a column or JSON path; repeatable.",
            valueName: "field=column"
        )
    )
    var maps: [String] = []

    @Flag(
        name: .customLong("ignore-unknown-columns"),
        help: "Leave out columns that map to nothing, instead of refusing the file."
    )
    var ignoresUnknownColumns = false

    @Option(help: ArgumentHelp("Rows left out at the start of the job.", valueName: "n"))
    var skip = 0

    @Option(help: ArgumentHelp("Rows taken after that (default: all).", valueName: "n"))
    var limit: Int?

    @Flag(name: .customLong("stream"), help: "Do not check the whole input first.")
    var isStreamed = false

    func validate() throws {
        guard !files.contains("") else { throw ValidationError("A file has an empty name.") }
        guard files.count(where: { $0 == "-" }) < 2 else {
            throw ValidationError("Standard input can be read once: give - once.")
        }
        guard skip >= 0, limit.map({ $0 >= 0 }) ?? true else {
            throw ValidationError("--skip and --limit count rows: give 0 or more.")
        }
        _ = try mapping()
    }

    /// Puts what was given into a job.
    func apply(to job: inout ImportJob) throws {
        job.format = format
        job.mapping = try mapping()
        job.skip = skip
        job.limit = limit
        job.checksFirst = !isStreamed
    }

    private func mapping() throws -> MappingOptions {
        do {
            return try MappingOptions(maps: maps, ignoresUnknownColumns: ignoresUnknownColumns)
        } catch {
            throw ValidationError(SafeText(error.message).description)
        }
    }
}
