import Plugipay

@testable import BatchCore

extension JobRecord {
    static let sample = JobRecord(
        target: "https://api.example.com:443",
        baseURL: "https://api.example.com/v1",
        account: nil,
        mapping: "email = E-mail",
        createdAt: Timestamp(millisecondsSince1970: 1_760_000_000_123)
    )
}

extension JournalEntry {
    /// An open entry of a row without an externalId, as a new decision makes it.
    static func sample(row: Int = 1, externalID: String? = nil) -> JournalEntry {
        let body = Digest.sha256(Array("body \(row)".utf8))
        var entry = JournalEntry(
            id: 0,
            identity: .sha256(Array("identity \(row)".utf8)),
            body: body,
            run: 1,
            place: RowPlace(file: 0, row: row),
            sentBody: body
        )
        entry.externalID = externalID
        entry.firstIntent = Timestamp(millisecondsSince1970: 1_760_000_001_000)
        return entry
    }
}

extension RowListing {
    static func sample(file: Int = 0, row: Int, entry: Int? = nil) -> RowListing {
        var listing = RowListing(
            place: RowPlace(file: file, row: row),
            line: row + 1,
            offset: Int64(row) * 10,
            length: 10,
            run: 1
        )
        listing.entry = entry
        return listing
    }
}

extension InputRecord {
    static func sample(file: Int = 0, rows: ClosedRange<Int>?) -> InputRecord {
        var input = InputRecord(file: file, path: "people-\(file).csv", format: "csv")
        input.rows = rows?.count ?? 0
        input.first = rows?.lowerBound ?? 1
        input.last = rows?.upperBound ?? 0
        return input
    }
}

extension Journal {
    /// Adds an entry with everything that an answer tells, too.
    func file(_ entry: JournalEntry) throws(JournalError) -> JournalEntry {
        var entry = entry
        entry.id = try insert(entry)
        try update(entry)
        return entry
    }
}
