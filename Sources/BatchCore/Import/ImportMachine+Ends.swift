import Plugipay

// How a row ends, and how the run does.
extension ImportMachine {
    /// Settles a row by an answer.
    mutating func settle(
        _ id: Int,
        _ state: JournalEntry.State,
        _ record: Customer?,
        _ answer: Answer,
        fault: Answer.Fault? = nil,
        message: String? = nil
    ) {
        guard let row = rows[id] else { return }
        var entry = row.entry
        entry.state = state
        entry.customerID = record?.id ?? (state.hasCustomer ? entry.customerID : nil)
        entry.httpStatus = fault?.status ?? answer.status
        entry.requestID = answer.requestID ?? entry.requestID
        entry.errorCode = fault?.code
        entry.errorField = fault?.field
        entry.message = fault.map { MessageCleaner.clean($0.message, of: row.draft) } ?? message
        close(entry)
    }

    /// Settles a row that no answer settles.
    mutating func giveUp(
        _ id: Int,
        _ state: JournalEntry.State,
        code: String,
        _ message: String
    ) {
        guard let row = rows[id] else { return }
        var entry = row.entry
        entry.state = state
        entry.errorCode = code
        entry.errorField = nil
        entry.message = MessageCleaner.clean(message, of: row.draft)
        close(entry)
    }

    private mutating func close(_ entry: JournalEntry) {
        var entry = entry
        entry.settledAt = moment.server
        let row = rows.removeValue(forKey: entry.id)
        heldBytes -= row?.heldBytes ?? 0
        actions.append(.settle(entry))
        for planned in followers.removeValue(forKey: entry.id) ?? [] {
            heldFollowers -= 1
            heldBytes -= WorkRow.heldBytes(of: planned)
            release(planned, after: entry, isKnown: row?.mayCreate == false)
        }
    }

    /// Lets a row go that has waited for an earlier one with its externalId.
    ///
    /// - Parameters:
    ///   - planned: The row.
    ///   - entry: What became of the earlier one.
    ///   - isKnown: Whether the journal knew the customer of both before.
    private mutating func release(
        _ planned: PlannedRow,
        after entry: JournalEntry,
        isKnown: Bool
    ) {
        var planned = planned
        let own = followers.removeValue(forKey: planned.entry.id) ?? []
        planned.predecessor = nil
        if entry.state.hasCustomer || entry.operation != .create || isKnown {
            planned.start = .update
            planned.entry.customerID = entry.customerID ?? planned.entry.customerID
        }
        planned.entry.firstIntent = moment.intentTime
        admit(planned)
        if !own.isEmpty { followers[planned.entry.id] = own }
    }

    // MARK: The run

    /// Begins the end: nothing new is sent, what is in flight is awaited.
    mutating func stop(_ end: RunEnd) {
        guard self.end == nil else { return }
        self.end = end
        drainEnds = now + Bounds.drain
    }

    mutating func endLongOutage() {
        guard let time = breaker.outageEnds(maxOutage: settings.maxOutage) else { return }
        guard now >= time else {
            wake(time)
            return
        }
        stop(trouble.end(hasAnsweredWell: breaker.hasAnsweredWell))
    }

    mutating func finishIfDone() {
        if let end {
            guard let drainEnds else { return }
            guard inFlight.isEmpty || now >= drainEnds else {
                wake(drainEnds)
                return
            }
            closeOut()
            finish(end)
        } else if isInputEnded, !isReading, rows.isEmpty, followers.isEmpty {
            finish(.completed)
        }
    }

    private mutating func finish(_ end: RunEnd) {
        isFinished = true
        actions.append(.finish(end))
    }

    /// Files the rows that an early end leaves: in doubt, or given back as if never begun.
    private mutating func closeOut() {
        let waiting = followers.values.joined()
        followers.removeAll()
        for planned in waiting { withdraw(planned.entry) }
        for (id, row) in rows.sorted(by: { $0.key < $1.key }) {
            let isInFlight = row.isWrite && inFlight[.row(id)] != nil
            if row.isInDoubt || row.patched != nil || isInFlight {
                giveUp(
                    id,
                    .unknown,
                    code: "in_doubt",
                    "the run ended before its request was settled"
                )
            } else {
                withdraw(row.entry)
                rows[id] = nil
            }
        }
    }

    private mutating func withdraw(_ entry: JournalEntry) {
        var entry = entry
        entry.state = .withdrawn
        if entry.attempts == 0 { entry.firstIntent = nil }
        actions.append(.settle(entry))
    }

    // MARK: The target

    /// Checks whose customer an answer shows.
    ///
    /// - Returns: Whether the run may go on.
    mutating func checkAccount(of record: Customer) -> Bool {
        guard let found = record.accountId, !found.isEmpty else { return true }
        isAccountSeen = true
        if let expected = settings.onBehalfOf, !RecordComparison.hasSameBytes(expected, found) {
            stop(.failed(Refusal.otherAccount(found, expected: "on behalf of \(expected)")))
            return false
        }
        guard let account else {
            account = found
            actions.append(.learnAccount(found))
            return true
        }
        guard RecordComparison.hasSameBytes(account, found) else {
            stop(.failed(Refusal.otherAccount(found, expected: account)))
            return false
        }
        return true
    }
}
