import Plugipay
import TestSupport
import Testing

@testable import BatchCore

/// Drives a machine through a run with random faults, latencies and clocks, and checks at each step
/// what must never happen.
struct MachineWalk {
    private enum Coming {
        case answer(ImportMachine.Ticket, Reply, Attempt)
        case committed(Timestamp)
    }

    let rows: [PlannedRow]
    private(set) var server = WalkServer()
    private(set) var settled: [Int: JournalEntry] = [:]
    private(set) var end: RunEnd?

    private var generator: SplitMix
    private var machine: ImportMachine
    private var coming: [(time: Duration, event: Coming)] = []
    private var flights: Set<ImportMachine.Ticket> = []
    private var wake: Duration?
    private var now = Duration.zero
    private var offered = 0
    /// Entries as the journal holds them, and as they would be after a crash.
    private var open: [Int: JournalEntry] = [:]
    private var durable: [Int: JournalEntry] = [:]
    private var signUntil = MachineRig.epoch
    /// How far the machine's idea of the server's time is off, and how far it says it may be.
    private var clockError: Duration
    private var uncertainty: Duration?
    private let faults: Double
    private let scope = KeyScope(mode: "test", namespace: "walk")

    init(seed: UInt64, rows: [PlannedRow], faults: Double, policy: ConflictPolicy) {
        self.rows = rows
        self.faults = faults
        generator = SplitMix(seed: seed)
        clockError = .seconds(Double.random(in: -4000...4000, using: &generator))
        var settings = ImportMachine.Settings()
        settings.rate = .fixed(200)
        settings.concurrency = .fixed(Int.random(in: 1...20, using: &generator))
        settings.onConflict = policy
        settings.scope = scope
        settings.seed = seed
        machine = ImportMachine(
            settings: settings,
            at: .init(now: .start, server: MachineRig.epoch + clockError, uncertainty: nil)
        )
    }

    /// Whether the machine was given a row.
    func isOffered(_ row: PlannedRow) -> Bool {
        rows.prefix(offered).contains { $0.entry.id == row.entry.id }
    }

    private var serverTime: Timestamp { MachineRig.epoch + now }

    /// Puts a customer into the book before the run begins.
    mutating func addBefore(_ draft: CustomerDraft) {
        server.add(draft, at: MachineRig.epoch - .seconds(5))
    }

    /// Runs to the end, or gives up after so many events.
    ///
    /// - Parameters:
    ///   - limit: How many events are too many.
    ///   - stop: The event after which the run is stopped.
    mutating func run(events limit: Int = 20_000, stopAfter stop: Int? = nil) {
        bring(.started)
        for number in 0..<limit where end == nil {
            if number == stop { bring(.stop(.signal(2))) }
            guard let next = coming.indices.min(by: { coming[$0].time < coming[$1].time }) else {
                guard let wake else { return }
                now = max(now, wake)
                bring(.due)
                continue
            }
            if let wake, wake <= coming[next].time {
                now = max(now, wake)
                bring(.due)
            } else {
                arrive(coming.remove(at: next))
            }
        }
    }

    private mutating func arrive(_ next: (time: Duration, event: Coming)) {
        now = max(now, next.time)
        switch next.event {
        case .committed(let limit):
            signUntil = limit
            bring(.committed(signUntil: limit))
        case .answer(let ticket, let reply, let attempt):
            flights.remove(ticket)
            if case .success = reply.result, Bool.random(using: &generator) || uncertainty == nil {
                learnClock()
            }
            let needsClaims = ticket.row.map(machine.needsClaims) ?? false
            let claimed = needsClaims ? Set(settled.values.compactMap(\.customerID)) : []
            bring(.answered(ticket, reply.answer(to: attempt), claimed: claimed))
        }
    }

    /// An answer tells the time, somewhere within its round trip; the best one counts.
    private mutating func learnClock() {
        let roundTrip = Duration.milliseconds(Int.random(in: 4...400, using: &generator))
        guard uncertainty.map({ roundTrip < $0 }) ?? true else { return }
        uncertainty = roundTrip
        clockError = roundTrip * Double.random(in: -0.5...0.5, using: &generator)
    }

    private mutating func bring(_ event: ImportMachine.Event) {
        wake = nil
        let moment = ImportMachine.Moment(
            now: MonotonicTime(now),
            server: serverTime + clockError,
            uncertainty: uncertainty
        )
        var reads: [Int] = []
        for action in machine.handle(event, at: moment) {
            switch action {
            case .read(let count): reads.append(count)
            case .commit(let entries): commit(entries)
            case .send(let ticket, let attempt): send(ticket, attempt)
            case .settle(let entry): settle(entry)
            case .wake(let time): wake = time.sinceStart
            case .finish(let end): self.end = end
            case .note, .learnAccount, .correctClock: break
            }
        }
        for count in reads { offer(count, moment.intentTime) }
    }

    private mutating func offer(_ count: Int, _ intentTime: Timestamp) {
        var next = Array(rows[offered..<min(offered + count, rows.count)])
        offered += next.count
        for index in next.indices {
            next[index].entry.firstIntent = intentTime
            open[next[index].entry.id] = next[index].entry
        }
        bring(.offered(next, isEnd: offered == rows.count))
    }

    private mutating func commit(_ entries: [JournalEntry]) {
        for entry in entries { open[entry.id] = entry }
        durable = open
        let time = now + .milliseconds(Int.random(in: 0...20, using: &generator))
        coming.append((time, .committed(serverTime + clockError + .seconds(30))))
    }

    private mutating func send(_ ticket: ImportMachine.Ticket, _ attempt: Attempt) {
        #expect(flights.insert(ticket).inserted, "two in flight for \(ticket)")
        if attempt.purpose.isWrite, let id = ticket.row {
            #expect(settled[id] == nil, "row \(id) is sent after it was settled")
            #expect(
                durable[id]?.key(in: scope).text == attempt.operation.idempotencyKey,
                "row \(id) is sent with a key that is not committed"
            )
            #expect(attempt.operation.signBy == signUntil)
            #expect(serverTime + clockError < signUntil, "row \(id) is sent too late to be signed")
        }
        let latency = Duration.milliseconds(Int.random(in: 5...300, using: &generator))
        let isFaulty = Double.random(in: 0..<1, using: &generator) < faults
        let fate = isFaulty ? WalkServer.Fate.allCases.randomElement(using: &generator) : .good
        let reply = server.reply(to: attempt, fate ?? .good, at: serverTime + latency / 2)
        coming.append((now + latency, .answer(ticket, reply, attempt)))
    }

    private mutating func settle(_ entry: JournalEntry) {
        let old = settled.updateValue(entry, forKey: entry.id)
        #expect(old == nil, "row \(entry.id) is settled twice")
        open[entry.id] = entry
    }
}
