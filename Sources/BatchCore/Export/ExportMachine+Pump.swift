import Plugipay

// What may start, and when: the gate, the breaker, the back-off, the pace.
extension ExportMachine {
    /// Starts what may start after an event, and says what is waited for.
    mutating func advance() {
        wakeAt = nil
        if end == nil { endLongOutage() }
        if !settings.readsAhead { write() }
        if end == nil { startNext() }
        write()
        finishIfDone()
        // A request in flight ends by itself, within its time-out.
        if end == nil, flight == nil, let outageEnds { wake(outageEnds) }
        if !isFinished, let wakeAt { actions.append(.wake(at: wakeAt)) }
    }

    private mutating func write() {
        guard let action = pendingWrite else { return }
        pendingWrite = nil
        actions.append(action)
    }

    private mutating func wake(_ time: MonotonicTime) {
        wakeAt = wakeAt.map { min($0, time) } ?? time
    }

    private mutating func startNext() {
        guard flight == nil, heldPage == nil, hasMore else { return }
        if let retryAt, now < retryAt {
            wake(retryAt)
            return
        }
        switch breaker.permits(at: now, inFlight: 0) {
        case .wait(let until):
            if let until { wake(until) }
        case .probe:
            guard takeToken() else { return }
            breaker.probeSent(at: now)
            send(.head, head)
        case .go:
            guard isGreeted, let query = pageQuery else { return }
            guard takeToken() else { return }
            breaker.sent(at: now)
            send(.page, .page(query.query, cursor: query.cursor))
        }
    }

    /// Whether there is anything left to ask for.
    private var hasMore: Bool { !isGreeted || walk != nil || overlap != nil }

    private mutating func takeToken() -> Bool {
        if case .wait(let until) = pacer.take(.read, at: now) {
            wake(until)
            return false
        }
        return true
    }

    private mutating func send(_ kind: Flight, _ attempt: Attempt) {
        flight = (kind, now)
        retryAt = nil
        actions.append(.send(attempt))
    }

    /// The first request, and the breaker's probe: the newest customer, and what time it is.
    private var head: Attempt {
        .page(CustomerQuery(limit: 1, order: usesOrder ? .descending : nil), cursor: nil)
    }

    /// The page to read next.
    private var pageQuery: (query: CustomerQuery, cursor: String?)? {
        var query = CustomerQuery(limit: limit, order: usesOrder ? .ascending : nil)
        if let overlap {
            switch overlap.way {
            case .filtered: query.createdAfter = overlap.from
            case .newestFirst: query.order = usesOrder ? .descending : nil
            }
            return (query, overlap.cursor)
        }
        guard let walk else { return nil }
        if usesFilter { query.createdAfter = settings.createdAfter }
        return (query, walk.cursor)
    }

    /// When the server has been down for too long.
    ///
    /// It counts from the first failure, the breaker from the tenth: one request at a time takes a
    /// minute to fail so often.
    private var outageEnds: MonotonicTime? {
        firstFailure.map {
            $0
                + (breaker.hasAnsweredWell
                    ? settings.maxOutage : min(settings.maxOutage, Breaker.longestFirstOutage))
        }
    }

    private mutating func endLongOutage() {
        // A request in flight ends by itself, within its time-out.
        guard flight == nil, let outageEnds, now >= outageEnds else { return }
        stop(trouble.end(hasAnsweredWell: breaker.hasAnsweredWell))
    }

    private mutating func finishIfDone() {
        if let end {
            guard let drainEnds else { return }
            // A page on its way is still written: it has been paid for.
            guard flight?.kind != .page || now >= drainEnds || end.isFailure else {
                wake(drainEnds)
                return
            }
            finish(end)
        } else if !hasMore, flight == nil {
            finish(.completed)
        }
    }

    private mutating func finish(_ end: RunEnd) {
        isFinished = true
        actions.append(.finish(end))
    }
}

// MARK: - Questions of the loop

extension ExportMachine {
    /// Why no page is being read; `nil` while one is.
    var wait: RunProgress.Wait? {
        if end != nil { return .answers }
        if case .wait(let until) = pacer.gate.permits(at: now) { return .limit(until - now) }
        guard let firstFailure else { return nil }
        return .server(downFor: now - firstFailure, nextTry: nextTry.map { max(.zero, $0 - now) })
    }

    private var nextTry: MonotonicTime? {
        flight == nil ? retryAt ?? breaker.nextProbe : nil
    }
}
