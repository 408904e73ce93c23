package import Plugipay

/// A row that needs the server, with its journal entry: what the planner hands to the machine.
package struct PlannedRow: Sendable {
    /// Where a row begins.
    package enum Start: Sendable, Hashable {
        /// With its create.
        case create
        /// With a look-up, because its customer is known to the journal, and is to be updated.
        case update
        /// With a look-up, because an earlier request may have made it, too long ago to rely on
        /// its key, or without an externalId that would make a second one harmless.
        case settle
    }

    /// The entry; its id is the row's name from here on.
    package var entry: JournalEntry
    /// What the row asks for.
    package var draft: CustomerDraft
    /// The same as canonical bytes.
    package var body: [UInt8]
    /// Where it begins.
    package var start: Start
    /// Whether an earlier request of this entry may have been carried out.
    package var isInDoubt: Bool
    /// The entry of an earlier row with the same externalId that must be settled first.
    package var predecessor: Int?

    /// Makes a planned row.
    package init(
        entry: JournalEntry,
        draft: CustomerDraft,
        body: [UInt8],
        start: Start,
        isInDoubt: Bool = false,
        predecessor: Int? = nil
    ) {
        self.entry = entry
        self.draft = draft
        self.body = body
        self.start = start
        self.isInDoubt = isInDoubt
        self.predecessor = predecessor
    }
}
