import Plugipay
import Testing

@testable import BatchCore

/// A machine with the time that is handed to it.
///
/// Commits succeed at once; everything else that it asks for is kept for the test to look at and to
/// answer.
struct MachineRig {
    typealias Ticket = ImportMachine.Ticket

    /// Server time at the start of the run.
    static let epoch = Timestamp(millisecondsSince1970: 1_800_000_000_000)
    static let signingTime = Duration.seconds(30)

    /// What one event led to.
    struct Turn {
        var sends: [(ticket: Ticket, attempt: Attempt)] = []
        var commits: [[JournalEntry]] = []
        var settled: [JournalEntry] = []
        var reads: [Int] = []
        var notes: [RunNote] = []
        var accounts: [String] = []
        var clockCorrections = 0
        var end: RunEnd?

        /// Rows for which something was sent.
        var sentRows: [Int] { sends.compactMap(\.ticket.row) }
        /// What was sent, as method and target.
        var requests: [String] { sends.map { $0.attempt.line } }
    }

    private(set) var machine: ImportMachine
    private(set) var flights: [Ticket: Attempt] = [:]
    /// The time for which the machine wants to be woken.
    private(set) var wake: MonotonicTime?
    var now = Duration.zero
    /// Server time less local time since the start: what the first answer will tell.
    var offset = Duration.zero
    var uncertainty: Duration?

    init(_ change: (inout ImportMachine.Settings) -> Void = { _ in }) {
        var settings = ImportMachine.Settings()
        settings.rate = .fixed(0)
        settings.concurrency = .fixed(64)
        settings.endpoint = "https://api.example.com/v1"
        change(&settings)
        machine = ImportMachine(
            settings: settings,
            at: .init(now: .start, server: Self.epoch, uncertainty: nil)
        )
    }

    var server: Timestamp { Self.epoch + now + offset }

    private var moment: ImportMachine.Moment {
        .init(now: MonotonicTime(now), server: server, uncertainty: uncertainty)
    }

    /// Brings an event, and the commits that follow from it.
    @discardableResult
    mutating func bring(_ event: ImportMachine.Event) -> Turn {
        var turn = Turn()
        var events = [event]
        while !events.isEmpty {
            let event = events.removeFirst()
            wake = nil
            for action in machine.handle(event, at: moment) {
                if case .commit = action {
                    events.append(.committed(signUntil: server + Self.signingTime))
                }
                note(action, in: &turn)
            }
        }
        return turn
    }

    private mutating func note(_ action: ImportMachine.Action, in turn: inout Turn) {
        switch action {
        case .read(let count): turn.reads.append(count)
        case .commit(let entries): turn.commits.append(entries)
        case .send(let ticket, let attempt):
            #expect(flights[ticket] == nil, "two requests in flight for \(ticket)")
            flights[ticket] = attempt
            turn.sends.append((ticket, attempt))
        case .settle(let entry): turn.settled.append(entry)
        case .correctClock: turn.clockCorrections += 1
        case .learnAccount(let account): turn.accounts.append(account)
        case .wake(let time): wake = time
        case .note(let note): turn.notes.append(note)
        case .finish(let end): turn.end = end
        }
    }

    /// Starts with these rows, which are all rows of the input, and answers the first request.
    @discardableResult
    mutating func begin(_ rows: [PlannedRow], first: Reply = .list([])) -> Turn {
        bring(.started)
        bring(.offered(rows, isEnd: true))
        let turn = answer(.probe, first)
        return rows.contains { $0.draft.externalId == nil } ? sleep(until: wake) ?? turn : turn
    }

    /// Answers an attempt that is in flight.
    @discardableResult
    mutating func answer(
        _ ticket: Ticket,
        _ reply: Reply,
        claimed: Set<String> = [],
        after latency: Duration = .milliseconds(10)
    ) -> Turn {
        guard let attempt = flights.removeValue(forKey: ticket) else {
            Issue.record("nothing is in flight for \(ticket)")
            return Turn()
        }
        now += latency
        if case .success = reply.result { uncertainty = .milliseconds(10) }
        return bring(.answered(ticket, reply.answer(to: attempt), claimed: claimed))
    }

    @discardableResult
    mutating func answer(_ row: Int, _ reply: Reply, claimed: Set<String> = []) -> Turn {
        answer(.row(row), reply, claimed: claimed)
    }

    /// Lets time pass until then, and wakes the machine.
    @discardableResult
    mutating func sleep(until time: MonotonicTime?) -> Turn? {
        guard let time else { return nil }
        now = max(now, time.sinceStart)
        return bring(.due)
    }

    /// Lets the machine sleep as long as it wants.
    @discardableResult
    mutating func sleep() throws -> Turn {
        let time = try #require(wake, "nothing is waited for")
        return try #require(sleep(until: time))
    }

    /// Lets so much time pass.
    @discardableResult
    mutating func pass(_ time: Duration) -> Turn {
        now += time
        return bring(.due)
    }
}

extension ImportMachine.Ticket {
    var row: Int? { if case .row(let id) = self { id } else { nil } }
}

extension Attempt {
    /// Method, path and query.
    var line: String {
        let query = operation.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        return "\(operation.method.rawValue) \(operation.path)" + (query.isEmpty ? "" : "?\(query)")
    }

    var body: String { String(decoding: operation.body ?? [], as: UTF8.self) }
}

extension PlannedRow {
    /// A made-up row; its number is its place, its entry, and part of every value.
    static func sample(
        _ number: Int,
        externalID: String? = nil,
        name: String? = nil,
        start: Start = .create,
        isInDoubt: Bool = false,
        predecessor: Int? = nil,
        firstIntent: Timestamp = MachineRig.epoch
    ) -> PlannedRow {
        let draft = CustomerDraft(
            externalId: externalID,
            email: "p\(number)@example.com",
            name: name ?? "Person \(number)"
        )
        let body = draft.canonicalBody()
        var entry = JournalEntry(
            id: number,
            identity: .sha256(Array("identity \(externalID ?? "\(number)")".utf8)),
            body: .sha256(body),
            run: 1,
            place: RowPlace(file: 0, row: number),
            sentBody: .sha256(body)
        )
        entry.externalID = externalID
        entry.firstIntent = firstIntent
        return PlannedRow(
            entry: entry,
            draft: draft,
            body: body,
            start: start,
            isInDoubt: isInDoubt,
            predecessor: predecessor
        )
    }
}
