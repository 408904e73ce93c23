import Plugipay

extension RunSummary {
    /// What an export wrote.
    package struct Export: Sendable, Hashable {
        /// The file; `nil` for standard output.
        package var path: String?
        /// The manifest beside it; `nil` where none was written.
        package var manifest: String?
        /// Customers written, those of earlier runs included.
        package var rows: Int
        /// Bytes, as on disk.
        package var bytes: Int64
        /// SHA-256 of these bytes, in lower-case hex.
        package var sha256: String
        /// How the customers are sorted: `createdAt,id`, or `server` for the server's own order.
        package var order: String
    }

    /// The summary of an export.
    ///
    /// - Parameters:
    ///   - export: What it wrote.
    ///   - end: How it came to its end.
    ///   - target: Where the customers are.
    ///   - startedAt: Local time at the start.
    ///   - endedAt: Local time at the end.
    init(
        export: Export,
        ended end: RunEnd,
        target: JobTarget,
        startedAt: Timestamp,
        endedAt: Timestamp
    ) {
        self.init(
            command: "export",
            status: .completed,
            exitCode: Int(ExitStatus(end, counts: [:]).rawValue),
            job: nil,
            target: target,
            inputs: [],
            startedAt: startedAt,
            endedAt: endedAt,
            counts: [:]
        )
        self.export = export
        switch end {
        case .completed: break
        case .signal, .tooManyErrors: status = .stopped
        case .outage(let message):
            status = .stopped
            failure = BatchError(.neverAnswered, message)
        case .failed(let error):
            status = .failed
            failure = error
        }
    }
}
