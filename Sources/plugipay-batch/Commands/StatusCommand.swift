import ArgumentParser
import BatchCore

/// `status JOB`: what a job did, where, and what is left.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tells what a job did, where, and what is left.",
        discussion: """
            EXAMPLES:
              plugipay-batch status customers.job
              plugipay-batch status customers.job --json

            It can be asked at any time. Unless the job is running, results.csv, the
            rows to mend and summary.json are written again.
            """
    )

    @Argument(help: "The job's folder.", completion: .directory)
    var job: String

    @Flag(name: .customLong("json"), help: "Print what is told as JSON on standard output.")
    var printsJSON = false
    @OptionGroup(title: "Output") var screen: ScreenOptions

    func validate() throws {
        guard !job.isEmpty else { throw ValidationError("The job's folder has an empty name.") }
    }

    @concurrent
    func run() async throws {
        let program = Program(screen, of: "status")
        try await program.run {
            let status = try JobStatus.read(JobFolder(path: job))
            program.screen.lines(status.lines)
            if printsJSON { try Render.line(status.json) }
            return .success
        }
    }
}
