import GRDB
import Synchronization

/// The single writer: writes that wait together are committed together.
///
/// A caller is resumed only after the commit of its batch has returned. Because one loop carries
/// out all writes in the order they came, two requests with one key never both execute.
final class GroupCommit: Sendable {
    /// The most writes of one transaction.
    static let maximumBatch = 256

    private struct Waiting: Sendable {
        let write: WriteRequest
        let answer: CheckedContinuation<StoredAnswer, any Error>
    }

    private struct Queue {
        var waiting: [Waiting] = []
        var isOpen = true
    }

    private let database: any DatabaseWriter
    private let clock: SandboxClock
    private let writer: Mutex<CustomerWriter>
    private let queue = Mutex(Queue())
    private let wakeups: AsyncStream<Void>
    private let wakeup: AsyncStream<Void>.Continuation

    init(database: any DatabaseWriter, clock: SandboxClock, writer: CustomerWriter) {
        self.database = database
        self.clock = clock
        self.writer = Mutex(writer)
        (wakeups, wakeup) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The answer to a write, once it is committed.
    func answer(_ write: WriteRequest) async throws -> StoredAnswer {
        try await withCheckedThrowingContinuation { continuation in
            let isAccepted = queue.withLock { queue in
                if queue.isOpen { queue.waiting.append(.init(write: write, answer: continuation)) }
                return queue.isOpen
            }
            if isAccepted {
                wakeup.yield()
            } else {
                continuation.resume(throwing: CancellationError())
            }
        }
    }

    /// Commits what waits until its task is cancelled; then refuses what still waits.
    func run() async {
        for await _ in wakeups {
            while let batch = nextBatch() { await commit(batch) }
        }
        let refused = queue.withLock { queue in
            queue.isOpen = false
            defer { queue.waiting = [] }
            return queue.waiting
        }
        for waiting in refused { waiting.answer.resume(throwing: CancellationError()) }
    }

    private func nextBatch() -> [Waiting]? {
        queue.withLock { queue in
            guard !queue.waiting.isEmpty else { return nil }
            let batch = Array(queue.waiting.prefix(Self.maximumBatch))
            queue.waiting.removeFirst(batch.count)
            return batch
        }
    }

    private func commit(_ batch: [Waiting]) async {
        let writes = batch.map(\.write)
        do {
            let answers = try await database.write { [self] db in
                try self.answers(to: writes, in: db)
            }
            for (waiting, answer) in zip(batch, answers) { waiting.answer.resume(with: answer) }
        } catch {
            for waiting in batch { waiting.answer.resume(throwing: error) }
        }
    }

    /// A refused write leaves nothing behind, so the others of its batch go on.
    private func answers(
        to writes: [WriteRequest],
        in db: Database
    ) throws -> [Result<StoredAnswer, any Error>] {
        let now = clock.timestamp
        return try writes.map { write in
            do {
                return .success(try writer.withLock { try $0.answer(write, at: now, in: db) })
            } catch let refusal as APIError {
                return .failure(refusal)
            }
        }
    }
}
