import Plugipay

// What an answer means for its row: the table of the design, and the settling of what is in doubt.
extension ImportMachine {
    mutating func answered(_ ticket: Ticket, _ answer: Answer, _ claimed: Set<String>) {
        guard let sent = inFlight.removeValue(forKey: ticket) else { return }
        switch ticket {
        case .probe:
            learnPace(from: answer, kind: .read, sent: sent)
            probeAnswered(answer)
        case .row(let id):
            guard let isWrite = rows[id]?.isWrite else { return }
            learnPace(from: answer, kind: isWrite ? .write : .read, sent: sent)
            judgeServer(by: answer, sent: sent)
            if isWrite, answer.isAboutRow { hasWritten = true }
            if isWrite, answer.isEndOfTry { countTry(of: id, answer) }
            rowAnswered(id, answer, claimed)
        }
    }

    private mutating func countTry(of id: Int, _ answer: Answer) {
        guard var row = rows[id] else { return }
        // No row fails because the server is down: what is tried in an outage does not count.
        if breaker.downSince == nil { row.tries += 1 }
        row.entry.attempts += 1
        row.entry.requestID = answer.requestID ?? row.entry.requestID
        rows[id] = row
    }

    private mutating func learnPace(from answer: Answer, kind: RequestKind, sent: MonotonicTime) {
        if answer.response != nil, !answer.isThrottled { concurrency.observe(latency: now - sent) }
        pacer.learn(from: answer, to: kind, sent: sent, at: now, using: &generator)
    }

    /// Tells the breaker whether the server is well.
    ///
    /// A 429 is the answer of a server that is.
    private mutating func judgeServer(by answer: Answer, sent: MonotonicTime) {
        let downSince = breaker.downSince
        switch answer.meaning {
        case .inDoubt, .unsent: breaker.failed(sent: sent, at: now)
        case .intentExpired: breaker.withdrawn(at: now)
        default: breaker.succeeded(sent: sent, at: now)
        }
        guard let since = breaker.downSince else {
            if let downSince { noteReturn(after: now - downSince) }
            return
        }
        guard downSince == nil else { return }
        noteOutage(since: since, answer)
        // What was tried in vain just before was the same outage.
        for id in rows.keys { rows[id]?.tries = 0 }
    }

    private mutating func rowAnswered(_ id: Int, _ answer: Answer, _ claimed: Set<String>) {
        guard let row = rows[id] else { return }
        switch answer.meaning {
        case .throttled:
            urgent.prepend(id)
        case .intentExpired:
            pacer.giveBack(.write)
            urgent.prepend(id)
            recommit()
        case .refused(let fault):
            refused(id, fault, answer)
        case .clockRefused(let response, let fault):
            clockRefused(id, response, fault)
        case .unsent:
            retryLater(id)
        case .applied(let record):
            guard checkAccount(of: record) else {
                // It was carried out, but for somebody else.
                rows[id]?.isInDoubt = true
                return
            }
            if claimed.contains(record.id) {
                // A twin in doubt has taken this record for its own; this row's is the other one.
                writeInDoubt(id, Answer.Fault(code: "in_doubt", message: "claimed by another row"))
            } else {
                applied(id, record, answer)
            }
        case .found(let records, let hasMore):
            guard records.allSatisfy({ checkAccount(of: $0) }) else { return }
            rows[id]?.failures = 0
            found(id, records, hasMore: hasMore, claimed: claimed, answer)
        case .inDoubt(let fault):
            if row.isWrite { writeInDoubt(id, fault) } else { lookUpFailed(id, fault) }
        case .rejected(let fault), .taken(let fault), .keyMismatch(let fault):
            if row.isWrite { writeRefused(id, fault, answer) } else { lookUpRejected(id, fault) }
        }
    }

    // MARK: Writes

    private mutating func applied(_ id: Int, _ record: Customer, _ answer: Answer) {
        guard let row = rows[id] else { return }
        if case .patch(let patch) = row.step {
            patched(id, patch, record, answer)
        } else if window(of: row.entry).isOlder(record.createdAt) {
            // The stored answer of an earlier job, perhaps in the other mode: is it really there?
            rows[id]?.step = .find(.stored(id: record.id), .id(record.id))
            urgent.append(id)
        } else {
            settle(id, .created, record, answer, message: storedOtherwise(row.draft, record))
        }
    }

