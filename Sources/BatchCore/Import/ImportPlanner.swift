import Plugipay
import RowIO

/// Decides for every row, before any request, whether it is invalid, a repeat, settled by an
/// earlier run, or a question to the server.
///
/// Lists each row in the journal, and makes the intents. How a row is recognised is in
/// `ImportPlanner+Recognition.swift`, what follows from that in `ImportPlanner+Decisions.swift`.
struct ImportPlanner {
    private(set) var walk: InputWalk
    /// Rows that are invalid, or refused by what the journal knows.
    var errors = 0
    /// Rows listed, by what is known of them at once; rows for the server are not among them.
    var listed: [RowStatus: Int] = [:]
    /// Original bytes of rows that may become rejects, where the input cannot be read again.
    var kept = KeptRows()

    let job: ImportJob
    let run: Int
    let journal: Journal
    var index: IdentityIndex
    var prior: PriorListing
    var entries: EntryReader
    let unchangedInputs: UnchangedInputs
    /// How often a body without an externalId has come, where more than once.
    var copies: [UInt64: Int] = [:]
    /// Whether the rest of the input is only listed, because the run has ended.
    var isListingOnly = false

    /// Rows scanned in one go while none needs the server, so that a signal is soon noticed.
    private static let scanned = 2048
    /// Entries of the journal read in one go when the index is rebuilt.
    private static let identityPage = 1024

    init(job: ImportJob, journal: Journal, run: Int) throws(JournalError) {
        self.job = job
        self.journal = journal
        self.run = run
        walk = InputWalk(job: job)
        prior = try PriorListing(journal)
        entries = EntryReader(journal)
        unchangedInputs = try UnchangedInputs(of: job, journal, run: run)
        index = try Self.index(of: journal)
    }

    /// Reads until enough rows are found that need the server.
    ///
    /// - Parameters:
    ///   - count: How many are enough.
    ///   - now: Server time, for the first intents of these rows.
    /// - Returns: The rows, and whether the input has no more.
    /// - Throws: `BatchError` when the input cannot be read on, or the journal not be used.
    mutating func plan(
        _ count: Int,
        now: Timestamp
    ) throws(BatchError) -> (rows: [PlannedRow], isEnd: Bool) {
        var rows: [PlannedRow] = []
        for _ in 0..<Self.scanned where rows.count < count {
            guard try advance() else { return (rows, true) }
            if let row = try journaled({ planner throws(JournalError) in
                try planner.decide(now)
            }) {
                rows.append(row)
                if let bytes = walk.rawBytes { kept.keep(bytes, of: walk.place) }
            }
        }
        return (rows, false)
    }

    /// Lists the rows that the run did not come to.
    ///
    /// - Parameter now: Server time.
    /// - Throws: `BatchError` when the input cannot be read on, or the journal not be used.
    mutating func listRest(now: Timestamp) throws(BatchError) {
        isListingOnly = true
        while try advance() {
            _ = try journaled({ planner throws(JournalError) in try planner.decide(now) })
        }
    }

    /// Leaves the rows that the run did not come to unread, and unlisted.
    mutating func leaveRest() {
        isListingOnly = true
        walk.leave()
    }

    /// Forgets the bytes of a row that will be no reject.
    mutating func release(_ place: RowPlace) {
        kept.drop(place)
    }

    private mutating func advance() throws(BatchError) -> Bool {
        guard try walk.advance() else { return false }
        if walk.problems.isEmpty { walk.encodeBody() }
        return true
    }

    private mutating func journaled<Value>(
        _ body: (inout Self) throws(JournalError) -> Value
    ) throws(BatchError) -> Value {
        do {
            return try body(&self)
        } catch {
            throw BatchError(error)
        }
    }

    private static func index(of journal: Journal) throws(JournalError) -> IdentityIndex {
        var index = IdentityIndex()
        var next = 1
        while true {
            let page = try journal.identities(from: next, limit: identityPage)
            guard let last = page.last else { return index }
            for entry in page { try add(entry, to: &index, journal) }
            next = last.id + 1
        }
    }

    /// The newest entry stands for its identity.
    private static func add(
        _ entry: Journal.Identified,
        to index: inout IdentityIndex,
        _ journal: Journal
    ) throws(JournalError) {
        let item = IdentityIndex.Item(
            content: entry.body.contentFingerprint,
            number: UInt32(entry.id),
            isSeen: false
        )
        let old = try index.find(entry.identity.prefix) { candidate throws(JournalError) in
            try journal.entry(Int(candidate.number))?.identity == entry.identity
        }
        if let old {
            index.replace(old, by: item, for: entry.identity.prefix)
        } else {
            index.insert(item, for: entry.identity.prefix)
        }
    }
}
