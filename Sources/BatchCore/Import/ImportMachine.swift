package import Plugipay

/// Decides everything between the reader and the journal: what is sent when, what an answer means
/// for its row, what is waited for, when the run ends.
///
/// A pure value: events in, actions out. `ImportPipeline` carries the actions out and brings the
/// events; time is handed in with each of them. What an answer means is in
/// `ImportMachine+Answers.swift` and `ImportMachine+LookUps.swift`, what may start when in
/// `ImportMachine+Pump.swift`, how a row or the run ends in `ImportMachine+Ends.swift`.
package struct ImportMachine: Sendable {
    /// What happens.
    package enum Event: Sendable {
        /// The run begins.
        case started
        /// The rows that were asked for, and whether the input has no more.
        case offered([PlannedRow], isEnd: Bool)
        /// What was to be committed is durable, and requests may be signed until then.
        case committed(signUntil: Timestamp)
        /// An attempt came back. For a look-up of a row without an externalId: which of the
        /// records stand for other rows already.
        case answered(Ticket, Answer, claimed: Set<String>)
        /// The time that `wake` asked for has come.
        case due
        /// The run is to end early.
        case stop(RunEnd)
    }

    /// What is to be done.
    package enum Action: Sendable {
        /// Read until so many rows are found that need the server, and offer them.
        case read(Int)
        /// Make these entries and everything before them durable, with a new limit for signing.
        case commit([JournalEntry])
        /// Start an attempt.
        case send(Ticket, Attempt)
        /// File what became of a row.
        case settle(JournalEntry)
        /// Take the server's time from this answer.
        case correctClock(Response)
        /// File the account behind the credentials; another one than before ends the run.
        case learnAccount(String)
        /// Bring `due` at this time.
        case wake(at: MonotonicTime)
        /// Tell the user.
        case note(RunNote)
        /// The run is over; attempts still in flight are abandoned.
        case finish(RunEnd)
    }

    /// Whose attempt it is.
    package enum Ticket: Sendable, Hashable {
        /// The first request of the run, or the breaker's probe.
        case probe
        /// The row with this entry.
        case row(Int)
    }

    /// What time it is.
    package struct Moment: Sendable {
        /// Since the run began.
        package var now: MonotonicTime
        /// At the server, as far as it is known.
        package var server: Timestamp
        /// By how much that may be wrong; `nil` when unknown.
        package var uncertainty: Duration?

        /// Makes a moment.
        package init(now: MonotonicTime, server: Timestamp, uncertainty: Duration?) {
            self.now = now
            self.server = server
            self.uncertainty = uncertainty
        }

        /// The latest time that has certainly come at the server: the time of an intent made now.
        ///
        /// No request that leaves later can make a record older than this.
        package var intentTime: Timestamp { server - (uncertainty ?? .zero) }
    }

    /// What the command line says to the machine.
    package struct Settings: Sendable {
        /// What happens when an externalId is taken.
        package var onConflict = ConflictPolicy.skip
        /// Tries of one row.
        package var maxAttempts = 8
        /// How long the server may be down.
        package var maxOutage = Duration.seconds(3600)
        /// Requests a second.
        package var rate = RateSetting.auto
        /// Requests in flight.
        package var concurrency = Concurrency.Setting.auto
        /// Mode and namespace of the keys.
        package var scope = KeyScope()
        /// The merchant that every record must belong to; `nil` for the key's own account.
        package var onBehalfOf: String?
        /// The account behind the credentials, as an earlier run learnt it.
        package var account: String?
        /// The base URL, for messages.
        package var endpoint = ""
        /// The seed of the jitter.
        package var seed: UInt64 = 0

        /// The defaults.
        package init() {}
    }

    /// The bounds of the machine, in one place.
    package enum Bounds {
        /// Requests in flight before the server has answered a write of the run by what its row
        /// says: if it refuses them all, few were sent.
        package static let firstWrites = 8
        /// Rows in memory, waiting ones included; past it reading pauses.
        package static let heldRows = 20_000
        /// Bytes of rows in memory; past it reading pauses.
        package static let heldBytes = 24 << 20
        /// Rows whose intents are committed ahead of their sending, at most and at least.
        package static let lookAhead = 4...128
        /// How far ahead in time intents are committed, in seconds.
        ///
        /// Short, because after a crash every open intent is in doubt.
        package static let lookAheadTime = 0.1
        /// How long answers in flight are awaited at an early stop.
        package static let drain = Duration.seconds(20)
        /// Bodies that are not the API's envelope, in a row, before the first good answer.
        package static let strangeAnswers = 3
        /// A shorter wait for rows to be tried again is no news.
        package static let shownRetryTime = Duration.seconds(1)
        /// Past this age of its first intent a key is not relied on: servers keep it 24 h at best.
        package static let keyLife = Duration.seconds(20 * 3600)
    }

    let settings: Settings
    var moment: Moment
    var actions: [Action] = []

    var rows: [Int: WorkRow] = [:]
    var heldBytes = 0
    /// Rows that wait for an earlier row with the same externalId, by that row's entry.
    var followers: [Int: [PlannedRow]] = [:]
    var heldFollowers = 0
    /// Rows that may be sent, the first time.
    var fresh = IDQueue()
    /// Rows that may be sent and have waited before.
    var urgent = IDQueue()
    /// Rows that wait for a time.
    var waiting = WaitingRows()
    /// Attempts in flight, and when they were sent.
    var inFlight: [Ticket: MonotonicTime] = [:]
    /// Rows whose entries must be committed before they may be sent.
    var uncommitted: [Int] = []
    /// Those of them whose entries have changed since they were written.
    var changed: Set<Int> = []
    /// Rows whose commit is under way.
    var committing: [Int] = []
    /// Rows whose intents wait for a time that the server's clock vouches for.
    var untimed: [Int] = []
    var isCommitting = false
    var signUntil: Timestamp?

    var pacer: Pacer
    var concurrency: Concurrency
    var breaker: Breaker
    var generator: SeededGenerator

    var isReading = false
    var isInputEnded = false
    /// Whether the first request of the run has been answered well.
    var isGreeted = false
    /// Whether the server has answered a write of this run by what its row says.
    var hasWritten = false
    /// Whether an answer of this run has told the account.
    var isAccountSeen = false
    var strangeAnswers = 0
    var probeClockCorrections = 0
    /// Until then no intent of a row without an externalId is made, so that no record older than
    /// the job can pass for its own.
    var ownRecordsFrom: MonotonicTime?
    var lookUpsAreRefused = false
    /// Whether the user was told that the server refuses metadata in a PATCH.
    var isMetadataNoted = false
    var account: String?
    var lastFault: Answer.Fault?
    var wakeAt: MonotonicTime?
    var end: RunEnd?
    var drainEnds: MonotonicTime?
    var isFinished = false

    /// A machine at the start of a run.
    ///
    /// - Parameters:
    ///   - settings: What the command line says.
    ///   - moment: What time it is.
    package init(settings: Settings, at moment: Moment) {
        self.settings = settings
        self.moment = moment
        pacer = Pacer(settings.rate)
        concurrency = Concurrency(settings.concurrency)
        breaker = Breaker(startsWithProbe: true)
        generator = SeededGenerator(seed: settings.seed)
        account = settings.account
    }

    /// Takes an event.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - moment: What time it is.
    /// - Returns: What is to be done now, in this order.
    package mutating func handle(_ event: Event, at moment: Moment) -> [Action] {
        self.moment = moment
        actions.removeAll(keepingCapacity: true)
        guard !isFinished else { return [] }
        switch event {
        case .started, .due: break
        case .offered(let rows, let isEnd): offered(rows, isEnd: isEnd)
        case .committed(let signUntil): committed(signUntil)
        case .answered(let ticket, let answer, let claimed): answered(ticket, answer, claimed)
        case .stop(let end): stop(end)
        }
        advance()
        return actions
    }

    var now: MonotonicTime { moment.now }

    func window(of entry: JournalEntry) -> OwnWindow {
        OwnWindow(
            firstIntent: entry.firstIntent ?? moment.server,
            uncertainty: moment.uncertainty
        )
    }

    mutating func commitNext(_ id: Int, isChanged: Bool) {
        uncommitted.append(id)
        if isChanged { changed.insert(id) }
    }

    private mutating func offered(_ planned: [PlannedRow], isEnd: Bool) {
        isReading = false
        isInputEnded = isEnd
        for row in planned { admit(row) }
    }

    /// Takes a row in: its entry is in the open transaction, and must be durable before anything
    /// is sent for it.
    mutating func admit(_ planned: PlannedRow) {
        if let predecessor = planned.predecessor,
            rows[predecessor] != nil || followers[predecessor] != nil
        {
            followers[predecessor, default: []].append(planned)
            followers[planned.entry.id] = []
            heldFollowers += 1
            heldBytes += WorkRow.heldBytes(of: planned)
            return
        }
        let row = WorkRow(planned, window: window(of: planned.entry))
        rows[planned.entry.id] = row
        heldBytes += row.heldBytes
        if !planned.isInDoubt, !canTime(planned.draft) {
            untimed.append(planned.entry.id)
        } else {
            commitNext(planned.entry.id, isChanged: false)
        }
    }

    private mutating func committed(_ signUntil: Timestamp) {
        self.signUntil = signUntil
        isCommitting = false
        for id in committing {
            guard let row = rows[id] else { continue }
            rows[id]?.journaledAttempts = row.entry.attempts
            if row.tries == 0, row.isWrite { fresh.append(id) } else { urgent.append(id) }
        }
        committing.removeAll(keepingCapacity: true)
    }

    /// Whether the time of an intent made now tells the row's record from every older one.
    func canTime(_ draft: CustomerDraft) -> Bool {
        guard isGreeted else { return false }
        return draft.externalId != nil || ownRecordsFrom.map { now >= $0 } ?? true
    }
}

