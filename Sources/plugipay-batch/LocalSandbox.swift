import BatchCore
import Logging
import PlugipaySandbox

/// A sandbox inside this process, for the time of one run: no limits, no latency.
enum LocalSandbox {
    /// What the real service allows, as documented.
    static let realWritesPerSecond = 20

    /// Serves a book while `body` runs.
    ///
    /// - Parameters:
    ///   - database: The path of the book.
    ///   - seed: Where the generator of ids begins.
    ///   - body: The work; gets the sandbox's address.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, or `SandboxError` when the book cannot be served.
    static func run<Value: Sendable>(
        database: String,
        seed: UInt64,
        _ body: @Sendable (SandboxAddress) async throws -> Value
    ) async throws -> Value {
        let sandbox = Sandbox(
            configuration: SandboxConfiguration(
                port: 0,
                storage: .file(database),
                writeRate: 0,
                readRate: 0,
                seed: seed
            ),
            logger: Logger(label: "sandbox") { _ in SwiftLogNoOpLogHandler() }
        )
        let (addresses, ready) = AsyncStream.makeStream(
            of: SandboxAddress.self,
            bufferingPolicy: .bufferingOldest(1)
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { ready.finish() }
                try await sandbox.run { ready.yield($0) }
            }
            defer { group.cancelAll() }
            var iterator = addresses.makeAsyncIterator()
            guard let address = await iterator.next() else {
                try await group.next()
                throw BatchError(.internalFault, "the sandbox ended before it was ready")
            }
            return try await body(address)
        }
    }

    /// What a user should know after a rehearsal.
    ///
    /// - Parameters:
    ///   - summary: What the run did.
    ///   - database: The path of the book.
    /// - Returns: Lines for the end of the run.
    static func remarks(_ summary: RunSummary, database: String) -> [String] {
        let files = [summary.job, database, "\(database)-wal", "\(database)-shm"].compactMap(\.self)
        let rows = RowStatus.allCases.filter(\.needsRequest).reduce(0) { sum, status in
            sum + summary.counts[status, default: 0]
        }
        let seconds = (rows + realWritesPerSecond - 1) / realWritesPerSecond
        return [
            "This was a rehearsal; its book is \(database). To forget it: "
                + ResumeCommand.text(["rm", "-rf"] + files),
            "At the real limit of \(realWritesPerSecond) writes/s this takes about "
                + DurationWords.text(seconds: seconds) + " (\(rows) rows to send).",
        ]
    }
}

extension RowStatus {
    /// Whether a row with this status costs a write, or will.
    fileprivate var needsRequest: Bool {
        switch self {
        case .created, .exists, .updated, .unchanged, .rejected, .failed, .unknown, .notAttempted:
            true
        case .valid, .duplicate, .skipped, .invalid: false
        }
    }
}
