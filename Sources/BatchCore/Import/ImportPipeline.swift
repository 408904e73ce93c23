import DequeModule
import Plugipay

/// The one loop of an import.
///
/// It owns everything mutable, carries out what `ImportMachine` decides, and brings it what
/// happens; a child of its task group is one attempt, one timer, or the wait for a signal. Nothing
/// is shared but the connection pool.
struct ImportPipeline {
    var planner: ImportPlanner
    private(set) var tally = RunTally()

    private let journal: Journal
    private let client: PlugipayClient
    private let environment: RunEnvironment
    private let total: Int?
    private let begun: Duration
    private var machine: ImportMachine
    private var events: Deque<ImportMachine.Event> = [.started]
    private var timers = RunTimers()
    private var end: RunEnd?
    /// When the oldest outcome was filed that is not durable yet.
    private var oldestOutcome: MonotonicTime?
    private var pulse: ProgressPulse

    /// How far ahead of the last commit requests may be signed.
    private static let signingTime = Duration.seconds(30)
    /// How long an outcome may wait for a commit that other things cause.
    private static let outcomeTime = Duration.milliseconds(100)

    /// What a child brings back.
    private enum Result: Sendable {
        case answer(ImportMachine.Ticket, isWrite: Bool, isRetry: Bool, Answer)
        case timer(MonotonicTime)
        case stop(StopReason?)
    }

    /// Prepares the loop.
    ///
    /// - Parameters:
    ///   - planner: The reader's side.
    ///   - settings: What the command line says.
    ///   - journal: The job's journal, with a run begun.
    ///   - client: The client of the job's target.
    ///   - total: How many rows there are, if that is known.
    ///   - environment: The world around the run.
    init(
        planner: ImportPlanner,
        settings: ImportMachine.Settings,
        journal: Journal,
        client: PlugipayClient,
        total: Int?,
        environment: RunEnvironment
    ) {
        self.planner = planner
        self.journal = journal
        self.client = client
        self.environment = environment
        self.total = total
        begun = environment.elapsed()
        pulse = ProgressPulse(every: environment.progressInterval, from: .start)
        machine = ImportMachine(
            settings: settings,
            at: .init(now: .start, server: client.clock.now(), uncertainty: nil)
        )
    }

