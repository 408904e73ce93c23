/// The rows as the last run listed them, read along with the input: on an unchanged input every row
/// is found in its old place, and nothing needs to be written.
struct PriorListing {
    private let journal: Journal
    private var page: [RowListing] = []
    private var next = 0
    private var isExhausted: Bool

    private static let pageSize = 256

    init(_ journal: Journal) throws(JournalError) {
        self.journal = journal
        isExhausted = try !journal.hasRows()
    }

    /// The row listed at a place.
    ///
    /// - Parameter place: The place; never before the one that was asked for last.
    /// - Returns: `nil` where the last run listed none.
    /// - Throws: `JournalError` when the journal cannot be read.
    mutating func listing(at place: RowPlace) throws(JournalError) -> RowListing? {
        while !isExhausted {
            while next < page.count, page[next].place < place { next += 1 }
            if next < page.count { return page[next].place == place ? page[next] : nil }
            page = try journal.listings(from: place, limit: Self.pageSize)
            next = 0
            isExhausted = page.isEmpty
        }
        return nil
    }
}
