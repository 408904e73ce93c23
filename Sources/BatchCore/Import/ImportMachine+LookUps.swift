import Plugipay

// What a look-up says about its row: whose record it found, and what absence means.
extension ImportMachine {
    mutating func lookUpFailed(_ id: Int, _ fault: Answer.Fault) {
        guard let row = rows[id] else { return }
        guard row.failures + 1 < settings.maxAttempts || breaker.downSince != nil else {
            giveUpLooking(id, fault)
            return
        }
        retryLater(id)
    }

    /// The server does not take the question, for example because it does not know the filter.
    mutating func lookUpRejected(_ id: Int, _ fault: Answer.Fault) {
        guard let row = rows[id], case .find(let reason, .externalID) = row.step,
            row.draft.email != nil
        else {
            giveUpLooking(id, fault)
            return
        }
        rows[id]?.asksByEmail = true
        look(id, for: reason)
    }

    mutating func found(
        _ id: Int,
        _ records: [Customer],
        hasMore: Bool,
        claimed: Set<String>,
        _ answer: Answer
    ) {
        guard let row = rows[id], case .find(let reason, let lookUp) = row.step else { return }
        if case .stored(let customer) = reason {
            let record = records.first { RecordComparison.hasSameBytes(customer, $0.id) }
            decideStored(id, record, answer)
            return
        }
        if case .id = lookUp {
            foundKnown(id, records.first, reason, answer)
            return
        }
        guard let externalID = row.draft.externalId else {
            let finding = Settlement.judge(
                records,
                hasMore: hasMore,
                of: lookUp,
                for: row.draft,
                in: window(of: row.entry),
                claimed: claimed,
                twins: twins(of: row)
            )
            judged(id, finding, reason, answer)
            return
        }
        let match = records.first { RecordComparison.hasSameBytes(externalID, $0.externalId) }
        if let match {
            decide(id, match, reason, answer)
        } else if !records.allSatisfy(lookUp.matches) || hasMore {
            unfiltered(id, reason, answer)
        } else {
            absent(id, reason, answer)
        }
    }

    /// Rows without an externalId that are in doubt and ask for the same as this one, itself
    /// counted.
    private func twins(of row: WorkRow) -> Int {
        let others = rows.values.filter {
            $0.isInDoubt && $0.entry.id != row.entry.id && $0.entry.body == row.entry.body
        }
        return others.count + 1
    }

    /// The server ignored the filter: the e-mail, which every server filters by, is asked for.
    private mutating func unfiltered(_ id: Int, _ reason: WorkRow.Reason, _ answer: Answer) {
        guard let row = rows[id] else { return }
        guard !row.asksByEmail, row.draft.email != nil else {
            if row.isGone {
                deleted(id)
                return
            }
            giveUpLooking(
                id,
                Answer.Fault(
                    code: "in_doubt",
                    message: "the server does not filter by externalId, and its list is too long"
                )
            )
            return
        }
        rows[id]?.asksByEmail = true
        look(id, for: reason)
    }

    /// A customer with the row's externalId is there.
    private mutating func decide(
        _ id: Int,
        _ record: Customer,
        _ reason: WorkRow.Reason,
        _ answer: Answer
    ) {
        guard let row = rows[id] else { return }
        let isOurs =
            row.isInDoubt && RecordComparison.isEqual(row.draft, record)
            && window(of: row.entry).contains(record.createdAt)
        if isOurs {
            settle(id, .created, record, answer)
        } else {
            decideConflict(id, record, answer)
        }
    }

    private mutating func decideStored(_ id: Int, _ record: Customer?, _ answer: Answer) {
        guard let record, isOf(id, record) else {
            nextEpoch(id)
            return
        }
        guard let draft = rows[id]?.draft else { return }
        if draft.externalId == nil, settings.onConflict != .update {
            settle(id, .exists, record, answer, message: Self.differing(draft, record))
        } else {
            decideConflict(id, record, answer)
        }
    }

    private static func differing(_ draft: CustomerDraft, _ record: Customer) -> String? {
        let names = RecordComparison.differences(draft, record)
        return names.isEmpty ? nil : "its content differs: \(names.joined(separator: ", "))"
    }

    /// The customer was there before this job, or is to be changed.
    mutating func decideConflict(_ id: Int, _ record: Customer, _ answer: Answer) {
        guard let row = rows[id] else { return }
        if row.patched != nil, RecordComparison.differences(row.draft, record).isEmpty {
            // Whatever the policy is now: the PATCH that was in doubt has been carried out.
            settle(id, .updated, record, answer)
            return
        }
        switch settings.onConflict {
        case .skip:
            settle(id, .exists, record, answer, message: Self.differing(row.draft, record))
        case .fail:
            let fault = Answer.Fault(
                status: 409,
                code: PlugipayError.Code.conflict.name,
                message: "a customer with this externalId is there already",
                field: "externalId"
            )
            settle(id, .rejected, record, answer, fault: fault)
        case .update:
            update(id, record, answer)
        }
    }