    /// Runs until every row is settled, a stop was asked for, or the run cannot go on.
    ///
    /// - Returns: Which of the three. Every outcome so far is in the journal.
    mutating func run() async -> RunEnd {
        await withTaskGroup(of: Result.self) { group in
            let stop = environment.stop
            group.addTask { .stop(await stop.wait()) }
            let end = await loop(&group)
            if end.isCompleted { reportProgress(waitingFor: nil) }
            group.cancelAll()
            // Attempts that are cut off here have been filed as in doubt; they still count.
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
                try commitOutcomes(&group)
                reportProgress(&group)
                if let result = await group.next() { receive(result) }
            }
        } catch let error as BatchError {
            return .failed(error)
        } catch let error as JournalError {
            return .failed(BatchError(error))
        } catch {
            return .failed(BatchError(.internalFault, "\(error)", cause: error))
        }
    }

    // MARK: Actions

    private mutating func perform(
        _ action: ImportMachine.Action,
        _ group: inout TaskGroup<Result>
    ) throws {
        switch action {
        case .read(let count):
            let (rows, isEnd) = try planner.plan(count, now: moment.intentTime)
            events.append(.offered(rows, isEnd: isEnd))
            stopIfTooManyErrors(isEnd: isEnd)
        case .commit(let entries):
            for entry in entries { try journal.update(entry) }
            let signUntil = client.clock.now() + Self.signingTime
            try commit(signUntil: signUntil)
            events.append(.committed(signUntil: signUntil))
        case .send(let ticket, let attempt):
            send(attempt, for: ticket, &group)
        case .settle(let entry):
            try settle(entry)
        case .correctClock(let response):
            client.clock.correctFromDate(of: response)
        case .learnAccount(let account):
            try journal.setAccount(account)
        case .wake(let time):
            wake(at: time, &group)
        case .note(let note):
            environment.report(note)
        case .finish(let end):
            try commit()
            self.end = end
        }
    }

    private func send(
        _ attempt: Attempt,
        for ticket: ImportMachine.Ticket,
        _ group: inout TaskGroup<Result>
    ) {
        let client = client
        let isRetry = machine.isRetry(ticket)
        group.addTask {
            let answer = await attempt.run(with: client)
            return .answer(
                ticket,
                isWrite: attempt.purpose.isWrite,
                isRetry: isRetry,
                answer
            )
        }
    }

    private mutating func settle(_ entry: JournalEntry) throws {
        try journal.update(entry)
        tally.count(entry.state)
        if entry.state != .rejected { planner.release(entry.place) }
        oldestOutcome = oldestOutcome ?? now
        stopIfTooManyErrors(isEnd: false)
    }

    private mutating func stopIfTooManyErrors(isEnd: Bool) {
        let isExceeded = planner.job.errorLimit?.isExceeded(
            errors: planner.errors + tally.errors,
            rows: planner.walk.taken,
            isEnd: isEnd
        )
        if isExceeded == true { events.append(.stop(.tooManyErrors)) }
    }

    // MARK: Events

    private mutating func receive(_ result: Result) {
        count(result)
        switch result {
        case .answer(let ticket, _, _, let answer):
            events.append(.answered(ticket, answer, claimed: claimed(by: answer, of: ticket)))
        case .timer(let time):
            timers.ended(time)
            events.append(.due)
        case .stop(.signal(let number)):
            events.append(.stop(.signal(number)))
        case .stop(nil):
            break
        }
    }

    private mutating func count(_ result: Result) {
        guard case .answer(_, let isWrite, let isRetry, let answer) = result else { return }
        tally.count(isWrite: isWrite, isRetry: isRetry, answer, at: now)
    }

    /// Which of the customers in an answer stand for other rows: no record serves two.
    private func claimed(by answer: Answer, of ticket: ImportMachine.Ticket) -> Set<String> {
        guard case .row(let id) = ticket, machine.needsClaims(id) else { return [] }
        let records =
            switch answer.meaning {
            case .found(let records, _): records
            case .applied(let record): [record]
            default: [Customer]()
            }
        return Set(
            records.map(\.id).filter { record in
                // A journal that cannot be read must not make a record free.
                (try? journal.isClaimed(record, byOtherThan: id)) ?? true
            }
        )
    }

    // MARK: Time

    private var now: MonotonicTime { MonotonicTime(environment.elapsed() - begun) }

    private var moment: ImportMachine.Moment {
        .init(now: now, server: client.clock.now(), uncertainty: client.clock.uncertainty)
    }

    private mutating func wake(at time: MonotonicTime, _ group: inout TaskGroup<Result>) {
        guard timers.starts(for: time) else { return }
        let pause = max(.zero, time - now)
        let sleep = environment.sleep
        group.addTask {
            try? await sleep(pause)
            return .timer(time)
        }
    }

    /// Makes outcomes durable that no commit of intents has taken along.
    private mutating func commitOutcomes(_ group: inout TaskGroup<Result>) throws {
        guard let oldestOutcome else { return }
        let due = oldestOutcome + Self.outcomeTime
        guard now >= due else {
            wake(at: due, &group)
            return
        }
        try commit()
    }

    private mutating func commit(signUntil: Timestamp? = nil) throws(JournalError) {
        if let input = planner.walk.inputs.last { try journal.note(input) }
        try journal.commit(signUntil: signUntil)
        oldestOutcome = nil
    }

    private mutating func reportProgress(_ group: inout TaskGroup<Result>) {
        let wait = machine.wait(at: now)
        if pulse.isDue(at: now, waitingFor: wait) { reportProgress(waitingFor: wait) }
        wake(at: pulse.due, &group)
    }

    private mutating func reportProgress(waitingFor wait: RunProgress.Wait?) {
        // Rows that need no request are passed over too fast to tell anything of the others.
        pulse.beat(at: now, waitingFor: wait, done: tally.settledRows)
        let done = planner.walk.taken - machine.openRows
        environment.progress(
            RunProgress(
                .importing,
                done: done,
                total: total,
                errors: planner.errors + tally.errors + tally.unknownRows,
                perSecond: pulse.perSecond,
                inFlight: machine.flightCount,
                wait: wait,
                remaining: pulse.time(for: total.map { $0 - done })
            )
        )
    }
}

extension BatchError {
    /// A journal that cannot be used ends the run.
    init(_ error: JournalError) {
        self.init(.storage, error.message, cause: error)
    }
}
