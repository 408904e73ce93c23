import ArgumentParser
import BatchCore
import RowIO

/// The work of `validate` and of `import --dry-run`: reads, maps and checks every row, and sends
/// nothing.
struct CheckRun {
    /// So many problems are shown; of the others only the number is told.
    static let shownIssues = 20

    let input: InputOptions
    let behaviour: BehaviourOptions

    /// Checks the inputs, and shows and files what was found.
    func run(_ program: Program) throws -> ExitCode {
        // Nothing is sent, so there is nothing to wait for.
        Signals.exitAtOnce(hasLiveLine: program.screen.settings.progress == .live)
        var job = ImportJob(inputs: input.files)
        try input.apply(to: &job)
        behaviour.apply(to: &job, mode: "")
        let folder = behaviour.job.map(JobFolder.init(path:))
        try folder?.prepareForCheck()

        let startedAt = program.environment.localTime()
        let (report, files) = try check(job, folder: folder, program)
        let summary = RunSummary(
            report,
            of: job,
            in: folder,
            files: files,
            startedAt: startedAt,
            endedAt: program.environment.localTime()
        )
        try folder?.writeSummary(summary.json)
        program.screen.lines(report.lines(for: job))
        return try program.finish(summary, remarks: files?.notes ?? [])
    }

    private func check(
        _ job: ImportJob,
        folder: JobFolder?,
        _ program: Program
    ) throws(BatchError) -> (InputCheck.Report, ResultFiles.Written?) {
        var check = InputCheck(job: job, environment: program.environment)
        var files: ResultFiles?
        if let folder { files = try ResultFiles(folder: folder, paths: job.inputs) }
        var issues = IssueList(screen: program.screen, inputs: job.inputs)
        var originals = OriginalRecords()
        let report = try check.run(wantsAll: files != nil) { row throws(BatchError) in
            issues.show(row)
            try files?.add(ResultLine(row))
        }
        issues.end()
        for (file, identity) in report.identities.enumerated() {
            originals.identities[file] = identity
        }
        return (report, try files?.finish(inputs: report.inputs, originals: originals))
    }
}

/// Shows the first problems, and counts the others.
private struct IssueList {
    let screen: Screen
    let inputs: [String]
    private var count = 0

    init(screen: Screen, inputs: [String]) {
        self.screen = screen
        self.inputs = inputs
    }

    mutating func show(_ row: InputCheck.CheckedRow) {
        guard !row.problems.isEmpty else { return }
        guard count < CheckRun.shownIssues else {
            count += row.problems.count
            return
        }
        let lines = IssueLine.lines(for: row, inputs: inputs)
        screen.lines(Array(lines.prefix(CheckRun.shownIssues - count)))
        count += lines.count
    }

    func end() {
        let more = count - CheckRun.shownIssues
        if more > 0 { screen.line("... and \(more) more problems") }
    }
}
