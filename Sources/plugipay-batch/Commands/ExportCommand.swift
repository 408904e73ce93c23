import ArgumentParser
import BatchCore
import Plugipay

/// `export`: writes the whole book to a file, through the cursor loop.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the whole book to a file, page by page; a stopped export goes on.",
        discussion: """
            EXAMPLES:
              plugipay-batch export -o book.jsonl.gz
              plugipay-batch export -o book.csv --fields id,externalId,email
              plugipay-batch export --created-after 2026-05-01T00:00:00Z | jq .email
              plugipay-batch export -o nightly.jsonl.gz -q

            The file appears whole or not at all: until then it grows as FILE.part, and
            FILE.checkpoint lets the same command go on after a stop. FILE.manifest.json
            tells the number of customers and the SHA-256 of the finished file.
            """
    )

    @OptionGroup(title: "Export") var export: ExportOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Pace") var pace: PaceOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        guard !output.printsJSON || !export.isStream else {
            throw ValidationError(
                "--json and the customers would both go to standard output: name a file with -o."
            )
        }
    }

    @concurrent
    func run() async throws {
        let program = Program(output, of: "export", printsData: export.isStream)
        try await program.run {
            let summary =
                connection.usesSandbox
                ? try await exportSandbox(program)
                : try await exportServer(program)
            return try program.finish(summary)
        }
    }

    private func exportServer(_ program: Program) async throws -> RunSummary {
        let connection = try Connection.server(
            connection,
            environment: Settings.ofProcess(),
            allowsLive: true
        )
        return try await program.stoppable { try await exportBook(of: connection, program) }
    }

    private func exportSandbox(_ program: Program) async throws -> RunSummary {
        let database = connection.sandboxPath
        return try await program.stoppable {
            try await LocalSandbox.run(database: database, seed: program.environment.seed) {
                try await exportBook(
                    of: .sandbox(
                        at: $0,
                        database: database,
                        onBehalfOf: connection.onBehalfOf
                    ),
                    program
                )
            }
        }
    }

    private func exportBook(
        of connection: Connection,
        _ program: Program
    ) async throws -> RunSummary {
        var job = try export.job()
        pace.apply(to: &job, isSandbox: self.connection.usesSandbox)
        return try await connection.withClient(self.connection) { client throws(BatchError) in
            try await ExportRun(
                job: job,
                target: connection.target,
                client: client,
                resumeCommand: ResumeCommand.text(CommandLine.arguments),
                environment: program.environment
            ).run()
        }
    }
}
