/// Reads entries of earlier runs.
///
/// They are mostly asked for in the order in which they were made, so a page of them is read at a
/// time.
struct EntryReader {
    private let journal: Journal
    private var page: [JournalEntry] = []

    private static let pageSize = 256

    init(_ journal: Journal) {
        self.journal = journal
    }

    /// The entry with a number, as it was when its page was read.
    mutating func entry(_ id: Int) throws(JournalError) -> JournalEntry? {
        if let entry = inPage(id) { return entry }
        // A step back, to the row that a duplicate repeats, is not worth the page.
        if let first = page.first?.id, id < first { return try journal.entry(id) }
        page = try journal.entries(from: id, limit: Self.pageSize)
        return inPage(id)
    }

    /// The entry with a number, as it is now.
    mutating func currentEntry(_ id: Int) throws(JournalError) -> JournalEntry? {
        try journal.entry(id)
    }

    private func inPage(_ id: Int) -> JournalEntry? {
        // Numbers grow without gaps, so the place in the page follows from the first one.
        guard let first = page.first?.id, id >= first, id - first < page.count else { return nil }
        let entry = page[id - first]
        return entry.id == id ? entry : page.first { $0.id == id }
    }
}
