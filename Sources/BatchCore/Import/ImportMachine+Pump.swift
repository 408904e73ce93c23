import Plugipay

// What may start, and when: back-off, breaker, concurrency, pace and the journal's word, in this
// order; and how much is read ahead.
extension ImportMachine {
    /// Starts what may start after an event, and says what is waited for.
    mutating func advance() {
        wakeAt = nil
        if end == nil { endLongOutage() }
        if end == nil {
            timeIntents()
            moveDue()
            if !rows.isEmpty {
                while startNext() {}
            }
            commitWhatIsNew()
            readMore()
        }
        finishIfDone()
        if !isFinished, let wakeAt { actions.append(.wake(at: wakeAt)) }
    }

    /// Remembers the earliest time at which something can change by itself.
    mutating func wake(_ time: MonotonicTime) {
        wakeAt = wakeAt.map { min($0, time) } ?? time
    }

    /// Gives intents their time, once the server's clock vouches for it.
    private mutating func timeIntents() {
        guard isGreeted, !untimed.isEmpty else { return }
        var held: [Int] = []
        for id in untimed {
            guard let draft = rows[id]?.draft else { continue }
            if canTime(draft) {
                rows[id]?.entry.firstIntent = moment.intentTime
                commitNext(id, isChanged: true)
            } else {
                held.append(id)
            }
        }
        untimed = held
        if let ownRecordsFrom, !held.isEmpty { wake(ownRecordsFrom) }
    }

    private mutating func commitWhatIsNew() {
        // Before the first good answer nothing may be sent, and the server's time is not known.
        guard isGreeted, !isCommitting, !uncommitted.isEmpty else { return }
        isCommitting = true
        swap(&committing, &uncommitted)
        let entries = committing.filter(changed.contains).compactMap { rows[$0]?.entry }
        changed.removeAll(keepingCapacity: true)
        actions.append(.commit(entries))
    }

    /// Asks for a new limit for signing; the intents themselves stand.
    mutating func recommit() {
        guard !isCommitting else { return }
        isCommitting = true
        actions.append(.commit([]))
    }

    private mutating func moveDue() {
        while let due = waiting.nextDue, due <= now {
            if let id = waiting.popFirst() { urgent.append(id) }
        }
        if let due = waiting.nextDue { wake(due) }
    }

    /// Starts one request.
    ///
    /// - Returns: Whether it is worth trying another one.
    private mutating func startNext() -> Bool {
        let flights = inFlight.count - (inFlight[.probe] == nil ? 0 : 1)
        switch breaker.permits(at: now, inFlight: flights) {
        case .wait(let until):
            if let until { wake(until) }
            return false
        case .probe:
            return startProbe()
        case .go:
            break
        }
        guard isGreeted else { return inFlight[.probe] == nil && startProbe() }
        guard flights < flightLimit() else { return false }
        promoteForTrial()
        if let id = urgent.first, !isTrial || fresh.isEmpty || isWrite(id) {
            return start(id, isUrgent: true)
        }
        guard let id = fresh.first else { return false }
        return start(id, isUrgent: false)
    }

    /// Requests in flight that are allowed now: few until the server takes writes, and one
    /// until an answer has shown that the server really acts for the merchant that was named.
    private mutating func flightLimit() -> Int {
        let limit = concurrency.limit(rate: pacer.rate(of: .write, at: now))
        if hasWritten { return limit }
        let isMerchantProven = settings.onBehalfOf == nil || isAccountSeen
        return min(limit, isMerchantProven ? Bounds.firstWrites : 1)
    }

    /// Whether the one request is due that ends an outage.
    private var isTrial: Bool { breaker.downSince != nil }

    private func isWrite(_ id: Int) -> Bool { rows[id]?.isWrite ?? false }

    /// Puts a write first after an outage: reads alone may be well again.
    ///
    /// When all rows wait, it is the one that has waited longest.
    private mutating func promoteForTrial() {
        guard isTrial else { return }
        urgent.bringForward(where: isWrite)
        guard urgent.isEmpty, fresh.isEmpty else { return }
        if let id = waiting.popFirst() { urgent.append(id) }
    }

    private mutating func startProbe() -> Bool {
        guard case .go = takeToken(.read) else { return false }
        inFlight[.probe] = now
        breaker.probeSent(at: now)
        actions.append(.send(.probe, .probe))
        return false
    }

    private mutating func start(_ id: Int, isUrgent: Bool) -> Bool {
        guard let row = rows[id] else {
            dequeue(isUrgent: isUrgent)
            return true
        }
        if row.isWrite {
            // Each write has an intent of its own: what was sent before is journaled first, so that
            // after a crash no more writes stand at the server than the journal tells of.
            if row.entry.attempts > row.journaledAttempts {
                dequeue(isUrgent: isUrgent)
                commitNext(id, isChanged: true)
                return true
            }
            if isKeyExpired(row) {
                dequeue(isUrgent: isUrgent)
                look(id, for: .expired)
                return true
            }
            guard let signUntil, moment.server < signUntil else {
                recommit()
                return false
            }
        }
        guard case .go = takeToken(row.isWrite ? .write : .read) else { return false }
        dequeue(isUrgent: isUrgent)
        inFlight[.row(id)] = now
        breaker.sent(at: now)
        actions.append(.send(.row(id), attempt(for: row)))
        return true
    }

    private mutating func takeToken(_ kind: RequestKind) -> PaceDecision {
        let decision = pacer.take(kind, at: now)
        if case .wait(let until) = decision { wake(until) }
        return decision
    }

    private mutating func dequeue(isUrgent: Bool) {
        if isUrgent { urgent.removeFirst() } else { fresh.removeFirst() }
    }

    /// Whether a create would rely on a key that the server may have forgotten.
    private func isKeyExpired(_ row: WorkRow) -> Bool {
        guard case .create = row.step, row.isInDoubt, let first = row.entry.firstIntent else {
            return false
        }
        return first + Bounds.keyLife < moment.server
    }

    private func attempt(for row: WorkRow) -> Attempt {
        let purpose: Attempt.Purpose
        let body: [UInt8]
        switch row.step {
        case .find(_, let lookUp): return .read(lookUp)
        case .create: (purpose, body) = (.create(row.draft), row.body)
        case .patch(let patch): (purpose, body) = (.update(id: patch.base.id), patch.body)
        }
        return .write(
            purpose,
            body: body,
            key: row.entry.key(in: settings.scope),
            number: row.entry.attempts + 1,
            signBy: signUntil ?? moment.server
        )
    }

    // MARK: Reading

    private mutating func readMore() {
        let rate = pacer.rate(of: .write, at: now)
        let ahead = lookAhead(at: rate)
        let isFull =
            rows.count + heldFollowers >= Bounds.heldRows || heldBytes >= Bounds.heldBytes
        let ready = fresh.count + uncommitted.count + committing.count + untimed.count
        guard !isReading, !isInputEnded, !isFull, ready <= ahead / 2 else { return }
        isReading = true
        actions.append(.read(ahead))
    }

    private func lookAhead(at rate: Double) -> Int {
        let bounds = Bounds.lookAhead
        guard rate > 0 else { return bounds.upperBound }
        let wanted = Int(min(rate, 1e6) * Bounds.lookAheadTime)
        return min(max(wanted, bounds.lowerBound), bounds.upperBound)
    }
}
