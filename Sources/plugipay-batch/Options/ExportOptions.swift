import ArgumentParser
import BatchCore
import Plugipay

extension ExportFormat: ExpressibleByArgument {}

/// What is exported, and where to.
struct ExportOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp(
            "The file; its name says format and compression (.jsonl, .csv, each with .gz). "
                + "- or none: standard output.",
            valueName: "file"
        ),
        completion: .file()
    )
    var output: String?

    @Option(help: "The format, where there is no name that says it (default: jsonl).")
    var format: ExportFormat?

    @Flag(name: .customLong("gzip"), help: "Compress, where there is no name that says so.")
    var isCompressed = false

    @Option(
        help: ArgumentHelp(
            "Write only these members, in this order.",
            valueName: "a,b,c"
        ),
        transform: FlagValue.exportFields
    )
    var fields: [String]?

    @Option(
        help: ArgumentHelp(
            "Only customers created after this time (ISO 8601, as 2026-05-12T10:42:00Z).",
            valueName: "time"
        ),
        transform: FlagValue.time
    )
    var createdAfter: Timestamp?

    /// Whether customers go to standard output.
    var isStream: Bool { output == nil || output == "-" }

    func validate() throws {
        guard output != "" else { throw ValidationError("-o needs the name of a file.") }
        _ = try job()
    }

    /// The export as one value.
    func job() throws -> ExportJob {
        guard let output, output != "-" else {
            return job(path: nil, format ?? .jsonl, isCompressed: isCompressed)
        }
        let name = ExportFormat.named(by: output)
        guard let format = name.format ?? format else {
            throw ValidationError(
                "\"\(SafeText(output))\" does not say how to write it: name it .jsonl or .csv "
                    + "(with .gz for gzip), or give --format jsonl or --format csv."
            )
        }
        if let wanted = self.format, wanted != format {
            throw ValidationError(
                "\"\(SafeText(output))\" says \(format.rawValue), and --format says "
                    + "\(wanted.rawValue): give one of them."
            )
        }
        if isCompressed, name.format != nil, !name.isCompressed {
            throw ValidationError(
                "\"\(SafeText(output))\" says that it is not compressed, and --gzip that it is: "
                    + "name it with .gz."
            )
        }
        return job(path: output, format, isCompressed: isCompressed || name.isCompressed)
    }

    private func job(path: String?, _ format: ExportFormat, isCompressed: Bool) -> ExportJob {
        var job = ExportJob(path: path, format: format, isCompressed: isCompressed)
        job.fields = fields ?? []
        job.createdAfter = createdAfter
        return job
    }
}
