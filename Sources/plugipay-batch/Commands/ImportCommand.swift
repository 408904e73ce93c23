import ArgumentParser
import BatchCore
import Plugipay
import RowIO

/// `import FILE...`: creates a customer for every row.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Creates a customer for every row; safe to run again.",
        discussion: """
            EXAMPLES:
              plugipay-batch import customers.csv --sandbox
              plugipay-batch import customers.csv
              plugipay-batch import customers.csv --live --rate 10
              plugipay-batch import crm.csv --map externalId=id --map name="Full name"
              plugipay-batch import new.jsonl.gz --on-conflict update
              plugipay-batch import old.csv newer.tsv newest.jsonl.gz --skip 1000
              plugipay-batch import raw.csv --no-header --columns externalId,email,name
              zcat huge.csv.gz | plugipay-batch import - --format csv

            The same command again continues the job: what is settled is not sent
            again. The job's folder holds results.csv (a line for every row), the
            rows to mend (rejects.*) and summary.json.
            """
    )

    @OptionGroup(title: "Input") var input: InputOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Pace") var pace: PaceOptions
    @OptionGroup(title: "Behaviour") var behaviour: BehaviourOptions
    @Flag(name: .customLong("live"), help: "Required when the key says _live_.")
    var isLive = false
    @Flag(name: .customLong("dry-run"), help: "Check only, as validate does; send nothing.")
    var isDryRun = false
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        guard !isLive || !connection.usesSandbox else {
            throw ValidationError("--sandbox creates nothing real: leave out --live.")
        }
    }

    @concurrent
    func run() async throws {
        let program = Program(output, of: isDryRun ? "validate" : "import")
        try await program.run {
            if isDryRun {
                return try CheckRun(input: input, behaviour: behaviour).run(program)
            }
            return connection.usesSandbox
                ? try await importIntoSandbox(program)
                : try await importIntoServer(program)
        }
    }

    private func importIntoServer(_ program: Program) async throws -> ExitCode {
        let connection = try Connection.server(
            connection,
            environment: Settings.ofProcess(),
            allowsLive: isLive
        )
        let summary = try await program.stoppable {
            try await importRows(through: connection, program)
        }
        return try program.finish(summary)
    }

    private func importIntoSandbox(_ program: Program) async throws -> ExitCode {
        // No book is made for a file that cannot be read.
        var job = ImportJob(inputs: input.files)
        try input.apply(to: &job)
        for file in job.inputs where file != "-" {
            _ = try RowInput.open(.file(file), options: job.inputOptions)
        }
        let database = connection.sandboxPath
        let summary = try await program.stoppable {
            try await LocalSandbox.run(database: database, seed: program.environment.seed) {
                try await importRows(
                    through: .sandbox(
                        at: $0,
                        database: database,
                        onBehalfOf: connection.onBehalfOf
                    ),
                    program
                )
            }
        }
        return try program.finish(
            summary,
            remarks: LocalSandbox.remarks(summary, database: database)
        )
    }

    private func importRows(
        through connection: Connection,
        _ program: Program
    ) async throws -> RunSummary {
        let isSandbox = self.connection.usesSandbox
        var job = ImportJob(inputs: input.files)
        try input.apply(to: &job)
        pace.apply(to: &job, isSandbox: isSandbox)
        behaviour.apply(to: &job, mode: connection.target.mode)
        return try await connection.withClient(
            self.connection,
            connections: pace.connectionLimit
        ) { client throws(BatchError) in
            try await ImportRun(
                job: job,
                folder: behaviour.folder(for: input.files[0], isSandbox: isSandbox),
                target: connection.target,
                client: client,
                resumeCommand: ResumeCommand.text(CommandLine.arguments),
                environment: program.environment
            ).run()
        }
    }
}
