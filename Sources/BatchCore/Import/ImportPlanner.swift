import Plugipay
import RowIO

/// Decides for every row, before any request: is it invalid, a repeat, settled by an earlier run,
/// or must the server be asked? Lists each row in the journal, and makes the intents.
struct ImportPlanner {
    private(set) var walk: InputWalk
    /// Rows that are invalid, or refused by what the journal knows.
    private(set) var errors = 0
    /// Rows listed, by what is known of them at once; rows for the server are not among them.
    private(set) var listed: [RowStatus: Int] = [:]
    /// Original bytes of rows that may become rejects, where the input cannot be read again.
    private(set) var kept = KeptRows()

    let job: ImportJob
    let run: Int
    private let journal: Journal
    private var index: IdentityIndex
    private var prior: PriorListing
    private var entries: EntryReader
    /// How often a body without an externalId has come, where more than once.
    private var copies: [UInt64: Int] = [:]
    /// Whether the rest of the input is only listed, because the run has ended.
    private var isListingOnly = false

    /// Rows scanned in one go while none needs the server, so that a signal is soon noticed.
    private static let scanned = 2048

    init(job: ImportJob, journal: Journal, run: Int) throws(JournalError) {
        self.job = job
        self.journal = journal
        self.run = run
        walk = InputWalk(job: job)
        prior = try PriorListing(journal)
        entries = EntryReader(journal)
        index = try Self.index(of: journal)
    }

