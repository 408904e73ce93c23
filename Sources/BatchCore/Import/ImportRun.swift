package import Plugipay
import RowIO

/// One run of a job, from the lock to the summary.
package struct ImportRun: Sendable {
    private let job: ImportJob
    private let folder: JobFolder
    private let target: JobTarget
    private let client: PlugipayClient
    private let environment: RunEnvironment
    private let resumeCommand: String

    /// Prepares a run; nothing is touched yet.
    ///
    /// - Parameters:
    ///   - job: What to import and how.
    ///   - folder: The job's folder.
    ///   - target: Where the customers go.
    ///   - client: The client for that target.
    ///   - resumeCommand: The command line that goes on with the job.
    ///   - environment: The world around the run.
    package init(
        job: ImportJob,
        folder: JobFolder,
        target: JobTarget,
        client: PlugipayClient,
        resumeCommand: String,
        environment: RunEnvironment
    ) {
        self.job = job
        self.folder = folder
        self.target = target
        self.client = client
        self.resumeCommand = resumeCommand
        self.environment = environment
    }

    /// Runs the job to its end.
    ///
    /// - Returns: What was done; its status says how it ended, `failure` why it could not go on.
    /// - Throws: `BatchError` when the run could not begin: nothing was sent.
    package func run() async throws(BatchError) -> RunSummary {
        let startedAt = environment.localTime()
        try requireInputs()
        try folder.prepare()
        guard let lock = try JobLock.acquire(folder.path) else {
            throw BatchError(.inUse, "another process runs the job \(folder.path)")
        }
        defer { lock.release() }
        let journal = try journaled { () throws(JournalError) in try Journal.open(folder.journal) }
        try bind(journal)
        let last = try journaled { () throws(JournalError) in try journal.lastRun(isEnded: true) }
        let report = try check()
        try announce(report)

        var pipeline = try pipeline(journal, report, startedAt)
        let end = try await ended(&pipeline, report)
        // A journal that failed is not written again, and without it nothing can be reported.
        if case .failed(let error) = end, error.code == .storage { throw error }
        let summary = try file(end, pipeline, journal, startedAt)
        if end.isCompleted, !pipeline.tally.hasSent { sayNothingSent(last) }
        return summary
    }

    // MARK: Before the first request

    /// A missing file is said before a folder is made for it.
    private func requireInputs() throws(BatchError) {
        for path in job.inputs where path != "-" {
            do {
                _ = try RowInput.open(.file(path), options: job.inputOptions)
            } catch {
                throw BatchError(.input, error.description, cause: error)
            }
        }
    }

    /// A job belongs to one target for good.
    private func bind(_ journal: Journal) throws(BatchError) {
        let found = try journaled { () throws(JournalError) in try journal.job() }
        guard let found else {
            let record = JobRecord(
                target: target.text,
                baseURL: target.baseURL,
                account: nil,
                mapping: job.mappingFlags,
                createdAt: environment.localTime()
            )
            try journaled { () throws(JournalError) in
                try journal.begin(record)
                try journal.commit()
            }
            return
        }
        guard found.target == target.text else {
            throw BatchError(
                .otherTarget,
                "the job \(folder.path) belongs to \(found.target), and this command goes to "
                    + "\(target.text). Nothing was sent. For the other target name another "
                    + "folder, for example --job \(folder.path)-2"
            )
        }
    }

    private func check() throws(BatchError) -> InputCheck.Report? {
        guard job.checksAll else { return nil }
        var check = InputCheck(job: job, environment: environment)
        return try check.run()
    }

    private func announce(_ report: InputCheck.Report?) throws(BatchError) {
        if target.mode == "live" {
            let rows = report.map { "\($0.rows) rows" } ?? "the rows of the input"
            note(
                .warning,
                "LIVE: \(rows) go to \(target.text); each created customer fires a "
                    + "customer.created webhook"
            )
        }
        for line in StartLines.lines(for: report, job: job) { note(.info, line) }
    }

    // MARK: The run

    private func pipeline(
        _ journal: Journal,
        _ report: InputCheck.Report?,
        _ startedAt: Timestamp
    ) throws(BatchError) -> ImportPipeline {
        try journaled { () throws(JournalError) in
            let run = try journal.beginRun(
                startedAt: startedAt,
                scope: job.scope,
                command: resumeCommand
            )
            try journal.commit()
            return ImportPipeline(
                planner: try ImportPlanner(job: job, journal: journal, run: run),
                settings: try settings(journal),
                journal: journal,
                client: client,
                total: report?.rows,
                environment: environment
            )
        }
    }

    private func settings(_ journal: Journal) throws(JournalError) -> ImportMachine.Settings {
        var settings = ImportMachine.Settings()
        settings.onConflict = job.onConflict
        settings.maxAttempts = job.maxAttempts
        settings.maxOutage = job.maxOutage
        settings.rate = job.rate
        settings.concurrency = job.concurrency
        settings.scope = job.scope
        settings.onBehalfOf = target.onBehalfOf
        settings.account = try journal.job()?.account
        settings.endpoint = target.baseURL
        settings.seed = environment.seed
        return settings
    }

    private func ended(
        _ pipeline: inout ImportPipeline,
        _ report: InputCheck.Report?
    ) async throws(BatchError) -> RunEnd {
        var end = RunEnd.tooManyErrors
        if report?.exceedsErrorLimit != true { end = await pipeline.run() }
        if end.leavesRows, !job.checksAll {
            // More rows may be long in coming, or never come.
            pipeline.planner.leaveRest()
        } else if end.leavesRows {
            do throws(BatchError) {
                try pipeline.planner.listRest(now: client.clock.now())
            } catch  where !end.isFailure {
                end = .failed(error)
            } catch {
                // The first reason counts; the rows behind it could not even be listed.
            }
        }
        warnIfChanged(report, pipeline)
        return end
    }

    private func warnIfChanged(_ report: InputCheck.Report?, _ pipeline: ImportPipeline) {
        guard let report else { return }
        for (path, pair) in zip(
            job.inputs,
            zip(report.identities, pipeline.planner.walk.identities)
        )
        where pair.0 != pair.1 {
            note(.warning, "\(path) was changed while it was read; run the same command again")
        }
    }

    // MARK: After the last answer

    private func file(
        _ end: RunEnd,
        _ pipeline: ImportPipeline,
        _ journal: Journal,
        _ startedAt: Timestamp
    ) throws(BatchError) -> RunSummary {
        let filing = RunFiling(
            job: job,
            folder: folder,
            target: target,
            resumeCommand: resumeCommand,
            startedAt: startedAt,
            endedAt: environment.localTime()
        )
        let filed = try filing.file(end, pipeline, in: journal)
        for text in filed.notes { note(.warning, text) }
        return filed.summary
    }

    private func sayNothingSent(_ last: RunRecord?) {
        guard let ended = last?.endedAt else { return }
        note(.info, "finished on \(ended.iso8601) against \(target.text); nothing to send")
    }

    private func note(_ level: RunNote.Level, _ text: String) {
        environment.report(RunNote(level, text))
    }

    private func journaled<Value>(
        _ body: () throws(JournalError) -> Value
    ) throws(BatchError) -> Value {
        do {
            return try body()
        } catch {
            throw BatchError(error)
        }
    }
}
