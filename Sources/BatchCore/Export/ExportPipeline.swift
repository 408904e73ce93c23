import DequeModule
import Plugipay
import RowIO

/// The one loop of an export: carries out what `ExportMachine` decides, and brings it what happens.
///
/// A child of its task group is one request, one timer, or the wait for a signal.
struct ExportPipeline {
    private(set) var output: ExportOutput
    /// The files beside it; `nil` for a stream.
    private(set) var files: ExportFiles?
    /// Which customers belong into the export; `nil` before the first good answer.
    private var scope: ExportScope?
    private(set) var tally = RunTally()
    /// How the server has listed.
    var order: BookWalk.Order { machine.order }
    /// Whose book it is, as the server has told.
    var account: String? { machine.account }

    private let client: PlugipayClient
    private let environment: RunEnvironment
    private let begun: Duration
    private var machine: ExportMachine
    private var events: Deque<ExportMachine.Event> = [.started]
    private var timers = RunTimers()
    private var end: RunEnd?
    private var pulse: ProgressPulse

    /// What a child brings back.
    private enum Result: Sendable {
        case answer(Answer)
        case timer(MonotonicTime)
        case stop(StopReason?)
    }

    /// Prepares the loop.
    ///
    /// - Parameters:
    ///   - output: Where the customers go, at the place where writing goes on.
    ///   - files: The checkpoint's keeper; `nil` for a stream.
    ///   - settings: What the command line says.
    ///   - resumption: What an earlier run left.
    ///   - client: The client of the target.
    ///   - environment: The world around the run.
    init(
        output: ExportOutput,
        files: ExportFiles?,
        settings: ExportMachine.Settings,
        resuming resumption: ExportMachine.Resumption?,
        client: PlugipayClient,
        environment: RunEnvironment
    ) {
        self.output = output
        self.files = files
        self.client = client
        self.environment = environment
        begun = environment.elapsed()
        pulse = ProgressPulse(
            every: environment.progressInterval,
            from: .start,
            done: output.rows
        )
        machine = ExportMachine(
            settings: settings,
            resuming: resumption,
            at: .init(now: .start, server: client.clock.now())
        )
    }

    /// Runs until the whole book is written, a stop was asked for, or the run cannot go on.
    ///
    /// - Returns: Which of the three.
    mutating func run() async -> RunEnd {
        await withTaskGroup(of: Result.self) { group in
            let stop = environment.stop
            group.addTask { .stop(await stop.wait()) }
            let end = await loop(&group)
            if end.isCompleted { reportProgress(total: output.rows) }
            group.cancelAll()
            for await result in group { count(result) }
            return end
        }
    }

    private mutating func loop(_ group: inout TaskGroup<Result>) async -> RunEnd {
        do {
            while true {
                while let event = events.popFirst() {
                    for action in machine.handle(event, at: moment) {
                        try perform(action, &group)
                    }
                    if let end { return end }
                }
                reportProgress(&group)
                if let result = await group.next() { receive(result) }
            }
        } catch {
            return .failed(BatchError(output: error))
        }
    }

    // MARK: Actions

    private mutating func perform(
        _ action: ExportMachine.Action,
        _ group: inout TaskGroup<Result>
    ) throws(OutputError) {
        switch action {
        case .send(let attempt):
            let client = client
            group.addTask { .answer(await attempt.run(with: client)) }
        case .write(let page, let fresh, let place):
            try output.write(page, fresh)
            try keep(place)
        case .readWrittenIDs:
            events.append(.remembered(files?.writtenIDs()))
        case .beginAnew(let reason):
            environment.report(RunNote(.info, "beginning anew: \(reason)"))
            let now = environment.localTime()
            files?.startedAt = now
            try files?.removeCheckpoint()
            try output.beginAnew()
        case .begin(let scope):
            self.scope = scope
        case .correctClock(let response):
            client.clock.correctFromDate(of: response)
        case .wake(let time):
            wake(at: time, &group)
        case .note(let note):
            environment.report(note)
        case .finish(let end):
            self.end = end
        }
    }

    private func keep(_ place: ExportPlace) throws(OutputError) {
        guard let files, let scope else { return }
        try files.keep(
            place,
            scope: scope,
            account: account,
            output: output,
            at: environment.localTime()
        )
    }

    // MARK: Events

    private mutating func receive(_ result: Result) {
        count(result)
        switch result {
        case .answer(let answer): events.append(.answered(answer))
        case .timer(let time):
            timers.ended(time)
            events.append(.due)
        case .stop(.signal(let number)): events.append(.stop(.signal(number)))
        case .stop(nil): break
        }
    }

    private mutating func count(_ result: Result) {
        guard case .answer(let answer) = result else { return }
        tally.count(isWrite: false, isRetry: false, answer, at: now)
    }

    // MARK: Time

    private var now: MonotonicTime { MonotonicTime(environment.elapsed() - begun) }

    private var moment: ExportMachine.Moment { .init(now: now, server: client.clock.now()) }

    private mutating func wake(at time: MonotonicTime, _ group: inout TaskGroup<Result>) {
        guard timers.starts(for: time) else { return }
        let pause = max(.zero, time - now)
        let sleep = environment.sleep
        group.addTask {
            try? await sleep(pause)
            return .timer(time)
        }
    }

    private mutating func reportProgress(_ group: inout TaskGroup<Result>) {
        let wait = machine.wait
        if pulse.isDue(at: now, waitingFor: wait) {
            pulse.beat(at: now, waitingFor: wait, done: output.rows)
            reportProgress(waitingFor: wait)
        }
        wake(at: pulse.due, &group)
    }

    /// - Parameters:
    ///   - total: How many customers there are: known only in the end.
    ///   - wait: What is waited for.
    private func reportProgress(total: Int? = nil, waitingFor wait: RunProgress.Wait? = nil) {
        environment.progress(
            RunProgress(
                .exporting,
                done: output.rows,
                total: total,
                perSecond: pulse.perSecond,
                inFlight: machine.isWaitingForAnswer ? 1 : 0,
                wait: wait
            )
        )
    }
}

extension BatchError {
    /// A file that cannot be written ends the run.
    init(output error: OutputError) {
        let code: Code = error.code == .inUse ? .inUse : .storage
        self.init(code, error.description, cause: error)
    }
}
