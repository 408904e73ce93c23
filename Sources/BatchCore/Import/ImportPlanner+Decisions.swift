import Plugipay
import RowIO

// What becomes of a row: an intent, a listing without a request, or an earlier entry taken up.
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

    func invalid(_ problems: [RowProblem]) -> RowListing {
        var listing = listing()
        listing.status = .invalid
        listing.externalID = walk.externalID
        listing.errorCode = problems.map(\.code).joined(separator: ";")
        let fields = problems.compactMap(\.field)
        listing.errorField = fields.isEmpty ? nil : fields.joined(separator: ";")
        listing.message = problems.map(\.message).joined(separator: "; ")
        return listing
    }

    mutating func list(_ listing: RowListing, _ old: RowListing?) throws(JournalError) {
        if let status = listing.status {
            listed[status, default: 0] += 1
            if status == .invalid || status == .rejected { errors += 1 }
        }
        if let old, listing.says(theSameAs: old) { return }
        try journal.list(listing)
    }

    /// A row whose identity no entry knows, or whose content is new for it.
    ///
    /// - Parameters:
    ///   - row: The row.
    ///   - old: How the last run listed its place.
    ///   - now: Server time.
    ///   - previous: The newest entry of the identity.
    ///   - applied: The newest one whose content was applied: its customer is looked up.
    ///   - predecessor: The entry of an earlier row that must be settled first.
    /// - Returns: The row with its intent; `nil` when rows are only listed.
    /// - Throws: `JournalError` when the journal cannot be used.
    mutating func new(
        _ row: Candidate,
        _ old: RowListing?,
        _ now: Timestamp,
        after previous: JournalEntry? = nil,
        applied: JournalEntry? = nil,
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
        entry.customerID = applied?.customerID
        let start: PlannedRow.Start = applied == nil ? .create : .update
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
    mutating func repeated(
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
            applied: try applied(from: first),
            predecessor: try predecessor(from: first)
        )
    }

    /// A row with the content of its newest entry, from an earlier run.
    mutating func known(
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
        // A failed row was absent when it was given up; a write of it that was slow may have come
        // through since, and what it made is this job's.
        let mayHaveSucceeded =
            entry.state == .failed && entry.externalID != nil && entry.attempts > 0
        let isInDoubt = entry.state == .open || entry.state == .unknown || mayHaveSucceeded
        let keyLife = ImportMachine.Bounds.keyLife
        let isKeyOld = entry.firstIntent.map { $0 + keyLife < now } ?? false
        let customer = try applied(before: entry)
        let isKnown = entry.customerID != nil || entry.state.hasCustomer || customer != nil
        let hasCustomer = entry.operation != .create || isKnown
        entry.customerID = entry.customerID ?? customer?.customerID
        entry.state = .open
        entry.run = run
        if !isInDoubt { entry.firstIntent = now }
        entry.httpStatus = 0
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
        let previous = try entry.previous.flatMap { id throws(JournalError) in
            try journal.entry(id)
        }
        return planned(
            entry,
            start: start,
            isInDoubt: isInDoubt,
            predecessor: try previous.flatMap { entry throws(JournalError) in
                try predecessor(from: entry)
            }
        )
    }

    /// A row with an externalId whose content an earlier run has not sent last.
    mutating func edited(
        _ row: Candidate,
        _ newest: JournalEntry,
        _ old: RowListing?,
        _ now: Timestamp
    ) throws(JournalError) -> PlannedRow? {
        guard let applied = try applied(from: newest) else {
            return try new(row, old, now, after: newest)
        }
        var listing = listing()
        listing.entry = applied.id
        if applied.body == row.body, newest.state == .rejected {
            try list(listing, old)
            return nil
        }
        switch job.onConflict {
        case .update:
            return try new(row, old, now, after: newest, applied: applied)
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

    /// The entry itself or the newest before it whose content was applied to a customer.
    func applied(from entry: JournalEntry) throws(JournalError) -> JournalEntry? {
        entry.state.hasCustomer ? entry : try applied(before: entry)
    }

    /// The entry of the latest row of this run with the same identity, if it is not settled yet.
    ///
    /// Entries that an earlier run left unsettled, and whose rows have not been met, stand between.
    private func predecessor(from entry: JournalEntry) throws(JournalError) -> Int? {
        var next: JournalEntry? = entry
        while let entry = next {
            if entry.run == run { return entry.state == .open ? entry.id : nil }
            next = try entry.previous.flatMap { id throws(JournalError) in try journal.entry(id) }
        }
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
