import Plugipay
import RowIO

/// What a job did, where, and what is left: read from its journal, whether or not it is running.
package struct JobStatus: Sendable {
    /// What the job is bound to; `nil` before its first run has bound it.
    package let job: JobRecord?
    /// The latest run.
    package let lastRun: RunRecord?
    /// Whether another process is at work on it.
    package let isRunning: Bool
    /// The state of the rows as a summary.
    ///
    /// Its requests and times are those of no run.
    package let summary: RunSummary
    /// The summary as JSON: of the latest run if that has come to its end, else as the journal
    /// stands.
    package let json: String
    /// What could not be written again, and why, for people.
    package let notes: [String]

    /// Reads a job, and writes its result files again unless it is running.
    ///
    /// - Parameter folder: The job's folder.
    /// - Returns: What the journal tells.
    /// - Throws: `BatchError` when there is no job, or its journal cannot be read.
    package static func read(_ folder: JobFolder) throws(BatchError) -> JobStatus {
        guard folder.hasJournal else {
            throw BatchError(
                .storage,
                "\(folder.path) holds no job: there is no \(Journal.fileName) in it"
            )
        }
        do {
            let journal = try Journal.openForReading(folder.journal)
            // Never waited for: the owner may be at work for hours.
            guard let lock = try JobLock.acquire(folder.path) else {
                return try JobStatus(folder: folder, journal: journal, isRunning: true)
            }
            defer { lock.release() }
            return try JobStatus(folder: folder, journal: journal, isRunning: false)
        } catch let error as JournalError {
            throw BatchError(.storage, error.message, cause: error)
        } catch let error as BatchError {
            throw error
        } catch {
            throw BatchError(.internalFault, "unexpected error: \(error)", cause: error)
        }
    }

    private init(folder: JobFolder, journal: Journal, isRunning: Bool) throws(JournalError) {
        self.isRunning = isRunning
        job = try journal.job()
        lastRun = try journal.lastRun()
        let ended = try journal.lastRun(isEnded: true)
        var summary = RunSummary(
            job: job,
            run: lastRun,
            inputs: try journal.inputs(),
            counts: try journal.counts()
        )
        summary.job = folder.path
        let stored = lastRun?.id == ended?.id || isRunning ? ended?.summary : nil
        var notes: [String] = []
        if let lastRun, !isRunning {
            do {
                let written = try ResultFiles.write(
                    journal,
                    scope: lastRun.scope,
                    to: folder,
                    originals: Self.originals(try journal.inputs(), since: lastRun.startedAt)
                )
                summary.results = written.results
                summary.rejects = written.rejects
                notes = written.notes
                try folder.writeSummary(stored ?? summary.json)
            } catch {
                // Reading is what was asked for; a disk that takes no files is no reason to fail.
                notes.append("the result files were not written again: \(error)")
            }
        }
        self.notes = notes
        self.summary = summary
        json = stored ?? summary.json
    }

    /// Inputs that are still what they were: not changed since the run began, and not shorter.
    private static func originals(
        _ inputs: [InputRecord],
        since start: Timestamp
    ) -> OriginalRecords {
        var originals = OriginalRecords()
        for input in inputs {
            guard let identity = try? FileIdentity.current(atPath: input.path),
                identity.modifiedSeconds <= start.secondsSince1970, identity.size >= input.bytes
            else { continue }
            originals.identities[input.file] = identity
        }
        return originals
    }
}

// MARK: - Words

extension JobStatus {
    /// The status as text, without line ends.
    package var lines: [String] {
        var lines = ["Job \(summary.job ?? "")" + (job.map { ": \($0.target)" } ?? "")]
        if let account = job?.account { lines.append("Account \(account)") }
        lines.append(lastRunText)
        lines += SummaryTable(summary).lines
        let left = [RowStatus.notAttempted, .failed, .unknown].contains { status in
            summary.counts[status, default: 0] > 0
        }
        // A run that was killed may have settled all that it had read, and have more to read.
        let isCutOff = lastRun.map { $0.endedAt == nil } ?? false
        if left || isCutOff, !isRunning {
            lines.append("To go on: \(lastRun?.command ?? "run the import command again")")
        }
        return lines + notes
    }

    private var lastRunText: String {
        guard let lastRun else { return "It has not begun." }
        let start = "Run \(lastRun.id) began \(lastRun.startedAt.iso8601)"
        if isRunning { return start + " and is at work." }
        guard let end = lastRun.endedAt, let code = lastRun.exitCode else {
            return start + " and did not come to its end; the journal tells how far it came."
        }
        return start + ", ended \(end.iso8601) with exit code \(code)."
    }
}

extension RunSummary {
    /// A summary of what a journal holds, where the run itself has left none.
    fileprivate init(
        job: JobRecord?,
        run: RunRecord?,
        inputs: [InputRecord],
        counts: [RowStatus: Int]
    ) {
        let start = run?.startedAt ?? job?.createdAt ?? Timestamp(millisecondsSince1970: 0)
        self.init(
            command: "import",
            status: .stopped,
            exitCode: run?.exitCode ?? Int(ExitStatus.stoppedEarly.rawValue),
            target: job.map { JobTarget($0, mode: run?.scope.mode ?? "") },
            account: job?.account,
            inputs: inputs.map { Input(path: $0.path, bytes: $0.bytes, rows: $0.rows) },
            startedAt: start,
            endedAt: run?.endedAt ?? start,
            counts: counts
        )
    }
}

extension JobTarget {
    /// The target that a journal names.
    fileprivate init(_ job: JobRecord, mode: String) {
        let name = job.target.split(separator: ",").first.map(String.init) ?? job.target
        let prefix = "sandbox "
        if name.hasPrefix(prefix) {
            let database = String(name.dropFirst(prefix.count))
            self.init(place: .sandbox(database: database), mode: mode)
        } else {
            self.init(place: .server(authority: name, baseURL: job.baseURL), mode: mode)
        }
    }
}
