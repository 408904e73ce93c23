import ArgumentParser

/// The program: its name, its commands, its help.
@main
struct PlugipayBatch: AsyncParsableCommand {
    /// The program's version, as `--version` and the `User-Agent` of its requests tell it.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "plugipay-batch",
        abstract: "Brings customers into a Plugipay account, each exactly once, and out again.",
        discussion: """
            EXAMPLES:
              Try it, without an account and without a network:
                plugipay-batch import customers.csv --sandbox

              Check a file; nothing is sent:
                plugipay-batch validate customers.csv

              Import it; after an interruption the same command goes on:
                export PLUGIPAY_KEY_ID=... PLUGIPAY_SECRET=...
                plugipay-batch import customers.csv

              Write the whole book to a file, every night:
                plugipay-batch export -o book.jsonl.gz

              See what a job has done:
                plugipay-batch status customers.job

            EXIT CODES:
              0 all rows are settled, the export is complete   1 some rows have errors
              2 stopped by --max-errors   3 cannot go on   4 stopped early
              64 wrong command line   70 internal fault   75 job in use
              129, 130, 143 stopped by SIGHUP, SIGINT, SIGTERM
            """,
        version: version,
        subcommands: [
            ImportCommand.self, ValidateCommand.self, ExportCommand.self, StatusCommand.self,
            SandboxCommand.self,
        ]
    )
}
