import ArgumentParser

/// `validate FILE...`: reads, maps and checks every row.
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Reads, maps and checks every row; sends nothing, needs no credentials.",
        discussion: """
            EXAMPLES:
              plugipay-batch validate customers.csv
              plugipay-batch validate crm.csv --map externalId=id --ignore-unknown-columns
              plugipay-batch validate customers.csv --job check --max-errors 2%

            With --job the folder gets results.csv (a line for every row), the rows
            to mend (rejects.*) and summary.json.
            """
    )

    @OptionGroup(title: "Input") var input: InputOptions
    @OptionGroup(title: "Behaviour") var behaviour: BehaviourOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    @concurrent
    func run() async throws {
        let program = Program(output, of: "validate")
        try await program.run {
            try CheckRun(input: input, behaviour: behaviour).run(program)
        }
    }
}
