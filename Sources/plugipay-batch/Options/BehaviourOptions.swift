import ArgumentParser
import BatchCore

extension ConflictPolicy: ExpressibleByArgument {}

/// What a job does with its rows.
struct BehaviourOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The job's folder (default: the first input's name with .job).",
            valueName: "dir"
        ),
        completion: .directory
    )
    var job: String?

    @Option(
        help: """
            When the externalId is taken: leave the customer, PATCH what differs, or call the row \
            rejected.
            """
    )
    var onConflict = ConflictPolicy.skip

    @Flag(
        name: .customLong("allow-duplicates"),
        help: "Identical rows without an externalId become one customer each."
    )
    var allowsDuplicates = false

    @Option(
        help: ArgumentHelp(
            "Other idempotency keys, for a deliberate second import of the same data.",
            valueName: "name"
        )
    )
    var namespace = ""

    @Option(
        help: ArgumentHelp(
            "Stop when more rows than this are invalid, rejected or failed (default: no limit).",
            valueName: "n|p%"
        ),
        transform: FlagValue.errorLimit
    )
    var maxErrors: ErrorLimit?

    func validate() throws {
        guard job != "" else { throw ValidationError("--job needs the name of a folder.") }
    }

    /// Puts what was given into a job.
    ///
    /// - Parameters:
    ///   - job: The job.
    ///   - mode: The mode of the credentials, part of every key.
    func apply(to job: inout ImportJob, mode: String) {
        job.scope = KeyScope(mode: mode, namespace: namespace)
        job.onConflict = onConflict
        job.allowsDuplicates = allowsDuplicates
        job.errorLimit = maxErrors
    }

    /// The job's folder: as given, or named after the first input.
    func folder(for input: String, isSandbox: Bool) -> JobFolder {
        JobFolder(path: job ?? JobFolder.defaultName(for: input, isSandbox: isSandbox))
    }
}
