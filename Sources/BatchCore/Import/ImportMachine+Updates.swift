import Plugipay

// `--on-conflict update`: the PATCH of what differs, and what each answer to it means.
extension ImportMachine {
    /// Makes the record that a look-up found what the row asks for, if it is not.
    mutating func update(_ id: Int, _ record: Customer, _ answer: Answer) {
        guard let row = rows[id] else { return }
        let leaving: Set<String> = row.metadataRefusal == nil ? [] : [PendingPatch.metadata]
        let patch = PendingPatch(row.draft, on: record, leaving: leaving)
        if !patch.isEmpty {
            sendNext(id, patch, "every PATCH of it failed")
        } else if row.patched == nil {
            settle(id, .unchanged, record, answer)
        } else {
            settle(id, .updated, record, answer, message: updateMessage(row, patch, record))
        }
    }

    /// The row's customer has been asked for by its id.
    mutating func foundKnown(
        _ id: Int,
        _ record: Customer?,
        _ reason: WorkRow.Reason,
        _ answer: Answer
    ) {
        guard let record, isOf(id, record) else {
            gone(id, answer)
            return
        }
        if case .confirm(let patch, let told) = reason {
            confirmed(id, patch, told, record, answer)
        } else {
            decideConflict(id, record, answer)
        }
    }

    /// Whether a record still has the externalId of the row, if that has one.
    func isOf(_ id: Int, _ record: Customer) -> Bool {
        guard let externalID = rows[id]?.draft.externalId else { return true }
        return RecordComparison.hasSameBytes(externalID, record.externalId)
    }

    // MARK: Answers to a PATCH

    /// A PATCH was answered with the record.
    mutating func patched(
        _ id: Int,
        _ patch: PendingPatch,
        _ record: Customer,
        _ answer: Answer
    ) {
        guard let row = rows[id] else { return }
        rows[id]?.patched = row.entry.sentBody
        let others = RecordComparison.differences(row.draft, record)
        guard patch.isOlder(than: record), patch.taken.isSuperset(of: others) else {
            look(id, for: .confirm(patch, told: record))
            return
        }
        settle(id, .updated, record, answer, message: updateMessage(row, patch, record))
    }

    /// What the server has after a PATCH whose answer alone did not prove it.
    private mutating func confirmed(
        _ id: Int,
        _ patch: PendingPatch,
        _ told: Customer,
        _ record: Customer,
        _ answer: Answer
    ) {
        guard let row = rows[id] else { return }
        var leaving = patch.leaving
        if RecordComparison.hasSame(patch.fields, told, record) {
            leaving.formUnion(patch.fields)
        } else {
            // The answer was a stored one, or somebody has been there since.
            rows[id]?.spentOperation = row.entry.operation
        }
        let next = PendingPatch(row.draft, on: record, leaving: leaving)
        if next.isEmpty {
            settle(id, .updated, record, answer, message: updateMessage(row, next, record))
        } else {
            sendNext(id, next, "after each PATCH of it the customer was found changed again")
        }
    }

    /// The server refuses metadata in a PATCH: what else differs is sent without it.
    ///
    /// An update of the first servers takes no metadata. Whether that is the reason, or this row's
    /// metadata, the server alone knows: so each row asks, and its message says what was refused.
    mutating func metadataRefused(
        _ id: Int,
        _ patch: PendingPatch,
        _ fault: Answer.Fault,
        _ answer: Answer
    ) {
        guard var row = rows[id] else { return }
        row.metadataRefusal = fault
        rows[id] = row
        noteMetadata()
        let leaving = patch.leaving.union([PendingPatch.metadata])
        let next = PendingPatch(row.draft, on: patch.base, leaving: leaving)
        if !next.isEmpty {
            send(id, next)
        } else if let earlier = row.patched, earlier != row.entry.sentBody {
            settle(
                id,
                .updated,
                patch.base,
                answer,
                message: updateMessage(row, next, patch.base)
            )
        } else {
            var fault = fault
            fault.message +=
                " (nothing but metadata differs, and the server did not take it in an update: "
                + "the customer keeps what it has; mend the metadata, or leave it out of the row)"
            settle(id, .rejected, patch.base, answer, fault: fault)
        }
    }

