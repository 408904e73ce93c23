package import Plugipay

extension RunSummary {
    /// The summary of a check, which has sent nothing.
    ///
    /// - Parameters:
    ///   - report: What was found.
    ///   - job: The job that was checked.
    ///   - folder: The folder of its result files; `nil` when none were written.
    ///   - files: The result files; `nil` when none were written.
    ///   - startedAt: Local time at the start.
    ///   - endedAt: Local time at the end.
    package init(
        _ report: InputCheck.Report,
        of job: ImportJob,
        in folder: JobFolder?,
        files: ResultFiles.Written?,
        startedAt: Timestamp,
        endedAt: Timestamp
    ) {
        let invalid = report.count(.invalid)
        let isOverLimit = report.exceedsErrorLimit
        let end = isOverLimit ? RunEnd.tooManyErrors : .completed
        self.init(
            command: "validate",
            status: isOverLimit ? .stopped : invalid > 0 ? .completedWithErrors : .completed,
            exitCode: Int(ExitStatus(end, counts: report.counts).rawValue),
            job: folder?.path,
            inputs: report.inputs.map { Input(path: $0.path, bytes: $0.bytes, rows: $0.rows) },
            startedAt: startedAt,
            endedAt: endedAt,
            counts: report.counts,
            results: files?.results,
            rejects: files?.rejects ?? []
        )
    }
}
