import Plugipay
import TestSupport
import Testing

@testable import BatchCore

@Suite("Decisions in the journal")
struct JournalEntryTests {
    private let journal: Journal

    init() throws {
        journal = try Journal.inMemory()
    }

    @Test("A new decision comes back as it was")
    func insert() throws {
        var entry = JournalEntry.sample(row: 3, externalID: "user_3")
        entry.ordinal = 4
        entry.epoch = 1
        entry.previous = 17
        entry.place = RowPlace(file: 2, row: 1 << 35)
        entry.id = try journal.insert(entry)
        #expect(try journal.entry(entry.id) == entry)
        #expect(try journal.entry(entry.id + 1) == nil)
    }

    @Test("Everything that may change is kept, what the entry is about stays")
    func update() throws {
        let original = JournalEntry.sample(row: 1, externalID: "user_1")
        var entry = original
        entry.id = try journal.insert(original)
        entry.epoch = 2
        entry.run = 9
        entry.place = RowPlace(file: 1, row: 8)
        entry.state = .rejected
        entry.operation = .update(id: "cus_1", updatedAt: "2026-05-12T10:42:00Z")
        entry.sentBody = .sha256(Array("patch".utf8))
        entry.customerID = "cus_1"
        entry.httpStatus = 422
        entry.errorCode = "validation_error"
        entry.errorField = "email"
        entry.message = "<email> is no address"
        entry.requestID = "req_1"
        entry.attempts = 3
        entry.firstIntent = Timestamp(millisecondsSince1970: 5)
        entry.settledAt = Timestamp(millisecondsSince1970: 6)
        var changed = entry
        changed.identity = .sha256([])
        changed.body = .sha256([1])
        changed.externalID = "user_2"
        changed.ordinal = 5
        changed.previous = 5
        try journal.update(changed)
        #expect(try journal.entry(entry.id) == entry)
    }

    @Test("What is taken back is gone: a create again, with the row's own body")
    func cleared() throws {
        var entry = JournalEntry.sample()
        entry.operation = .update(id: "cus_1", updatedAt: "")
        entry.sentBody = .sha256([])
        entry.customerID = "cus_1"
        entry.errorCode = "in_doubt"
        entry = try journal.file(entry)
        entry.operation = .create
        entry.sentBody = entry.body
        entry.customerID = nil
        entry.errorCode = nil
        entry.firstIntent = nil
        try journal.update(entry)
        #expect(try journal.entry(entry.id) == entry)
    }

    @Test("Every state comes back", arguments: JournalEntry.State.allSamples)
    func states(_ state: JournalEntry.State) throws {
        var entry = JournalEntry.sample()
        entry.state = state
        entry = try journal.file(entry)
        #expect(try journal.entry(entry.id)?.state == state)
    }

    @Test("What settles a row, and what has a customer", arguments: JournalEntry.State.allSamples)
    func meaning(_ state: JournalEntry.State) {
        let withCustomer: Set = [
            JournalEntry.State.created, .exists, .updated, .unchanged,
        ]
        #expect(state.hasCustomer == withCustomer.contains(state))
        #expect(state.isFinal == (withCustomer.contains(state) || state == .rejected))
    }

    @Test("The index is rebuilt from every entry, oldest first, page by page")
    func identities() throws {
        for row in 1...600 { _ = try journal.insert(.sample(row: row)) }
        var found: [Journal.Identified] = []
        while true {
            let page = try journal.identities(from: (found.last?.id ?? 0) + 1, limit: 256)
            guard !page.isEmpty else { break }
            #expect(page.count <= 256)
            found += page
        }
        #expect(found.map(\.id) == Array(1...600))
        let samples = (1...600).map { JournalEntry.sample(row: $0) }
        #expect(found.map(\.identity) == samples.map(\.identity))
        #expect(found.map(\.body) == samples.map(\.body))
    }

    @Test("A customer of a row without an externalId is taken for every other such row")
    func claims() throws {
        var entry = JournalEntry.sample(row: 1)
        entry.customerID = "cus_1"
        let owner = try journal.file(entry)
        let other = try journal.file(.sample(row: 2))
        var withExternalID = JournalEntry.sample(row: 3, externalID: "user_3")
        withExternalID.customerID = "cus_3"
        _ = try journal.file(withExternalID)
        #expect(try journal.isClaimed("cus_1", byOtherThan: other.id))
        #expect(try !journal.isClaimed("cus_1", byOtherThan: owner.id))
        #expect(try !journal.isClaimed("cus_2", byOtherThan: other.id))
        // That row is found by its externalId, and no record with one passes for a row without.
        #expect(try !journal.isClaimed("cus_3", byOtherThan: other.id))
    }

    @Test("Open entries are counted, all others are not")
    func open() throws {
        #expect(try journal.openCount() == 0)
        for state in JournalEntry.State.allSamples {
            var entry = JournalEntry.sample()
            entry.state = state
            _ = try journal.file(entry)
        }
        #expect(try journal.openCount() == 1)
    }

    @Test("A reader of entries finds each, in order, backwards and at random")
    func reader() throws {
        let ids = try (1...700).map { try journal.insert(.sample(row: $0)) }
        var generator = SplitMix(seed: 11)
        for order in [ids, ids.reversed(), ids.shuffled(using: &generator)] {
            var reader = EntryReader(journal)
            let rows = try order.map { try reader.entry($0)?.place.row }
            #expect(rows == order.map { id in ids.firstIndex(of: id).map { $0 + 1 } })
        }
        var reader = EntryReader(journal)
        for id in [9999, 0, -1, ids[0] - 1] { #expect(try reader.entry(id) == nil) }
    }

    @Test("The reader tells an entry as it is now where that is asked for")
    func readerNow() throws {
        var entry = try journal.file(.sample())
        var reader = EntryReader(journal)
        _ = try reader.entry(entry.id)
        entry.state = .created
        try journal.update(entry)
        #expect(try reader.currentEntry(entry.id)?.state == .created)
    }
}

extension JournalEntry.State {
    static let allSamples: [JournalEntry.State] = [
        .open, .withdrawn, .created, .exists, .updated, .unchanged, .rejected, .failed, .unknown,
    ]
}
