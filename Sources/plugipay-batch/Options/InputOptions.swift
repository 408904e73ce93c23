import ArgumentParser
import BatchCore
import RowIO

extension RowFormat: ExpressibleByArgument {}

/// What is read, and how its columns become fields.
struct InputOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A CSV, TSV or JSONL file, plain or gzip; - is standard input. Several make one job.",
            valueName: "file"
        ),
        completion: .file()
    )
    var files: [String]

    @Option(help: "The row format (default: by content, then by name).")
    var format: RowFormat?

    @Flag(
        name: .customLong("no-header"),
        help: "The CSV or TSV has no header line; --columns names its columns."
    )
    var hasNoHeader = false

    @Option(
        help: ArgumentHelp(
            "The columns of files without a header line, in order; an empty name leaves one out.",
            valueName: "a,b,c"
        )
    )
    var columns: String?

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
        _ = try columnNames()
        _ = try mapping()
    }

    /// Puts what was given into a job.
    func apply(to job: inout ImportJob) throws {
        job.format = format
        job.columns = try columnNames()
        job.mapping = try mapping()
        job.skip = skip
        job.limit = limit
        job.checksFirst = !isStreamed
    }

    private func columnNames() throws -> ColumnNames? {
        guard hasNoHeader || columns != nil else { return nil }
        guard hasNoHeader, let columns else {
            throw ValidationError(
                "--no-header and --columns belong together: "
                    + "--no-header --columns externalId,email,name"
            )
        }
        guard format?.dialect != nil || format == nil else {
            throw ValidationError(
                "JSON Lines has no header line: --no-header and --columns are for csv and tsv."
            )
        }
        guard let names = ColumnNames(columns) else {
            throw ValidationError(
                "--columns names no column: give their names in order, as in "
                    + "--columns externalId,email,name"
            )
        }
        return names
    }

    private func mapping() throws -> MappingOptions {
        do {
            return try MappingOptions(maps: maps, ignoresUnknownColumns: ignoresUnknownColumns)
        } catch {
            throw ValidationError(SafeText(error.message).description)
        }
    }
}