// MARK: - Questions of the loop

extension ImportMachine {
    /// Requests in flight.
    package var flightCount: Int { inFlight.count }

    /// Rows that were offered and are not settled.
    package var openRows: Int { rows.count + heldFollowers }

    /// What keeps the machine from sending.
    ///
    /// - Parameter now: The moment.
    /// - Returns: What it waits for; `nil` while it sends.
    package func wait(at now: MonotonicTime) -> RunProgress.Wait? {
        if end != nil { return .answers }
        if let since = breaker.downSince {
            let nextTry = breaker.nextProbe.map { max(.zero, $0 - now) }
            return .server(downFor: now - since, nextTry: nextTry)
        }
        if let reopening = pacer.gate.reopening, reopening > now { return .limit(reopening - now) }
        let isIdle = inFlight.isEmpty && fresh.isEmpty && urgent.isEmpty
        if isIdle, let due = waiting.nextDue, due - now >= Bounds.shownRetryTime {
            return .retries(rows: waiting.count, next: due - now)
        }
        return nil
    }

    /// Whether the row of a ticket has been tried before.
    package func isRetry(_ ticket: Ticket) -> Bool {
        guard case .row(let id) = ticket, let row = rows[id] else { return false }
        return row.isWrite && row.entry.attempts > 0
    }

    /// Whether records that a look-up finds for a row must be free of other rows' claims.
    package func needsClaims(_ id: Int) -> Bool {
        rows[id].map { $0.draft.externalId == nil } ?? false
    }
}
