import Plugipay
import RowIO

// Who a row is: what the index and the journal know of it, and which decision that asks for.
extension ImportPlanner {
    /// A row that passed the local rules, with what identifies it.
    struct Candidate {
        var identity: Digest
        var body: Digest
        var ordinal = 0
        /// What the index holds for the identity, and the entry behind it.
        var item: IdentityIndex.Item?
        var newest: JournalEntry?
    }

    mutating func decide(_ now: Timestamp) throws(JournalError) -> PlannedRow? {
        let old = try prior.listing(at: walk.place)
        guard walk.problems.isEmpty else {
            try list(invalid(walk.problems), old)
            if let bytes = walk.rawBytes { kept.keep(bytes, of: walk.place) }
            return nil
        }
        var row = try candidate()
        if let old, let entry = try inPlace(old, row) {
            if isSettled(entry) {
                markSeen(&row)
                if old.status == nil, entry.state == .rejected { errors += 1 }
                try list(old, old)
                return nil
            }
            if try mayGoOn(entry, old, row) {
                markSeen(&row)
                return try known(row, entry, old, now)
            }
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

    /// The entry of a row that stands where it stood, with the same content.
    ///
    /// It is the newest of its identity, or one that the same input has applied before it: a file
    /// may apply several contents to one externalId, in order.
    private mutating func inPlace(
        _ old: RowListing,
        _ row: Candidate
    ) throws(JournalError) -> JournalEntry? {
        guard old.line == walk.position.line, old.offset == walk.position.offset,
            old.length == walk.position.length, old.status == nil || old.status == .duplicate,
            let id = old.entry, let newest = row.newest
        else { return nil }
        // A file that repeats its rows in a row of its own must not pass for settled by itself.
        if old.status == .duplicate, row.item?.isSeen != true { return nil }
        let entry = try entries.currentEntry(id)
        guard let entry, entry.identity == row.identity, entry.body == row.body else { return nil }
        if entry.id == newest.id { return entry }
        return try comesAgain(newest) ? entry : nil
    }

    /// Whether the row that an entry stands for is still to come, where the last run met it.
    private func comesAgain(_ entry: JournalEntry) throws(JournalError) -> Bool {
        guard entry.place > walk.place, unchangedInputs.contains(walk.place),
            unchangedInputs.contains(entry.place),
            let listing = try journal.listings(from: entry.place, limit: 1).first
        else { return false }
        return listing.place == entry.place && listing.entry == entry.id
    }

    /// Whether an entry that was left unsettled is taken up as it stands: none of a later row with
    /// its identity has been applied since, or the contents would end in the wrong order.
    private func mayGoOn(
        _ entry: JournalEntry,
        _ old: RowListing,
        _ row: Candidate
    ) throws(JournalError) -> Bool {
        guard old.status == nil, entry.run != run, let newest = row.newest else { return false }
        guard entry.id != newest.id, let last = try applied(from: newest) else { return true }
        return last.id < entry.id
    }

    func isSettled(_ entry: JournalEntry) -> Bool {
        guard entry.state.isFinal else { return false }
        // Left alone or rejected by another policy: this one is another decision.
        if entry.state == .exists, job.onConflict == .update { return false }
        let wasConflict = entry.state == .rejected && entry.errorCode == Self.conflict
        return !wasConflict || job.onConflict == .fail
    }

    static let conflict = PlugipayError.Code.conflict.name
}

extension Digest {
    /// What the identity index keeps of a body.
    var contentFingerprint: UInt32 { UInt32(prefix >> 32) }
}
