import BatchCore
import Plugipay
import Synchronization
import TestSupport

/// Runs of a job over real files and a real journal, against a book in memory.
///
/// Time passes only where the run sleeps, and a little with each request.
final class RunRig: Sendable {
    /// What comes before the book: an answer of its own, or `nil` to let the request through.
    typealias Trouble =
        @Sendable (TransportRequest, Int) throws(TransportFailure) -> TransportResponse?

    let folder: ImportFolder
    let book: ScriptedBook
    let transport: ScriptedTransport
    let stop = StopSource()

    private let noted = Mutex<[RunNote]>([])
    private let clockError: Duration
    private let serverClock: ManualLocalClock

    /// An empty book or another rig's, and a network that may be bad.
    ///
    /// - Parameters:
    ///   - other: The rig whose book and clock are shared.
    ///   - clockError: How far this machine's clock is ahead of the server's.
    ///   - trouble: What comes before the book.
    ///   - lostAnswers: Whether the answer to this request is lost after its work was done.
    /// - Throws: When there is no room for files.
    init(
        sharing other: RunRig? = nil,
        clockError: Duration = .zero,
        trouble: @escaping Trouble = { _, _ in nil },
        lostAnswers: @escaping @Sendable (TransportRequest, Int) -> Bool = { _, _ in false }
    ) throws {
        let folder = try ImportFolder()
        let start = Duration.milliseconds(MachineRig.epoch.millisecondsSince1970)
        let clock = other?.serverClock ?? ManualLocalClock(start)
        let book = other?.book ?? ScriptedBook { Timestamp(since1970: clock.local.now()) }
        self.folder = folder
        self.book = book
        self.clockError = clockError
        transport = ScriptedTransport { request, number throws(TransportFailure) in
            // A request takes a little: a customer made later is later.
            clock.advance(by: .milliseconds(1))
            if let answer = try trouble(request, number) { return answer }
            let answer = book.answer(request)
            guard !lostAnswers(request, number) else {
                throw TransportFailure(
                    code: .connectionLost,
                    mayHaveReachedServer: true,
                    message: "as scripted"
                )
            }
            return answer
        }
        serverClock = clock
    }

    var notes: [RunNote] { noted.withLock { $0 } }
    var jobFolder: JobFolder { JobFolder(path: "\(folder.path)/in.job") }

    func run(
        _ job: ImportJob,
        target: String = "api.example.com:443",
        stop: StopSource? = nil
    ) async throws(BatchError) -> RunSummary {
        let run = ImportRun(
            job: job,
            folder: jobFolder,
            target: JobTarget(
                place: .server(authority: target, baseURL: "https://\(target)/v1"),
                mode: "test"
            ),
            client: PlugipayClient(
                configuration: .scripted,
                transport: transport,
                clock: ServerClock(local: local)
            ),
            resumeCommand: "plugipay-batch import in.csv",
            environment: environment(stop ?? self.stop)
        )
        return try await withLockPatience { () throws(BatchError) in try await run.run() }
    }

    private var local: LocalClock {
        let (clock, error) = (serverClock.local, clockError)
        return LocalClock { clock.now() + error }
    }

    private func environment(_ stop: StopSource) -> RunEnvironment {
        let local = local
        return RunEnvironment(
            localTime: { Timestamp(since1970: local.now()) },
            elapsed: { local.now() },
            sleep: { [serverClock] pause in
                // Only waits for the server's sake pass; reports and time-outs never come.
                guard pause < .seconds(20) else {
                    _ = await StopSource().wait()
                    return
                }
                serverClock.advance(by: pause)
            },
            seed: 7,
            report: { [self] note in noted.withLock { $0.append(note) } },
            stop: stop
        )
    }
}
