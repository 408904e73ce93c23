import Plugipay

/// A row on its way: what it needs next, and what is known of it.
struct WorkRow {
    /// What the row needs next.
    ///
    /// Every answer either changes the step or settles the row.
    enum Step {
        /// A create. Left by every answer but 429.
        case create
        /// A look-up, asked for this reason. Left by a usable answer.
        case find(Reason, LookUp)
        /// A PATCH of the record that was found. Left by every answer but 429.
        indirect case patch(PendingPatch)
    }

    /// Why a look-up is made: decides what absence means.
    enum Reason {
        /// The server said that the externalId is taken. Absent: tried again.
        case taken(Answer.Fault)
        /// A request may have been carried out, and only a look-up can tell. Absent: looked again.
        case doubt
        /// All tries are used up, the last one in doubt. Absent: failed.
        case usedUp
        /// The key was used with another body. Absent: next epoch.
        case keyMismatch
        /// Refused after an attempt in doubt. Absent: rejected.
        case rejected(Answer.Fault)
        /// The customer is known and is to be changed. Absent: it was deleted.
        case update
        /// A PATCH was answered with this record, which may be a stored answer, or shows that
        /// somebody else has changed the customer, too. Absent: it was deleted.
        indirect case confirm(PendingPatch, told: Customer)
        /// A 2xx told of a record older than this job. Absent: not ours, next epoch.
        case stored(id: String)
        /// The key is too old to be relied on. Absent: created.
        case expired
    }

    var entry: JournalEntry
    let draft: CustomerDraft
    let body: [UInt8]
    var step: Step
    /// Whether a request of this row may have been carried out that no answer has settled.
    var isInDoubt: Bool
    /// Whether the row may be created: not once the journal knows its customer.
    let mayCreate: Bool
    /// The body of the last PATCH that was or may have been carried out.
    var patched: Digest?
    /// Whether a PATCH was made ready in this run.
    var hasPatch = false
    /// Why the server has refused metadata in a PATCH of the row.
    var metadataRefusal: Answer.Fault?
    /// The operation whose key is of no more use: it was refused, or answered for another request.
    var spentOperation: IdempotencyKey.Operation?
    /// Whether the customer that the row was linked to is not there any more.
    var isGone = false
    /// Writes of this run that an answer or a doubt has ended.
    var tries = 0
    /// The attempts that the journal knows of.
    var journaledAttempts: Int
    /// Failures in a row, for the back-off.
    var failures = 0
    /// Times that the server's clock was corrected for this row.
    var clockCorrections = 0
    /// The look-ups of a row without an externalId.
    var settlement = Settlement()
    /// Whether a look-up by externalId came back unfiltered and the e-mail is asked for instead.
    var asksByEmail = false

    init(_ row: PlannedRow, window: OwnWindow) {
        entry = row.entry
        journaledAttempts = row.entry.attempts
        draft = row.draft
        body = row.body
        let isPatch = row.entry.operation != .create
        mayCreate = row.start != .update
        isInDoubt = row.isInDoubt && !isPatch && mayCreate
        patched = row.isInDoubt && isPatch ? row.entry.sentBody : nil
        step = .create
        switch row.start {
        case .create: break
        case .update: step = .find(.update, lookUp(for: .update, in: window))
        case .settle:
            let reason: Reason = row.draft.externalId == nil ? .doubt : .expired
            step = .find(reason, lookUp(for: reason, in: window))
        }
    }

    /// How many bytes the row holds in memory, nearly.
    var heldBytes: Int { Self.heldBytes(of: body) }

    static func heldBytes(of row: PlannedRow) -> Int { heldBytes(of: row.body) }

    private static func heldBytes(of body: [UInt8]) -> Int { body.count * 2 }

    /// How the row is looked up: by the customer's id where that is known, which every server can
    /// answer, else by externalId if it has one.
    func lookUp(for reason: Reason, in window: OwnWindow) -> LookUp {
        switch reason {
        case .update, .confirm:
            if let customerID = entry.customerID { return .id(customerID) }
        default: break
        }
        if let externalID = draft.externalId, !asksByEmail { return .externalID(externalID) }
        return settlement.lookUp(for: draft, in: window)
    }

    var isWrite: Bool {
        switch step {
        case .create, .patch: true
        case .find: false
        }
    }
}
