import Plugipay

/// Files a run that has ended: rows that are no longer there are struck from the list, the result
/// files and the summary are written, the run's end goes into the journal.
struct RunFiling {
    let job: ImportJob
    let folder: JobFolder
    let target: JobTarget
    let resumeCommand: String
    let startedAt: Timestamp
    let endedAt: Timestamp

    /// A filed run.
    struct Filed {
        var summary: RunSummary
        /// What the user should know about the files.
        var notes: [String]
    }

    /// Files the run.
    ///
    /// - Parameters:
    ///   - end: How it ended.
    ///   - pipeline: The loop that ran it.
    ///   - journal: The job's journal; closed afterwards.
    /// - Returns: The summary, and what to say.
    /// - Throws: `BatchError` when the disk refuses it: then the journal still tells the truth.
    func file(
        _ end: RunEnd,
        _ pipeline: ImportPipeline,
        in journal: Journal
    ) throws(BatchError) -> Filed {
        let planner = pipeline.planner
        let (counts, account) = try strike(planner, journal)
        var summary = summary(end, pipeline, counts)
        summary.account = account
        let written = try ResultFiles.write(
            journal,
            scope: job.scope,
            to: folder,
            originals: planner.originals
        )
        summary.results = written.results
        summary.rejects = written.rejects
        if !summary.addsUp || summary.read != planner.walk.taken {
            summary.status = .failed
            summary.exitCode = Int(ExitStatus.fault.rawValue)
            summary.failure = BatchError(
                .internalFault,
                "\(planner.walk.taken) rows were read and \(summary.read) are accounted for"
            )
        }
        try folder.writeSummary(summary.json)
        try endRun(planner.run, summary, journal)
        return Filed(summary: summary, notes: written.notes)
    }

    private func strike(
        _ planner: ImportPlanner,
        _ journal: Journal
    ) throws(BatchError) -> (counts: [RowStatus: Int], account: String?) {
        do throws(JournalError) {
            let inputs = planner.walk.inputs
            try journal.setInputs(inputs)
            for input in inputs { try journal.unlist(beyond: input) }
            try journal.unlist(filesFrom: inputs.count)
            return (try journal.counts(), try journal.job()?.account)
        } catch {
            throw BatchError(error)
        }
    }

    private func endRun(
        _ run: Int,
        _ summary: RunSummary,
        _ journal: Journal
    ) throws(BatchError) {
        do throws(JournalError) {
            try journal.endRun(
                run,
                endedAt: endedAt,
                exitCode: summary.exitCode,
                summary: summary.json
            )
            try journal.close()
        } catch {
            throw BatchError(error)
        }
    }

    private func summary(
        _ end: RunEnd,
        _ pipeline: ImportPipeline,
        _ counts: [RowStatus: Int]
    ) -> RunSummary {
        let exit = ExitStatus(end, counts: counts)
        var summary = RunSummary(
            command: "import",
            status: .completed,
            exitCode: Int(exit.rawValue),
            job: folder.path,
            target: target,
            inputs: pipeline.planner.walk.inputs.map {
                RunSummary.Input(path: $0.path, bytes: $0.bytes, rows: $0.rows)
            },
            startedAt: startedAt,
            endedAt: endedAt,
            counts: counts
        )
        summary.requests = pipeline.tally.requests
        summary.writesPerSecond = pipeline.tally.writesPerSecond
        summary.latency = pipeline.tally.latencies
        switch end {
        case .completed: summary.status = exit == .complete ? .completed : .completedWithErrors
        case .signal, .tooManyErrors: summary.status = .stopped
        case .outage(let message):
            summary.status = .stopped
            summary.failure = BatchError(.neverAnswered, message)
        case .failed(let error):
            summary.status = .failed
            summary.failure = error
        }
        let isLeft = [RowStatus.notAttempted, .failed, .unknown].contains { counts[$0] ?? 0 > 0 }
        if isLeft || !end.isCompleted { summary.next = resumeCommand }
        return summary
    }
}

extension ImportPlanner {
    /// Where the original bytes of the rows are to be had.
    fileprivate var originals: OriginalRecords {
        var originals = OriginalRecords(kept: kept.rows)
        for (file, header) in walk.rawHeaders {
            originals.kept[RowPlace(file: file, row: 0)] = header
        }
        for (file, identity) in walk.identities.enumerated() {
            originals.identities[file] = identity
        }
        return originals
    }
}
