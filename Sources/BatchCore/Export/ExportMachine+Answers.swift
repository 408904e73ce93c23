import Plugipay

// What an answer means for the export.
extension ExportMachine {
    mutating func answered(_ answer: Answer) {
        guard let (kind, sent) = flight else { return }
        flight = nil
        pacer.learn(from: answer, to: .read, sent: sent, at: now, using: &generator)
        switch answer.meaning {
        case .found(let records, _):
            found(records, answer, kind, sent: sent)
        case .throttled:
            serverSpoke(kind, sent: sent)
        case .inDoubt(let fault), .unsent(let fault):
            failed(fault, answer, kind, sent: sent)
        case .clockRefused(let response, let fault):
            clockRefused(response, fault, kind, sent: sent)
        case .rejected(let fault):
            rejected(fault, answer, kind, sent: sent)
        case .refused(let fault), .taken(let fault), .keyMismatch(let fault):
            stop(.failed(Refusal.error(fault, answer.response, at: settings.endpoint)))
        case .applied, .intentExpired:
            stop(.failed(BatchError(.internalFault, "an export got the answer to a write")))
        }
    }

    // MARK: Good answers

    private mutating func found(
        _ records: [Customer],
        _ answer: Answer,
        _ kind: Flight,
        sent: MonotonicTime
    ) {
        guard let response = answer.response, let page = ListedPage(records, in: response) else {
            let fault = Answer.Fault(
                status: answer.status,
                code: PlugipayError.Code.invalidResponse.name,
                message: "the answer has no list of customers in it, or is not UTF-8"
            )
            failed(fault, answer, kind, sent: sent)
            return
        }
        let downSince = hasToldOutage ? firstFailure : nil
        noteWell(kind, sent: sent)
        for record in records {
            guard checkAccount(of: record) else { return }
        }
        switch kind {
        case .head:
            if !isGreeted { greet(records, response) }
        case .page:
            if let downSince {
                actions.append(.note(ServerTrouble.back(after: now - downSince)))
            }
            failuresWhileWell = 0
            growPage()
            take(page)
        }
    }

    /// Notes that the server works.
    private mutating func noteWell(_ kind: Flight, sent: MonotonicTime) {
        strangeAnswers = 0
        clockCorrections = 0
        retryAt = nil
        switch kind {
        case .head:
            breaker.probeAnswered(good: true, at: now)
            // A server that answers only small questions is not back before it gives the page.
            if failures == 0 || !isGreeted { forgetFailures() }
        case .page:
            breaker.succeeded(sent: sent, at: now)
            forgetFailures()
        }
    }

    mutating func forgetFailures() {
        failures = 0
        firstFailure = nil
        hasToldOutage = false
    }

    private mutating func greet(_ records: [Customer], _ response: Response) {
        isGreeted = true
        if let resumption, let reason = hindrance(to: resumption, records) {
            self.resumption = nil
            actions.append(.beginAnew(reason))
        }
        guard let resumption else {
            let scope = ExportScope(
                after: settings.createdAfter,
                start: Self.latestTime(of: response) ?? moment.server,
                newest: records.compactMap(\.createdAt).max()
            )
            walk = BookWalk(scope: scope)
            actions.append(.begin(scope))
            return
        }
        self.resumption = nil
        resume(resumption)
    }

    /// Why what an earlier run has written cannot be used.
    private func hindrance(to resumption: Resumption, _ records: [Customer]) -> String? {
        guard !records.isEmpty || resumption.written.count == 0 else {
            return "the server shows no customer, so it cannot be told whether it is the same book"
        }
        guard records.isEmpty || resumption.account == account else {
            return "the server answers for account \(account ?? "(none named)"), and the "
                + "checkpoint is of \(resumption.account ?? "(none named)")"
        }
        return nil
    }

    private mutating func resume(_ resumption: Resumption) {
        let place = resumption.place
        order = place.order
        hasToldOrder = place.order == .server
        switch place.phase {
        case .walk:
            (usesOrder, usesFilter) = (place.usesOrder, place.usesFilter)
            walk = BookWalk(
                scope: resumption.scope,
                resuming: place,
                written: resumption.written
            )
        case .overlap:
            let knowsAll = place.order == .server
            overlap = OverlapWalk(
                scope: resumption.scope,
                known: knowsAll ? resumption.written.all : resumption.written.inOverlap,
                knowsAll: knowsAll
            )
        }
        actions.append(.begin(resumption.scope))
    }

