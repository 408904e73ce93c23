import Plugipay
import TestSupport
import Testing

@testable import BatchCore

@Suite("A random walk of the machine")
struct MachineWalkTests {
    private static let seeds: [UInt64] = Array(1...30)

    private func rows(_ count: Int, _ generator: inout SplitMix) -> [PlannedRow] {
        (1...count).map { number in
            let isNamed = Bool.random(using: &generator)
            return .sample(number, externalID: isNamed ? "c-\(number)" : nil)
        }
    }

    @Test(
        "each row is settled once, nothing is sent before its commit, and the book agrees",
        arguments: seeds
    )
    func walk(_ seed: UInt64) throws {
        var generator = SplitMix(seed: seed)
        let rows = rows(80, &generator)
        let policy = try #require(
            [ConflictPolicy.skip, .update, .fail].randomElement(using: &generator)
        )
        var walk = MachineWalk(
            seed: seed,
            rows: rows,
            faults: Double.random(in: 0...0.4, using: &generator),
            policy: policy
        )
        var foreign: Set<String> = []
        for row in rows {
            guard let externalID = row.draft.externalId,
                Int.random(in: 0..<8, using: &generator) == 0
            else { continue }
            foreign.insert(externalID)
            var draft = row.draft
            if Bool.random(using: &generator) { draft.name = "Somebody else" }
            walk.addBefore(draft)
        }
        walk.run()
        #expect(
            walk.end?.isCompleted == true,
            "seed \(seed) ended with \(String(describing: walk.end))"
        )
        #expect(walk.settled.count == rows.count, "seed \(seed)")
        for row in rows {
            let entry = try #require(walk.settled[row.entry.id], "seed \(seed)")
            let isForeign = row.draft.externalId.map(foreign.contains) ?? false
            check(entry, row, isForeign, policy, walk.server.book, seed)
        }
    }

    @Test(
        "stopped anywhere: what was not sent is given back, what is in doubt says so",
        arguments: seeds
    )
    func stopped(_ seed: UInt64) throws {
        var generator = SplitMix(seed: seed &* 7919)
        let rows = rows(80, &generator)
        var walk = MachineWalk(seed: seed, rows: rows, faults: 0.3, policy: .skip)
        walk.run(stopAfter: Int.random(in: 0..<200, using: &generator))
        #expect(walk.end != nil, "seed \(seed)")
        for row in rows {
            let entry = walk.settled[row.entry.id]
            #expect((entry != nil) == walk.isOffered(row), "seed \(seed), row \(row.entry.id)")
            guard let entry, entry.state != .withdrawn else {
                let isThere = walk.server.book.contains { $0.email == row.draft.email }
                #expect(!isThere, "seed \(seed), row \(row.entry.id) is withdrawn and exists")
                continue
            }
            check(entry, row, false, .skip, walk.server.book, seed)
        }
    }

    @Test(
        "rows whose customers are known: changed or given up as told, and nothing is created",
        arguments: seeds,
        [true, false]
    )
    func updates(_ seed: UInt64, _ isStopped: Bool) throws {
        var generator = SplitMix(seed: seed &* 104_729)
        let rows = (1...60).map { number in
            var row = PlannedRow.sample(number, externalID: "c-\(number)", start: .update)
            row.entry.customerID = "cus_\(number)"
            return row
        }
        let faults = Double.random(in: 0...0.4, using: &generator)
        var walk = MachineWalk(seed: seed, rows: rows, faults: faults, policy: .update)
        var equal: Set<Int> = []
        for row in rows {
            var draft = row.draft
            if Int.random(in: 0..<4, using: &generator) == 0 {
                equal.insert(row.entry.id)
            } else {
                draft.name = "Old name"
            }
            walk.addBefore(draft)
        }
        let stop = isStopped ? Int.random(in: 0..<150, using: &generator) : nil
        walk.run(stopAfter: stop)
        #expect(walk.end != nil, "seed \(seed)")
        #expect(walk.server.book.count == rows.count, "seed \(seed)")
        for row in rows where isStopped ? walk.settled[row.entry.id] != nil : true {
            let entry = try #require(walk.settled[row.entry.id], "seed \(seed)")
            let isNew = walk.server.book[row.entry.id - 1].name == row.draft.name
            let place: Comment = "seed \(seed), row \(entry.id): \(entry.state)"
            switch entry.state {
            case .updated: #expect(isNew && !equal.contains(entry.id), place)
            case .unchanged: #expect(equal.contains(entry.id) && entry.attempts == 0, place)
            case .withdrawn: #expect(isStopped && isNew == equal.contains(entry.id), place)
            case .unknown: #expect(entry.errorCode == "in_doubt", place)
            case .failed: #expect(entry.errorCode != nil, place)
            default: Issue.record(place)
            }
        }
    }

    private func check(
        _ entry: JournalEntry,
        _ row: PlannedRow,
        _ isForeign: Bool,
        _ policy: ConflictPolicy,
        _ book: [Customer],
        _ seed: UInt64
    ) {
        let place: Comment =
            "seed \(seed), row \(entry.id): \(entry.state) \(entry.errorCode ?? "")"
        let mine = book.filter { $0.email == row.draft.email }
        #expect(mine.count <= 1, place)
        switch entry.state {
        case .created:
            #expect(!isForeign, place)
            #expect(mine.map(\.id) == [entry.customerID], place)
        case .exists, .unchanged:
            #expect(isForeign, place)
            #expect(mine.map(\.id) == [entry.customerID], place)
        case .updated:
            #expect(isForeign && policy == .update, place)
            #expect(mine.first?.name == row.draft.name, place)
        case .rejected:
            #expect(isForeign && policy == .fail, place)
        case .failed:
            #expect(isForeign || mine.isEmpty, place)
        case .unknown:
            #expect(entry.errorCode == "in_doubt", place)
        case .open, .withdrawn:
            Issue.record(place)
        }
    }

    @Test("without faults every row of its own is created by one request", arguments: [1, 2, 3])
    func withoutFaults(_ seed: UInt64) {
        var generator = SplitMix(seed: seed)
        let rows = rows(100, &generator)
        var walk = MachineWalk(seed: seed, rows: rows, faults: 0, policy: .skip)
        walk.run()
        #expect(walk.settled.values.allSatisfy { $0.state == .created && $0.attempts == 1 })
        #expect(walk.settled.count == 100 && walk.server.book.count == 100)
    }
}