    private mutating func writeInDoubt(_ id: Int, _ fault: Answer.Fault) {
        guard let row = rows[id] else { return }
        if case .patch = row.step {
            rows[id]?.patched = row.entry.sentBody
            look(id, for: .update, after: backoff(id))
            return
        }
        rows[id]?.isInDoubt = true
        if row.draft.externalId == nil {
            rows[id]?.settlement = Settlement()
            look(id, for: .doubt)
        } else if row.tries >= settings.maxAttempts {
            look(id, for: .usedUp)
        } else {
            retryLater(id)
        }
    }

    private mutating func writeRefused(_ id: Int, _ fault: Answer.Fault, _ answer: Answer) {
        guard let row = rows[id] else { return }
        switch (row.step, answer.meaning) {
        case (.patch, .keyMismatch), (.patch, .taken):
            patchConflicted(id, fault, answer)
        case (.patch(let patch), .rejected)
        where patch.fields.contains(PendingPatch.metadata)
            && MessageCleaner.namesMetadata(fault, of: row.draft):
            metadataRefused(id, patch, fault, answer)
        case (_, .keyMismatch):
            look(id, for: .keyMismatch)
        case (.create, .taken):
            look(id, for: .taken(fault))
        default:
            rejected(id, fault, answer)
        }
    }

    private mutating func rejected(_ id: Int, _ fault: Answer.Fault, _ answer: Answer) {
        guard let row = rows[id] else { return }
        // After an attempt in doubt a refusal does not prove that nothing was created.
        if case .create = row.step, row.isInDoubt {
            look(id, for: .rejected(fault))
        } else {
            settle(id, .rejected, nil, answer, fault: fault)
        }
    }

    private mutating func refused(_ id: Int, _ fault: Answer.Fault, _ answer: Answer) {
        guard let row = rows[id] else { return }
        switch row.step {
        case .patch where fault.status == 404:
            look(id, for: .update)
        case .find(let reason, _) where fault.status == 403 && !hasOnBehalfOf:
            lookUpRefused(id, reason, fault, answer)
        default:
            // Only the API itself can say that nothing was done, or what stands before it by 401
            // and 403.
            let isBare = answer.response.map { !$0.isEnvelope } ?? false
            if row.isWrite, isBare, fault.status != 401, fault.status != 403 {
                rows[id]?.isInDoubt = true
            }
            stop(.failed(Refusal.error(fault, answer.response, at: settings.endpoint)))
        }
    }

    private mutating func clockRefused(_ id: Int, _ response: Response, _ fault: Answer.Fault) {
        guard rows[id]?.clockCorrections == 0 else {
            stop(.failed(Refusal.error(fault, response, at: settings.endpoint)))
            return
        }
        rows[id]?.clockCorrections += 1
        actions.append(.correctClock(response))
        urgent.prepend(id)
    }

    // MARK: Helpers

    /// Puts the row's next step to a look-up, now or later.
    mutating func look(_ id: Int, for reason: WorkRow.Reason, after pause: Duration = .zero) {
        guard var row = rows[id] else { return }
        // Failures of the writes before it say nothing about the look-up.
        if row.isWrite, pause == .zero { row.failures = 0 }
        row.step = .find(reason, row.lookUp(for: reason, in: window(of: row.entry)))
        rows[id] = row
        if pause > .zero {
            waiting.insert(id, due: now + pause)
        } else {
            urgent.append(id)
        }
    }

    mutating func retryLater(_ id: Int) {
        waiting.insert(id, due: now + backoff(id))
    }

    mutating func backoff(_ id: Int) -> Duration {
        let failures = rows[id]?.failures ?? 0
        rows[id]?.failures = failures + 1
        return Backoff.failure.delay(afterFailures: failures, using: &generator)
    }

    private func storedOtherwise(_ draft: CustomerDraft, _ record: Customer) -> String? {
        let names = RecordComparison.rewritten(draft, record)
        return names.isEmpty ? nil : "stored differently: \(names.joined(separator: ", "))"
    }

    private var hasOnBehalfOf: Bool { settings.onBehalfOf != nil }
}

extension Answer {
    /// Whether a write was answered or fell in doubt; a 429, and what never left, are no attempts.
    var isEndOfTry: Bool {
        switch meaning {
        case .throttled, .unsent, .intentExpired: false
        default: true
        }
    }
}

extension Answer {
    /// Whether the server has looked at what the row says: it takes writes from this key.
    fileprivate var isAboutRow: Bool {
        switch meaning {
        case .applied, .rejected, .taken, .keyMismatch: true
        default: false
        }
    }
}

extension Response {
    /// Whether the body has the form of the API.
    var isEnvelope: Bool {
        if case .envelope = content { true } else { false }
    }
}
