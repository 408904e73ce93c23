import Testing

@testable import BatchCore

@Suite("The listing of the input in the journal")
struct JournalRowTests {
    private let journal: Journal

    init() throws {
        journal = try Journal.inMemory()
    }

    @Test("A row is listed whole, and listed again in its place")
    func list() throws {
        #expect(try !journal.hasRows())
        var listing = RowListing.sample(row: 1, entry: 7)
        listing.status = .duplicate
        listing.externalID = "user_1"
        listing.errorCode = "too_long;invalid_email"
        listing.errorField = "name;email"
        listing.message = "repeats row 1"
        try journal.list(listing)
        #expect(try listed() == [listing])
        #expect(try journal.hasRows())
        try journal.list(.sample(row: 1))
        #expect(try listed() == [.sample(row: 1)])
    }

    @Test("Rows come in input order from any place on, at most as many as asked for")
    func order() throws {
        for row in [3, 1, 2] { try journal.list(.sample(file: 1, row: row)) }
        for row in [2, 1] { try journal.list(.sample(file: 0, row: row)) }
        let places = try listed().map(\.place)
        #expect(places == [(0, 1), (0, 2), (1, 1), (1, 2), (1, 3)].map(RowPlace.init))
        let some = try journal.listings(from: RowPlace(file: 0, row: 2), limit: 3)
        #expect(some.map(\.place) == Array(places[1...3]))
        #expect(try journal.listings(from: RowPlace(file: 2, row: 0), limit: 3).isEmpty)
    }

    @Test(
        "What the run did not take of a file is struck, other files stay",
        arguments: [(2...3, [2, 3]), (1...9, [1, 2, 3, 4]), (4...4, [4]), (nil, [])]
            as [(ClosedRange<Int>?, [Int])]
    )
    func unlist(_ taken: ClosedRange<Int>?, _ left: [Int]) throws {
        for file in 0...2 {
            for row in 1...4 { try journal.list(.sample(file: file, row: row)) }
        }
        try journal.unlist(beyond: .sample(file: 1, rows: taken))
        for file in [0, 2] { #expect(try rows(of: file) == [1, 2, 3, 4]) }
        #expect(try rows(of: 1) == left)
    }

    @Test("Files that the run did not have are struck")
    func unlistFiles() throws {
        for file in 0...3 { try journal.list(.sample(file: file, row: 1)) }
        try journal.unlist(filesFrom: 2)
        #expect(try listed().map(\.place.file) == [0, 1])
        try journal.unlist(filesFrom: 0)
        #expect(try !journal.hasRows())
    }

    @Test("A listing says the same as another whatever run it is from, and nothing else differs")
    func sameness() {
        let listing = RowListing.sample(row: 1, entry: 1)
        var other = listing
        other.run = 5
        #expect(listing.says(theSameAs: other))
        other.status = .duplicate
        #expect(!listing.says(theSameAs: other))
        other = listing
        other.offset += 1
        #expect(!listing.says(theSameAs: other))
    }

    @Test("Places are ordered as the input is read, and come back from their keys")
    func places() {
        let last = 1 << 40 - 1
        let places = [(0, 0), (0, 1), (0, last), (1, 0), (1, 1), (4095, last)].map(RowPlace.init)
        #expect(places.sorted() == places)
        #expect(Set(places.map(\.key)).count == places.count)
        for place in places { #expect(RowPlace(key: place.key) == place) }
    }

    private func listed() throws -> [RowListing] {
        try journal.listings(from: RowPlace(file: 0, row: 0), limit: 100)
    }

    private func rows(of file: Int) throws -> [Int] {
        try listed().map(\.place).filter { $0.file == file }.map(\.row)
    }
}