    /// A 409: another request is at work on the customer, or the key is spent.
    ///
    /// The customer's state now decides what is sent next; a refusal that comes again for the same
    /// state is the row's.
    mutating func patchConflicted(_ id: Int, _ fault: Answer.Fault, _ answer: Answer) {
        guard let row = rows[id] else { return }
        if case .taken = answer.meaning, row.spentOperation == row.entry.operation {
            settle(id, .rejected, nil, answer, fault: fault)
            return
        }
        rows[id]?.spentOperation = row.entry.operation
        look(id, for: .update, after: backoff(id))
    }

    // MARK: A customer that is not there any more

    /// No customer has the id that the row is linked to, or that one is somebody else's now: the
    /// externalId is asked for.
    private mutating func gone(_ id: Int, _ answer: Answer) {
        guard let row = rows[id] else { return }
        rows[id]?.isGone = true
        rows[id]?.entry.customerID = nil
        if row.draft.externalId == nil {
            absent(id, .update, answer)
        } else {
            look(id, for: .update)
        }
    }

    /// The customer was deleted after it was found.
    ///
    /// A row that the journal had linked to it is not created again: somebody has deleted it on
    /// purpose, and only the operator can say what counts. Any other row asks for a customer, and
    /// there is none: it is created.
    mutating func deleted(_ id: Int) {
        guard let row = rows[id] else { return }
        if !row.mayCreate {
            giveUp(
                id,
                .failed,
                code: PlugipayError.Code.notFound.name,
                "its customer has been deleted since it was imported, and an update does not "
                    + "create it again; to do so, import the row with another --job"
            )
        } else if row.tries >= settings.maxAttempts {
            giveUp(id, .failed, code: "attempts_used_up", "every attempt failed")
        } else if row.draft.externalId == nil {
            // What its key is good for is the answer that told of that customer.
            nextEpoch(id)
        } else {
            createAnew(id)
        }
    }

    /// Sends a create, under a key that is journaled first.
    mutating func createAnew(_ id: Int) {
        guard var row = rows[id] else { return }
        row.entry.operation = .create
        row.entry.sentBody = row.entry.body
        row.entry.customerID = nil
        row.entry.firstIntent = moment.intentTime
        row.patched = nil
        row.isInDoubt = false
        row.step = .create
        rows[id] = row
        commitNext(id, isChanged: true)
    }

    // MARK: Helpers

    private mutating func sendNext(_ id: Int, _ patch: PendingPatch, _ usedUp: String) {
        guard let row = rows[id] else { return }
        // The create that was answered 409 has used a try; one PATCH is owed to every row.
        guard row.tries < settings.maxAttempts || !row.hasPatch else {
            giveUp(id, .failed, code: "attempts_used_up", usedUp)
            return
        }
        send(id, patch)
    }

    /// Sends a PATCH, under a key of its own that is journaled first.
    private mutating func send(_ id: Int, _ patch: PendingPatch) {
        guard var row = rows[id] else { return }
        let record = patch.base
        row.entry.operation = .update(id: record.id, updatedAt: record.updatedAtText ?? "")
        // A look-up has shown that what this key was used for is not there.
        if row.spentOperation == row.entry.operation { row.entry.epoch += 1 }
        row.entry.sentBody = .sha256(patch.body)
        row.entry.customerID = record.id
        row.step = .patch(patch)
        row.hasPatch = true
        rows[id] = row
        commitNext(id, isChanged: true)
    }

    /// What the user should know of a customer that was changed, if anything.
    private func updateMessage(
        _ row: WorkRow,
        _ patch: PendingPatch,
        _ record: Customer
    ) -> String? {
        var taken = patch.taken
        var words: [String] = []
        if let fault = row.metadataRefusal {
            taken.remove(PendingPatch.metadata)
            if RecordComparison.differences(row.draft, record).contains(PendingPatch.metadata) {
                let reason = MessageCleaner.clean(fault.message, of: row.draft)
                words.append(
                    "the server does not take this metadata in an update, and it was left as it "
                        + "was (\(fault.code): \(reason))"
                )
            }
        }
        let names = RecordComparison.rewritten(row.draft, record).filter(taken.contains)
        if !names.isEmpty { words.append("stored differently: \(names.joined(separator: ", "))") }
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }

    private mutating func noteMetadata() {
        guard !isMetadataNoted else { return }
        isMetadataNoted = true
        let text =
            "the server does not take metadata in an update: rows are updated without it where "
            + "anything else differs, and their message in results.csv says so"
        actions.append(.note(RunNote(.warning, text)))
    }
}
