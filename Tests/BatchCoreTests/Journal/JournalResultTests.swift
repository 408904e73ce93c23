import Plugipay
import Testing

@testable import BatchCore

@Suite("Results as the journal tells them")
struct JournalResultTests {
    private let journal: Journal
    private let scope = KeyScope(mode: "test", namespace: "n")

    init() throws {
        journal = try Journal.inMemory()
    }

    @Test(
        "The state of its entry is the status of a row",
        arguments: [
            (.open, .unknown), (.withdrawn, .notAttempted), (.created, .created),
            (.exists, .exists), (.updated, .updated), (.unchanged, .unchanged),
            (.rejected, .rejected), (.failed, .failed), (.unknown, .unknown),
        ] as [(JournalEntry.State, RowStatus)]
    )
    func states(_ state: JournalEntry.State, _ status: RowStatus) throws {
        var entry = JournalEntry.sample()
        entry.state = state
        entry = try journal.file(entry)
        try journal.list(.sample(row: 1, entry: entry.id))
        try journal.setInputs([.sample(rows: 1...1)])
        let line = try #require(try results().first)
        #expect(line.status == status)
        #expect(line.errorCode == (state == .open ? "in_doubt" : nil))
        #expect(try nonzeroCounts() == [status: 1])
    }

    @Test("A line has everything that the entry and the listing know")
    func line() throws {
        var entry = JournalEntry.sample(externalID: "user_1")
        entry.state = .rejected
        entry.customerID = "cus_1"
        entry.httpStatus = 422
        entry.errorCode = "validation_error"
        entry.errorField = "email"
        entry.message = "no address"
        entry.requestID = "req_1"
        entry.attempts = 2
        entry = try journal.file(entry)
        try journal.list(.sample(row: 1, entry: entry.id))
        try journal.setInputs([.sample(rows: 1...1)])
        var expected = ResultLine(
            place: RowPlace(file: 0, row: 1),
            line: 2,
            offset: 10,
            length: 10,
            status: .rejected,
            attempts: 2
        )
        expected.customerID = "cus_1"
        expected.externalID = "user_1"
        expected.httpStatus = 422
        expected.errorCode = "validation_error"
        expected.errorField = "email"
        expected.message = "no address"
        expected.requestID = "req_1"
        expected.key = entry.key(in: scope).text
        #expect(try results() == [expected])
    }

    @Test("A row that has sent nothing has no key, no HTTP status and no attempts")
    func unsent() throws {
        var entry = JournalEntry.sample()
        entry.state = .withdrawn
        entry.firstIntent = nil
        entry = try journal.file(entry)
        try journal.list(.sample(row: 1, entry: entry.id))
        try journal.setInputs([.sample(rows: 1...1)])
        let line = try #require(try results().first)
        #expect(line.key == nil)
        #expect(line.httpStatus == nil)
        #expect(line.attempts == 0)
    }

    @Test("The key is that of the last write: of a PATCH, where one was sent")
    func patchedKey() throws {
        var entry = JournalEntry.sample()
        entry.state = .updated
        entry.operation = .update(id: "cus_1", updatedAt: "t")
        entry.sentBody = .sha256(Array("{}".utf8))
        entry = try journal.file(entry)
        try journal.list(.sample(row: 1, entry: entry.id))
        try journal.setInputs([.sample(rows: 1...1)])
        let key = IdempotencyKey(
            operation: .update(id: "cus_1", updatedAt: "t"),
            scope: scope,
            ordinal: 0,
            epoch: 0,
            body: .sha256(Array("{}".utf8))
        )
        #expect(try results().first?.key == key.text)
    }

    @Test("A duplicate shows the customer of the row that it repeats, and none of its requests")
    func duplicate() throws {
        var entry = JournalEntry.sample(externalID: "user_1")
        entry.state = .created
        entry.customerID = "cus_1"
        entry.requestID = "req_1"
        entry.httpStatus = 201
        entry.attempts = 1
        entry = try journal.file(entry)
        try journal.list(.sample(row: 1, entry: entry.id))
        var repeated = RowListing.sample(row: 2, entry: entry.id)
        repeated.status = .duplicate
        repeated.message = "repeats row 1"
        try journal.list(repeated)
        try journal.setInputs([.sample(rows: 1...2)])
        let line = try #require(try results().last)
        #expect(line.status == .duplicate)
        #expect(line.customerID == "cus_1")
        #expect(line.externalID == "user_1")
        #expect(line.message == "repeats row 1")
        #expect(line.requestID == nil && line.key == nil && line.httpStatus == nil)
        #expect(line.attempts == 0)
        #expect(try nonzeroCounts() == [.created: 1, .duplicate: 1])
    }

    @Test("A row that was decided here shows its own codes")
    func local() throws {
        var listing = RowListing.sample(row: 1)
        listing.status = .invalid
        listing.externalID = "user_1"
        listing.errorCode = "invalid_email;too_long"
        listing.errorField = "email;name"
        listing.message = "m"
        try journal.list(listing)
        try journal.setInputs([.sample(rows: 1...1)])
        let line = try #require(try results().first)
        #expect(line.status == .invalid)
        #expect(line.externalID == "user_1")
        #expect(line.errorCode == "invalid_email;too_long")
        #expect(line.errorField == "email;name")
        #expect(line.message == "m")
        #expect(line.customerID == nil)
    }

    @Test("Only the rows that the latest run took are told, all of them, in input order")
    func range() throws {
        let rowCount = 1300
        for row in (1...rowCount).reversed() {
            for file in [1, 0] {
                var listing = RowListing.sample(file: file, row: row)
                listing.status = row.isMultiple(of: 2) ? .invalid : .notAttempted
                try journal.list(listing)
            }
        }
        try journal.list(.sample(file: 2, row: 1))
        try journal.setInputs([
            .sample(file: 0, rows: 3...rowCount), .sample(file: 1, rows: 1...1000),
            .sample(file: 2, rows: nil),
        ])
        let places = try results().map(\.place)
        let expected =
            (3...rowCount).map { RowPlace(file: 0, row: $0) }
            + (1...1000).map { RowPlace(file: 1, row: $0) }
        #expect(places == expected)
        let counts = try journal.counts()
        #expect(counts.values.reduce(0, +) == places.count)
        #expect(counts[.invalid] == 1149)
        #expect(Set(counts.keys) == Set(RowStatus.allCases))
    }

    @Test("What takes the lines can end them")
    func failure() throws {
        struct Full: Error {}
        for row in 1...3 { try journal.list(.sample(row: row)) }
        try journal.setInputs([.sample(rows: 1...3)])
        var lines = 0
        #expect(throws: Full.self) {
            try journal.forEachResult(in: scope) { _ in
                lines += 1
                if lines == 2 { throw Full() }
            }
        }
        #expect(lines == 2)
    }

    private func results() throws -> [ResultLine] {
        var lines: [ResultLine] = []
        try journal.forEachResult(in: scope) { lines.append($0) }
        return lines
    }

    private func nonzeroCounts() throws -> [RowStatus: Int] {
        try journal.counts().filter { $0.value != 0 }
    }
}