    /// Reads until enough rows are found that need the server.
    ///
    /// - Parameters:
    ///   - count: How many are enough.
    ///   - now: Server time: the first intent of these rows.
    /// - Returns: The rows, and whether the input has no more.
    mutating func plan(
        _ count: Int,
        now: Timestamp
    ) throws(BatchError) -> (rows: [PlannedRow], isEnd: Bool) {
        var rows: [PlannedRow] = []
        for _ in 0..<Self.scanned where rows.count < count {
            guard try walk.advance() else { return (rows, true) }
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
    mutating func listRest(now: Timestamp) throws(BatchError) {
        isListingOnly = true
        while try walk.advance() {
            _ = try journaled({ planner throws(JournalError) in try planner.decide(now) })
        }
    }

    /// Forgets the bytes of a row that will be no reject.
    mutating func release(_ place: RowPlace) {
        kept.drop(place)
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
        try journal.scanIdentities { id, identity, body throws(JournalError) in
            let item = IdentityIndex.Item(
                content: body.contentFingerprint,
                number: UInt32(id),
                isSeen: false
            )
            let old = try index.find(identity.prefix) { candidate throws(JournalError) in
                try journal.entry(Int(candidate.number))?.identity == identity
            }
            // The newest entry stands for the identity.
            if let old {
                index.replace(old, by: item, for: identity.prefix)
            } else {
                index.insert(item, for: identity.prefix)
            }
        }
        return index
    }
}

// MARK: - One row

extension ImportPlanner {
    /// A row that passed the local rules, with what identifies it.
    private struct Candidate {
        var identity: Digest
        var body: Digest
        var ordinal = 0
        /// What the index holds for the identity, and the entry behind it.
        var item: IdentityIndex.Item?
        var newest: JournalEntry?
    }

    private mutating func decide(_ now: Timestamp) throws(JournalError) -> PlannedRow? {
        let old = try prior.listing(at: walk.place)
        guard walk.problems.isEmpty else {
            try list(invalid(walk.problems), old)
            if let bytes = walk.rawBytes { kept.keep(bytes, of: walk.place) }
            return nil
        }
        var row = try candidate()
        if let old, try isSettledInPlace(old, row) {
            markSeen(&row)
            try list(old, old)
            return nil
        }
        guard let newest = row.newest else {
            if row.item != nil { return try repeated(row, of: nil, old, now) }
            return try new(row, old, now)
        }
        if row.item?.isSeen == true { return try repeated(row, of: newest, old, now) }
        markSeen(&row)
        if newest.body == row.body { return try known(row, newest, old, now) }
        return try edited(row, newest, old, now)
    }

    private mutating func candidate() throws(JournalError) -> Candidate {
        let body = Digest.sha256(walk.body.bytes)
        let namespace = job.scope.namespace
        if let range = walk.draft[.externalId] {
            let identity = RowIdentity(
                externalId: walk.draft.bytes[range],
                namespace: namespace
            )
            return try found(Candidate(identity: identity.digest, body: body))
        }
        let first = RowIdentity(body: body, ordinal: 0, namespace: namespace)
        let row = try found(Candidate(identity: first.digest, body: body))
        guard job.allowsDuplicates, row.item?.isSeen == true else { return row }
        let ordinal = copies[body.prefix, default: 1]
        copies[body.prefix] = ordinal + 1
        let next = RowIdentity(body: body, ordinal: ordinal, namespace: namespace)
        return try found(Candidate(identity: next.digest, body: body, ordinal: ordinal))
    }

    private mutating func found(_ row: Candidate) throws(JournalError) -> Candidate {
        var row = row
        var entry: JournalEntry?
        row.item = try index.find(row.identity.prefix) { item throws(JournalError) in
            // Number 0: a row of this run that has no entry, because it was only listed.
            guard item.number > 0 else { return item.content == row.body.contentFingerprint }
            let id = Int(item.number)
            entry = item.isSeen ? try entries.currentEntry(id) : try entries.entry(id)
            return entry?.identity == row.identity
        }
        row.newest = row.item == nil ? nil : entry
        return row
    }

    private mutating func markSeen(_ row: inout Candidate) {
        guard let item = row.item, !item.isSeen else { return }
        var seen = item
        seen.isSeen = true
        index.replace(item, by: seen, for: row.identity.prefix)
        row.item = seen
    }

    /// Whether the row stands where it stood, with the same content, and that was settled: by its
    /// newest entry, or in the same run as that (a file that applies several contents to one
    /// externalId, in order).
    private mutating func isSettledInPlace(
        _ old: RowListing,
        _ row: Candidate
    ) throws(JournalError) -> Bool {
        guard old.line == walk.position.line, old.offset == walk.position.offset,
            old.length == walk.position.length, old.status == nil || old.status == .duplicate,
            let id = old.entry, let newest = row.newest
        else { return false }
        // A file that repeats its rows in a row of its own must not pass for settled by itself.
        if old.status == .duplicate, row.item?.isSeen != true { return false }
        let entry = try entries.currentEntry(id)
        guard let entry, entry.identity == row.identity, entry.body == row.body,
            isSettled(entry)
        else { return false }
        return entry.id == newest.id || old.run == newest.run
    }

    private func isSettled(_ entry: JournalEntry) -> Bool {
        guard entry.state.isFinal else { return false }
        // Rejected by `--on-conflict fail`: another policy is another decision.
        let wasConflict = entry.state == .rejected && entry.errorCode == Self.conflict
        return !wasConflict || job.onConflict == .fail
    }

    private static let conflict = PlugipayError.Code.conflict.name
}

// MARK: - Decisions

extension ImportPlanner {
    private func listing() -> RowListing {
        RowListing(
            place: walk.place,
            line: walk.position.line,
            offset: walk.position.offset,
            length: walk.position.length,
            run: run
        )
    }

    private func invalid(_ problems: [RowProblem]) -> RowListing {
        var listing = listing()
        listing.status = .invalid
        listing.externalID = walk.externalID
        listing.errorCode = problems.map(\.code).joined(separator: ";")
        let fields = problems.compactMap(\.field)
        listing.errorField = fields.isEmpty ? nil : fields.joined(separator: ";")
        listing.message = problems.map(\.message).joined(separator: "; ")
        return listing
    }

    private mutating func list(_ listing: RowListing, _ old: RowListing?) throws(JournalError) {
        if let status = listing.status {
            listed[status, default: 0] += 1
            if status == .invalid || status == .rejected { errors += 1 }
        }
        if let old, listing.says(theSameAs: old) { return }
        try journal.list(listing)
    }

    /// A row whose identity no entry knows.
    private mutating func new(
        _ row: Candidate,
        _ old: RowListing?,
        _ now: Timestamp,
        after previous: JournalEntry? = nil,
        start: PlannedRow.Start = .create,
        predecessor: Int? = nil
    ) throws(JournalError) -> PlannedRow? {
        var listing = listing()
        guard !isListingOnly else {
            listing.status = .notAttempted
            listing.externalID = walk.externalID
            try list(listing, old)
            remember(row, number: 0)
            return nil
        }
        var entry = JournalEntry(
            id: 0,
            identity: row.identity,
            body: row.body,
            run: run,
            place: walk.place,
            sentBody: row.body
        )
        entry.externalID = walk.externalID
        entry.ordinal = row.ordinal
        entry.previous = previous?.id
        entry.firstIntent = now
        entry.id = try journal.insert(entry)
        listing.entry = entry.id
        try list(listing, old)
        remember(row, number: UInt32(entry.id))
        return planned(entry, start: start, predecessor: predecessor)
    }

    private mutating func remember(_ row: Candidate, number: UInt32) {
        let item = IdentityIndex.Item(
            content: row.body.contentFingerprint,
            number: number,
            isSeen: true
        )
        if let old = row.item {
            index.replace(old, by: item, for: row.identity.prefix)
        } else {
            index.insert(item, for: row.identity.prefix)
        }
    }

    /// A row whose identity an earlier row of this input has.
    private mutating func repeated(
        _ row: Candidate,
        of first: JournalEntry?,
        _ old: RowListing?,
        _ now: Timestamp
    ) throws(JournalError) -> PlannedRow? {
        let name = first?.place.name(from: walk.place, in: job.inputs) ?? "an earlier row"
        let hasSameContent =
            first.map { $0.body == row.body }
            ?? (row.item?.content == row.body.contentFingerprint)
        if hasSameContent {
            var listing = listing()
            listing.status = .duplicate
            listing.entry = first?.id
            listing.externalID = first == nil ? walk.externalID : nil
            listing.message = "repeats \(name)"
            try list(listing, old)
            return nil
        }
        guard job.onConflict == .update, let first else {
            try list(invalid([.repeatedExternalID(of: name)]), old)
            if let bytes = walk.rawBytes { kept.keep(bytes, of: walk.place) }
            return nil
        }
        return try new(
            row,
            old,
            now,
            after: first,
            start: first.state.hasCustomer ? .update : .create,
            predecessor: first.state == .open ? first.id : nil
        )
    }

    /// A row with the content of its newest entry, from an earlier run.
    private mutating func known(
        _ row: Candidate,
        _ entry: JournalEntry,
        _ old: RowListing?,
        _ now: Timestamp
    ) throws(JournalError) -> PlannedRow? {
        var listing = listing()
        listing.entry = entry.id
        var entry = entry
        entry.place = walk.place
        let mustAsk = !isSettled(entry) && !isListingOnly
        try list(listing, old)
        guard mustAsk else {
            if entry.state == .rejected { errors += 1 }
            if old?.place != walk.place || old?.entry != entry.id { try journal.update(entry) }
            return nil
        }
        return try resumed(entry, now)
    }

    /// Takes up an entry that an earlier run left unsettled.
    private mutating func resumed(
        _ entry: JournalEntry,
        _ now: Timestamp
    ) throws(JournalError) -> PlannedRow? {
        var entry = entry
        let isInDoubt = entry.state == .open || entry.state == .unknown
        let isKeyOld = entry.firstIntent.map { $0 + ImportMachine.Bounds.keyLife < now } ?? false
        let hasCustomer = try applied(before: entry) != nil
        entry.state = .open
        entry.run = run
        if !isInDoubt { entry.firstIntent = now }
        entry.errorCode = nil
        entry.errorField = nil
        entry.message = nil
        try journal.update(entry)
        let start: PlannedRow.Start =
            if hasCustomer {
                .update
            } else if isInDoubt, entry.externalID == nil || isKeyOld {
                .settle
            } else {
                .create
            }
        return planned(entry, start: start, isInDoubt: isInDoubt)
    }

    /// A row with an externalId whose content an earlier run has not sent last.
    private mutating func edited(
        _ row: Candidate,
        _ newest: JournalEntry,
        _ old: RowListing?,
        _ now: Timestamp
    ) throws(JournalError) -> PlannedRow? {
        let applied = newest.state.hasCustomer ? newest : try applied(before: newest)
        guard let applied else { return try new(row, old, now, after: newest) }
        var listing = listing()
        listing.entry = applied.id
        if applied.body == row.body, newest.state == .rejected {
            try list(listing, old)
            return nil
        }
        switch job.onConflict {
        case .update:
            return try new(row, old, now, after: newest, start: .update)
        case .skip:
            listing.status = .exists
            listing.message =
                "changed since it was imported; --on-conflict update sends it"
        case .fail:
            listing.status = .rejected
            listing.errorCode = Self.conflict
            listing.errorField = CustomerField.externalId.label
            listing.message = "changed since it was imported"
        }
        try list(listing, old)
        return nil
    }

    /// The newest entry before one whose content was applied to a customer.
    private func applied(before entry: JournalEntry) throws(JournalError) -> JournalEntry? {
        var next = entry.previous
        while let id = next, let entry = try journal.entry(id) {
            if entry.state.hasCustomer { return entry }
            next = entry.previous
        }
        return nil
    }

    private func planned(
        _ entry: JournalEntry,
        start: PlannedRow.Start,
        isInDoubt: Bool = false,
        predecessor: Int? = nil
    ) -> PlannedRow {
        PlannedRow(
            entry: entry,
            draft: walk.draft.customerDraft,
            body: walk.body.bytes,
            start: start,
            isInDoubt: isInDoubt,
            predecessor: predecessor
        )
    }
}

extension Digest {
    /// What the identity index keeps of a body.
    fileprivate var contentFingerprint: UInt32 { UInt32(prefix >> 32) }
}

extension RowDraft {
    /// The draft with its values as texts.
    var customerDraft: CustomerDraft {
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        return CustomerDraft(
            externalId: self.text(of: .externalId),
            email: self.text(of: .email),
            name: self.text(of: .name),
            phone: self.text(of: .phone),
            taxId: self.text(of: .taxId),
            defaultPaymentTokenId: self.text(of: .defaultPaymentTokenId),
            metadata: metadata.map { pairs in
                Dictionary(
                    pairs.map { (text($0.key), text($0.value)) },
                    uniquingKeysWith: { first, _ in first }
                )
            }
        )
    }
}