    /// The latest time that it can have been at the server when it answered.
    private static func latestTime(of response: Response) -> Timestamp? {
        let meta = Envelope.parse(response)?.meta
        if let time = meta?.timestamp {
            return meta?.isTimestampExact == true ? time : time + .seconds(1)
        }
        return response.date.map { $0 + .seconds(1) }
    }

    /// Checks whose customer an answer shows.
    private mutating func checkAccount(of record: Customer) -> Bool {
        guard let found = record.accountId, !found.isEmpty else { return true }
        let expected = settings.onBehalfOf ?? account
        guard let expected else {
            account = found
            return true
        }
        guard RecordComparison.hasSameBytes(expected, found) else {
            let message =
                "the server shows a customer of account \(found), expected \(expected). "
                + "Nothing of that page was written"
            stop(.failed(BatchError(.otherTarget, message)))
            return false
        }
        account = found
        return true
    }

    // MARK: Pages

    private mutating func take(_ page: ListedPage) {
        do throws(PlugipayError) {
            try checkEmptiness(of: page)
            guard emptyPages > 0 || !page.items.isEmpty else { return }
            if overlap != nil { try takeInOverlap(page) } else { try takeInWalk(page) }
        } catch {
            // A cursor that is not understood leads to a page that was read already.
            beginAgain(because: error.message)
        }
    }

    /// Counts pages without customers: a server that filters late makes some; then the question
    /// is asked without the filter.
    private mutating func checkEmptiness(of page: ListedPage) throws(PlugipayError) {
        emptyPages = page.items.isEmpty ? emptyPages + 1 : 0
        guard emptyPages > Bounds.emptyPages else { return }
        guard leaveOutFilter() else {
            throw PlugipayError.brokenPaging(
                "\(Bounds.emptyPages) pages of the list in a row hold no customer."
            )
        }
        emptyPages = 0
    }

    private mutating func takeInWalk(_ page: ListedPage) throws(PlugipayError) {
        tellOfFilter(page)
        switch try walk?.take(page) {
        case nil: return
        case .startOver:
            beginAgain(because: "A cursor does not lead on from where it was given.")
        case .needsWrittenIDs:
            heldPage = page
            actions.append(.readWrittenIDs)
        case .write(let fresh):
            guard let walk else { return }
            order = walk.order
            tellOfOrder()
            if walk.isFinished {
                overlap = OverlapWalk(after: walk)
                self.walk = nil
            }
            var place = ExportPlace(
                phase: walk.isFinished ? .overlap : .walk,
                cursor: walk.isFinished ? nil : walk.cursor,
                order: order,
                last: walk.last
            )
            (place.usesOrder, place.usesFilter) = (usesOrder, usesFilter)
            pendingWrite = .write(page, fresh, place)
        }
    }

    private mutating func takeInOverlap(_ page: ListedPage) throws(PlugipayError) {
        switch try overlap?.take(page) {
        case nil, .turned: return
        case .write(let fresh):
            // A pass that was stopped begins again: it is short, and knows what is written.
            let place = ExportPlace(phase: .overlap, cursor: nil, order: order, last: nil)
            if !fresh.isEmpty { pendingWrite = .write(page, fresh, place) }
            if overlap?.isFinished == true { overlap = nil }
        }
    }

    mutating func remembered(_ ids: CustomerIDSet?) {
        guard let page = heldPage else { return }
        heldPage = nil
        guard let ids else {
            let message =
                "the server stopped listing oldest first in the middle of the book, and what has "
                + "gone to standard output, or to a file without ids, cannot be read back to tell "
                + "what is new. Export to a file (-o FILE), with the id among --fields"
            stop(.failed(BatchError(.brokenPaging, message)))
            return
        }
        walk?.remember(ids)
        take(page)
    }

    private mutating func tellOfOrder() {
        guard order == .server, !hasToldOrder else { return }
        hasToldOrder = true
        note(
            .info,
            "the server does not list customers oldest first by time and id: they are written in "
                + "its own order, and told apart by their ids"
        )
    }

    private mutating func tellOfFilter(_ page: ListedPage) {
        guard let after = settings.createdAfter, !hasToldFilter else { return }
        guard page.items.contains(where: { $0.place.map { $0.createdAt < after } ?? false })
        else { return }
        hasToldFilter = true
        note(.info, "the server ignores createdAfter: older customers are read, and left out here")
    }
}
