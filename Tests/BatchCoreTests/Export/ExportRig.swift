import Plugipay
import Synchronization
import TestSupport

@testable import BatchCore

/// Exports of a book in memory to real files.
///
/// Time passes only where the run sleeps, and a little with each request.
final class ExportRig: Sendable {
    /// What happens with a request before the book answers; `nil` lets it through.
    typealias Trouble =
        @Sendable (TransportRequest, Int) async throws(TransportFailure) -> TransportResponse?

    static let epoch = Timestamp(millisecondsSince1970: 1_778_582_520_000)

    private static let never = Duration.seconds(1_000_000_000)

    let folder: ImportFolder
    let book: PagedBook
    let transport: ScriptedTransport
    let stop = Mutex(StopSource())
    private let isInterrupted = Flag()

    private let clock: ManualLocalClock
    private let noted = Mutex<[String]>([])

    /// A rig.
    ///
    /// - Parameters:
    ///   - profile: How the server lists.
    ///   - trouble: What happens with a request before the book answers.
    /// - Throws: When there is no room for files.
    init(
        _ profile: PagedBook.Profile = PagedBook.Profile(),
        trouble: @escaping Trouble = { _, _ in nil }
    ) throws {
        folder = try ImportFolder()
        let clock = ManualLocalClock(.milliseconds(Self.epoch.millisecondsSince1970))
        let book = PagedBook(profile) { Timestamp(since1970: clock.local.now()) }
        self.book = book
        self.clock = clock
        transport = ScriptedTransport { request, number async throws(TransportFailure) in
            clock.advance(by: .milliseconds(20))
            if let answer = try await trouble(request, number) { return answer }
            return book.answer(request)
        }
    }

    var now: Timestamp { Timestamp(since1970: clock.local.now()) }
    var notes: [String] { noted.withLock { $0 } }
    var path: String { "\(folder.path)/book.jsonl" }

    func advance(by step: Duration) { clock.advance(by: step) }

    /// Fills the book with customers that are a minute apart, the last one an hour old.
    func fill(_ count: Int, spacing: Duration = .seconds(60)) {
        let last = Self.epoch - .seconds(3600)
        for number in 0..<count {
            book.add("cus_\(1_000_000 + number)", last - spacing * (count - 1 - number))
        }
    }

    func job(_ name: String = "book.jsonl") -> ExportJob {
        let path = "\(folder.path)/\(name)"
        let (format, isCompressed) = ExportFormat.named(by: path)
        var job = ExportJob(path: path, format: format ?? .jsonl, isCompressed: isCompressed)
        job.rate = .fixed(0)
        return job
    }

    func run(
        _ job: ExportJob? = nil,
        target: String = "api.example.com:443"
    ) async throws(BatchError) -> RunSummary {
        stop.withLock { $0 = StopSource() }
        isInterrupted.set(false)
        let run = ExportRun(
            job: job ?? self.job(),
            target: JobTarget(
                place: .server(authority: target, baseURL: "https://\(target)/v1"),
                mode: "test"
            ),
            client: PlugipayClient(
                configuration: .scripted,
                transport: transport,
                clock: ServerClock(local: clock.local)
            ),
            resumeCommand: "plugipay-batch export -o book.jsonl",
            environment: environment()
        )
        return try await withLockPatience { () throws(BatchError) in try await run.run() }
    }

    /// Asks the run at work to stop, as a signal does.
    func interrupt() {
        isInterrupted.set(true)
        stop.withLock { $0.request(.signal(15)) }
    }

    /// The ids in a finished file, in order.
    func ids(_ name: String = "book.jsonl") throws -> [String] {
        try folder.read(name).compactMap { Customer(json: Array($0.utf8))?.id }
    }

    private func environment() -> RunEnvironment {
        RunEnvironment(
            localTime: { [clock] in Timestamp(since1970: clock.local.now()) },
            elapsed: { [clock] in clock.local.now() },
            sleep: { [clock, isInterrupted] pause in
                // The next progress report never comes, nor the end of the patience with an answer
                // on its way; whatever else is waited for comes at once, because nothing is in
                // flight then.
                guard pause < Self.never / 2, !isInterrupted.value else {
                    _ = await StopSource().wait()
                    return
                }
                clock.advance(by: pause)
            },
            seed: 7,
            report: { [self] note in noted.withLock { $0.append(note.text) } },
            progressInterval: Self.never,
            stop: stop.withLock { $0 }
        )
    }
}

/// A truth value that several tasks share.
private final class Flag: Sendable {
    private let state = Mutex(false)

    var value: Bool { state.withLock { $0 } }

    func set(_ value: Bool) {
        state.withLock { $0 = value }
    }
}