    /// What a look-up for a row without an externalId found.
    private mutating func judged(
        _ id: Int,
        _ finding: Settlement.Finding,
        _ reason: WorkRow.Reason,
        _ answer: Answer
    ) {
        switch finding {
        case .found(let record):
            settle(id, .created, record, answer)
        case .several:
            giveUp(id, .unknown, code: "several_candidates", "several customers could be this row")
        case .absent:
            absent(id, reason, answer)
        case .inconclusive:
            inconclusive(id, reason, answer)
        }
    }

    /// The list is not filtered, or too long: it proves nothing, but a later one may.
    private mutating func inconclusive(
        _ id: Int,
        _ reason: WorkRow.Reason,
        _ answer: Answer
    ) {
        if case .doubt = reason {
            absent(id, reason, answer)
        } else {
            look(id, for: .doubt)
        }
    }

    /// No customer of the row is there.
    mutating func absent(_ id: Int, _ reason: WorkRow.Reason, _ answer: Answer) {
        guard let row = rows[id] else { return }
        switch reason {
        case .doubt:
            rows[id]?.settlement.lookUpsDone += 1
            guard let pause = rows[id]?.settlement.nextPause else {
                giveUp(
                    id,
                    .unknown,
                    code: "in_doubt",
                    "its request was not answered, and no look-up has found it"
                )
                return
            }
            look(id, for: .doubt, after: pause)
        case .keyMismatch where row.draft.externalId == nil:
            missedAfterMismatch(id)
        case .rejected where row.draft.externalId == nil:
            look(id, for: .doubt)
        case .rejected(let fault):
            settle(id, .rejected, nil, answer, fault: fault)
        case .usedUp:
            giveUp(id, .failed, code: "attempts_used_up", "every attempt failed")
        case .keyMismatch, .stored, .expired:
            nextEpoch(id)
        case .update, .confirm:
            if row.asksByEmail, !row.isGone, !row.mayCreate {
                // The e-mail may be what the row changes: it proves nothing that none has it.
                let message = "the server does not filter by externalId, and no e-mail matches"
                giveUpLooking(id, Answer.Fault(code: "in_doubt", message: message))
            } else {
                deleted(id)
            }
        case .taken(let fault):
            guard row.tries < settings.maxAttempts else {
                settle(id, .rejected, nil, answer, fault: fault)
                return
            }
            rows[id]?.step = .create
            retryLater(id)
        }
    }

    /// The key is in use, perhaps by another operator whose same request is still at work: a new
    /// key comes only after all look-ups, and never while a request of ours is in doubt.
    private mutating func missedAfterMismatch(_ id: Int) {
        rows[id]?.settlement.lookUpsDone += 1
        guard let row = rows[id] else { return }
        if let pause = row.settlement.nextPause {
            look(id, for: .keyMismatch, after: pause)
        } else if row.isInDoubt {
            giveUp(id, .unknown, code: "in_doubt", "its key is in use, and no look-up has found it")
        } else {
            nextEpoch(id)
        }
    }

    /// A look-up has proved that the key's customer is not there: a new key, journaled first.
    mutating func nextEpoch(_ id: Int) {
        rows[id]?.entry.epoch += 1
        createAnew(id)
    }

    /// The key may not read customers: what only a look-up could tell stays unknown.
    mutating func lookUpRefused(
        _ id: Int,
        _ reason: WorkRow.Reason,
        _ fault: Answer.Fault,
        _ answer: Answer
    ) {
        lookUpsAreRefused = true
        guard let row = rows[id] else { return }
        guard case .taken(let conflict) = reason, !row.isInDoubt else {
            giveUpLooking(id, fault)
            return
        }
        switch settings.onConflict {
        case .skip:
            let message = "the key may not read customers, so its id is not known"
            settle(id, .exists, nil, answer, message: message)
        case .fail:
            settle(id, .rejected, nil, answer, fault: conflict)
        case .update:
            let message = "the key may not read customers, so it cannot be compared and updated"
            giveUp(id, .failed, code: fault.code, message)
        }
    }

    private mutating func giveUpLooking(_ id: Int, _ fault: Answer.Fault) {
        if case .find(.update, _) = rows[id]?.step, rows[id]?.patched == nil {
            // Its customer exists, and no PATCH of it was sent: nothing of the row is in doubt.
            let message = "it could not be compared and updated: \(fault.message)"
            giveUp(id, .failed, code: fault.code, message)
            return
        }
        giveUp(id, .unknown, code: "in_doubt", "no look-up could be made: \(fault.message)")
    }
}
