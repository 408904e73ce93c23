package import Plugipay
import RowIO

/// One run of an export, from the lock to the summary.
package struct ExportRun: Sendable {
    private let job: ExportJob
    private let target: JobTarget
    private let client: PlugipayClient
    private let environment: RunEnvironment
    private let resumeCommand: String

    /// Prepares a run; nothing is touched yet.
    ///
    /// - Parameters:
    ///   - job: What to export and how.
    ///   - target: Where the customers are.
    ///   - client: The client for that target.
    ///   - resumeCommand: The command line that goes on with a stopped export.
    ///   - environment: The world around the run.
    package init(
        job: ExportJob,
        target: JobTarget,
        client: PlugipayClient,
        resumeCommand: String,
        environment: RunEnvironment
    ) {
        self.job = job
        self.target = target
        self.client = client
        self.resumeCommand = resumeCommand
        self.environment = environment
    }

    /// Writes the book.
    ///
    /// - Returns: What was done; its status says how it ended, `failure` why it could not go on.
    /// - Throws: `BatchError` when the run could not begin.
    package func run() async throws(BatchError) -> RunSummary {
        let startedAt = environment.localTime()
        note("exporting the customers of \(target.text) to \(job.path ?? "standard output")")
        do {
            if let path = job.path { return try await writeFile(path, startedAt) }
            return try await writeStream(startedAt)
        } catch {
            throw BatchError(output: error)
        }
    }

    private func writeStream(_ startedAt: Timestamp) async throws(OutputError) -> RunSummary {
        let sink = DescriptorSink.standardOutput()
        var pipeline = pipeline(try ExportOutput(job, to: sink), files: nil, resuming: nil)
        var end = await pipeline.run()
        var output = pipeline.output
        if end.isCompleted {
            do throws(OutputError) { try output.finish() } catch {
                end = .failed(BatchError(output: error))
            }
        }
        return summary(end, pipeline, output, startedAt, next: nil)
    }

    private func writeFile(
        _ path: String,
        _ startedAt: Timestamp
    ) async throws(OutputError) -> RunSummary {
        let part = try PartFile(for: path)
        var output = try ExportOutput(job, to: part)
        var files = ExportFiles(
            path: path,
            format: job.format,
            terms: ExportCheckpoint.Terms(job, target: target, keyID: keyID),
            startedAt: startedAt
        )
        let resume = ExportResume(files: files, now: startedAt)
        var resumption: ExportMachine.Resumption?
        switch try resume.look(&output, length: part.length) {
        case .goesOn(let checkpoint, let found):
            resumption = found
            files.startedAt = checkpoint.startedAt
            note("going on after \(checkpoint.rows) customers in \(path)\(PartFile.suffix)")
        case .beginsAnew(let reason):
            note("beginning anew: \(reason)")
            fallthrough
        case .nothing:
            try files.removeCheckpoint()
            try output.beginAnew()
        }
        var pipeline = pipeline(output, files: files, resuming: resumption)
        let end = await pipeline.run()
        return try file(end, pipeline, startedAt)
    }

    private func file(
        _ end: RunEnd,
        _ pipeline: ExportPipeline,
        _ startedAt: Timestamp
    ) throws(OutputError) -> RunSummary {
        var output = pipeline.output
        guard end.isCompleted, let files = pipeline.files else {
            let canGoOn = canGoOn(after: end)
            if !canGoOn { try pipeline.files?.removeCheckpoint() }
            let next = canGoOn ? resumeCommand : nil
            return summary(end, pipeline, output, startedAt, next: next)
        }
        var end = end
        do throws(OutputError) {
            // An old manifest beside the new file would be a lie.
            try SmallFile.remove(ExportJob.manifestPath(for: files.path))
            try output.finish()
            try manifest(output, pipeline, files).write(for: files.path)
            try files.removeCheckpoint()
        } catch {
            end = .failed(BatchError(output: error))
        }
        return summary(
            end,
            pipeline,
            output,
            startedAt,
            next: end.isCompleted ? nil : resumeCommand
        )
    }

    /// Whether going on can lead further: where the paging itself is broken, only a new beginning
    /// can.
    private func canGoOn(after end: RunEnd) -> Bool {
        if case .failed(let error) = end { error.code != .brokenPaging } else { true }
    }

    private func manifest(
        _ output: ExportOutput,
        _ pipeline: ExportPipeline,
        _ files: ExportFiles
    ) -> ExportManifest {
        ExportManifest(
            rows: output.rows,
            bytes: output.bytes,
            sha256: output.hexDigest,
            firstID: output.firstID,
            lastID: output.lastID,
            startedAt: files.startedAt,
            endedAt: environment.localTime(),
            target: target,
            account: pipeline.account,
            order: pipeline.order
        )
    }

    private var keyID: String? {
        if case .signed(let keyID, _) = client.configuration.credentials { keyID } else { nil }
    }

    private func pipeline(
        _ output: ExportOutput,
        files: ExportFiles?,
        resuming resumption: ExportMachine.Resumption?
    ) -> ExportPipeline {
        var settings = ExportMachine.Settings()
        settings.createdAfter = job.createdAfter
        settings.maxAttempts = job.maxAttempts
        settings.maxOutage = job.maxOutage
        settings.rate = job.rate
        settings.readsAhead = job.concurrency != .fixed(1)
        settings.onBehalfOf = target.onBehalfOf
        settings.endpoint = target.baseURL
        settings.seed = environment.seed
        return ExportPipeline(
            output: output,
            files: files,
            settings: settings,
            resuming: resumption,
            client: client,
            environment: environment
        )
    }

    private func summary(
        _ end: RunEnd,
        _ pipeline: ExportPipeline,
        _ output: ExportOutput,
        _ startedAt: Timestamp,
        next: String?
    ) -> RunSummary {
        var summary = RunSummary(
            export: RunSummary.Export(
                path: job.path,
                manifest: end.isCompleted ? job.path.map(ExportJob.manifestPath) : nil,
                rows: output.rows,
                bytes: output.bytes,
                sha256: output.hexDigest,
                order: pipeline.order.rawValue
            ),
            ended: end,
            target: target,
            startedAt: startedAt,
            endedAt: environment.localTime()
        )
        summary.account = pipeline.account
        summary.requests = pipeline.tally.requests
        summary.latency = pipeline.tally.latencies
        summary.next = next
        return summary
    }

    private func note(_ text: String) {
        environment.report(RunNote(.info, text))
    }
}
