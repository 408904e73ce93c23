import Plugipay

/// Decides everything between the server and the file: which page is asked for when, what an
/// answer means, which customers are written, when the export ends.
///
/// A pure value: events in, actions out, as `ImportMachine` is. One request is in flight at a time,
/// because each page names the next. What an answer means is in `ExportMachine+Answers.swift`,
/// what may start when in `ExportMachine+Pump.swift`.
struct ExportMachine: Sendable {
    /// What happens.
    enum Event: Sendable {
        /// The run begins.
        case started
        /// The request came back.
        case answered(Answer)
        /// The ids of all customers in the file; `nil` where they cannot be read back.
        case remembered(CustomerIDSet?)
        /// The time that `wake` asked for has come.
        case due
        /// The run is to end early.
        case stop(RunEnd)
    }

    /// What is to be done.
    enum Action: Sendable {
        /// Start a request.
        case send(Attempt)
        /// Write these customers of a page, and make them and the place durable.
        case write(ListedPage, [Int], ExportPlace)
        /// Read the ids of all written customers back, for `remembered`.
        case readWrittenIDs
        /// Throw away what an earlier run has written, for this reason: it does not belong here.
        case beginAnew(String)
        /// From now on the checkpoint tells this scope.
        case begin(ExportScope)
        /// Take the server's time from this answer.
        case correctClock(Response)
        /// Bring `due` at this time.
        case wake(at: MonotonicTime)
        /// Tell the user.
        case note(RunNote)
        /// The run is over; a request still in flight is abandoned.
        case finish(RunEnd)
    }

    /// What time it is.
    struct Moment: Sendable {
        /// Since the run began.
        var now: MonotonicTime
        /// At the server, as far as it is known.
        var server: Timestamp
    }

    /// What the command line says to the machine.
    struct Settings: Sendable {
        /// Only customers created after this time.
        var createdAfter: Timestamp?
        /// Tries of one page while the server is otherwise well.
        var maxAttempts = 8
        /// How long the server may be down.
        var maxOutage = Duration.seconds(3600)
        /// Requests a second.
        var rate = RateSetting.auto
        /// Whether the next page is asked for while one is being written.
        var readsAhead = true
        /// The merchant that every customer must belong to; `nil` for the key's own account.
        var onBehalfOf: String?
        /// The base URL, for messages.
        var endpoint = ""
        /// The seed of the jitter.
        var seed: UInt64 = 0
    }

    /// Where an earlier run stopped.
    struct Resumption: Sendable {
        /// The scope that it began with.
        var scope: ExportScope
        /// The account that it met.
        var account: String?
        /// How far it was.
        var place: ExportPlace
        /// What is in the file.
        var written: WrittenCustomers
    }

    /// The bounds of the machine, in one place.
    enum Bounds {
        /// How long the answer in flight is awaited at an early stop.
        static let drain = ImportMachine.Bounds.drain
        /// Bodies that are not the API's envelope, in a row, before the first good answer.
        static let strangeAnswers = ImportMachine.Bounds.strangeAnswers
        /// Pages without a customer, in a row: a filter that is applied late makes some.
        static let emptyPages = 100
        /// Failed requests in a row before the user is told.
        static let failuresToTell = 2
        /// How often a pass may begin again because the server does not know a cursor any more.
        static let restarts = 10
        /// After so many good pages twice as many customers are asked for, up to the usual number.
        static let pagesToGrow = 10
        /// A page that is too large is asked for again with so many times fewer customers.
        static let shrinkage = 10
    }

    /// What a request is for.
    enum Flight { case head, page }

    let settings: Settings
    var moment: Moment
    var actions: [Action] = []

    /// The pass over the whole book; `nil` before the first answer and afterwards.
    var walk: BookWalk?
    /// The second look at its newest part.
    var overlap: OverlapWalk?
    /// What an earlier run left, until the first answer shows that it may be used.
    var resumption: Resumption?
    /// The page that waits for the ids of what is written.
    var heldPage: ListedPage?
    /// What is to be written next.
    var pendingWrite: Action?
    /// How the server has listed.
    var order = BookWalk.Order.creation

    /// Customers a page is asked for.
    var limit = CustomerQuery.maximumLimit
    /// Whether the server takes `order`.
    var usesOrder = true
    /// Whether the server takes `createdAfter` for `--created-after`.
    var usesFilter = true
    /// How often a pass has begun again.
    var restarts = 0
    /// Pages since the number of customers on them was changed.
    var goodPages = 0
    var hasToldOrder = false
    var hasToldFilter = false
    var emptyPages = 0

    var flight: (kind: Flight, sent: MonotonicTime)?
    var pacer: Pacer
    var breaker = Breaker(flightLimit: 1, startsWithProbe: true)
    var generator: SeededGenerator
    /// Failed requests since the last good answer.
    var failures = 0
    /// When the first of them failed.
    var firstFailure: MonotonicTime?
    /// Whether the user has been told of them.
    var hasToldOutage = false
    /// Failed tries of the page right after the server had answered well.
    var failuresWhileWell = 0
    /// Whether the page has been tried on another connection after the server was back.
    var hasTriedAgain = false
    /// Until then nothing is tried again.
    var retryAt: MonotonicTime?
    var strangeAnswers = 0
    var clockCorrections = 0
    var isGreeted = false
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
    ///   - resumption: What an earlier run left; `nil` to begin.
    ///   - moment: What time it is.
    init(settings: Settings, resuming resumption: Resumption?, at moment: Moment) {
        self.settings = settings
        self.resumption = resumption
        self.moment = moment
        pacer = Pacer(settings.rate)
        generator = SeededGenerator(seed: settings.seed)
    }

    /// Takes an event.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - moment: What time it is.
    /// - Returns: What is to be done now, in this order.
    mutating func handle(_ event: Event, at moment: Moment) -> [Action] {
        self.moment = moment
        actions.removeAll(keepingCapacity: true)
        guard !isFinished else { return [] }
        switch event {
        case .started, .due: break
        case .answered(let answer): answered(answer)
        case .remembered(let ids): remembered(ids)
        case .stop(let end): stop(end)
        }
        advance()
        return actions
    }

    var now: MonotonicTime { moment.now }

    /// Whether a request is in flight.
    var isWaitingForAnswer: Bool { flight != nil }

    mutating func note(_ level: RunNote.Level, _ text: String) {
        actions.append(.note(RunNote(level, text)))
    }

    // MARK: The end

    /// Begins the end: nothing new is asked for, the answer in flight is awaited.
    mutating func stop(_ end: RunEnd) {
        guard self.end == nil else { return }
        self.end = end
        drainEnds = now + Bounds.drain
    }
}
