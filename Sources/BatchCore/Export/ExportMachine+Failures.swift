import Plugipay

// What an answer means that brings no customers.
extension ExportMachine {
    /// Notes that the server is there, and has not answered the question.
    mutating func serverSpoke(_ kind: Flight, sent: MonotonicTime) {
        // One that limits is well; the gate says when to ask again.
        if kind == .page || !isGreeted { forgetFailures() }
        switch kind {
        case .head where isGreeted: breaker.probeAnswered(good: true, at: now)
        case .head: breaker.probeUndecided(at: now)
        case .page: breaker.succeeded(sent: sent, at: now)
        }
    }

    mutating func clockRefused(
        _ response: Response,
        _ fault: Answer.Fault,
        _ kind: Flight,
        sent: MonotonicTime
    ) {
        guard clockCorrections == 0 else {
            stop(.failed(Refusal.error(fault, response, at: settings.endpoint)))
            return
        }
        clockCorrections += 1
        actions.append(.correctClock(response))
        serverSpoke(kind, sent: sent)
    }

    mutating func failed(
        _ fault: Answer.Fault,
        _ answer: Answer,
        _ kind: Flight,
        sent: MonotonicTime
    ) {
        if kind == .page, fault.code == PlugipayError.Code.responseTooLarge.name {
            shrinkPage(fault, sent: sent)
            return
        }
        lastFault = fault
        if givesUpOnStrange(answer) { return }
        failures += 1
        firstFailure = firstFailure ?? now
        tellOfOutage()
        switch kind {
        case .head: breaker.probeAnswered(good: false, at: now)
        case .page: pageFailed(answer, sent: sent)
        }
    }

    /// What is known of a server that does not answer well.
    var trouble: ServerTrouble {
        ServerTrouble(endpoint: settings.endpoint, lastFault: lastFault)
    }

    /// Says that the server is lost; one failed page is none to speak of.
    private mutating func tellOfOutage() {
        guard !hasToldOutage, failures >= (isGreeted ? Bounds.failuresToTell : 1) else { return }
        hasToldOutage = true
        actions.append(.note(isGreeted ? trouble.lost : trouble.neverWell))
    }

    /// Gives up on something that answers, and is not the API.
    ///
    /// - Returns: Whether it did.
    private mutating func givesUpOnStrange(_ answer: Answer) -> Bool {
        guard let response = answer.response, response.status < 500, !response.isEnvelope,
            !isGreeted
        else {
            strangeAnswers = 0
            return false
        }
        strangeAnswers += 1
        guard strangeAnswers >= Bounds.strangeAnswers else { return false }
        stop(.failed(Refusal.strange(response, at: settings.endpoint)))
        return true
    }

    private mutating func pageFailed(_ answer: Answer, sent: MonotonicTime) {
        let wasTrial = breaker.downSince != nil
        if wasTrial, answer.response == nil, !hasTriedAgain {
            // The connection that the probe came back on may be closing: another one may be well.
            hasTriedAgain = true
            breaker.withdrawn(at: now)
            return
        }
        hasTriedAgain = false
        breaker.failed(sent: sent, at: now)
        if wasTrial {
            failuresWhileWell += 1
            guard failuresWhileWell < settings.maxAttempts else { return giveUpPage() }
        } else if breaker.downSince == nil {
            retryAt =
                now
                + Backoff.failure.delay(
                    afterFailures: failures - 1,
                    retryAfter: answer.response?.retryAfter,
                    using: &generator
                )
        }
    }

    /// The server answers other questions and not this one: waiting does not help.
    private mutating func giveUpPage() {
        let code = lastFault?.code ?? "no answer"
        stop(
            .outage(
                "a page of the list failed \(settings.maxAttempts) times (\(code)), each time "
                    + "right after the server had answered another question"
            )
        )
    }

    private mutating func shrinkPage(_ fault: Answer.Fault, sent: MonotonicTime) {
        breaker.succeeded(sent: sent, at: now)
        guard limit > 1 else {
            let message = "\(settings.endpoint): a customer is too large: \(fault.message)"
            stop(.failed(BatchError(.refused, message)))
            return
        }
        limit = max(1, limit / Bounds.shrinkage)
        goodPages = 0
        note(.info, "a page was too large; asking for \(limit) customers at a time")
    }

    /// Asks for more customers a page again, once the large ones are passed.
    mutating func growPage() {
        goodPages += 1
        guard limit < CustomerQuery.maximumLimit, goodPages >= Bounds.pagesToGrow else { return }
        limit = min(limit * 2, CustomerQuery.maximumLimit)
        goodPages = 0
    }

    // MARK: Questions that the server refuses

    mutating func rejected(
        _ fault: Answer.Fault,
        _ answer: Answer,
        _ kind: Flight,
        sent: MonotonicTime
    ) {
        serverSpoke(kind, sent: sent)
        guard asksDifferently(kind, fault) else {
            stop(.failed(Refusal.error(fault, answer.response, at: settings.endpoint)))
            return
        }
    }

    /// Leaves out what an older server, or one that has forgotten a cursor, may refuse.
    ///
    /// - Returns: Whether there is another way to ask.
    private mutating func asksDifferently(_ kind: Flight, _ fault: Answer.Fault) -> Bool {
        if kind == .page {
            if walk?.cursor != nil || overlap?.cursor != nil {
                beginAgain(because: "The server refuses its own cursors: \(fault.message)")
                return true
            }
            if leaveOutFilter() { return true }
        }
        guard usesOrder else { return false }
        usesOrder = false
        return true
    }

    /// Begins the pass again, for a server that does not know a cursor any more; ends the run where
    /// that has not helped.
    mutating func beginAgain(because reason: String) {
        restarts += 1
        guard restarts <= Bounds.restarts else {
            stop(.failed(BatchError(.brokenPaging, "\(settings.endpoint): \(reason)")))
            return
        }
        note(.info, "the server does not know the place any more; reading from the start")
        if overlap != nil { overlap?.restart() } else { walk?.restart() }
    }

    /// Asks without `createdAfter`; what comes is looked at here anyway.
    ///
    /// - Returns: Whether it was asked with it.
    mutating func leaveOutFilter() -> Bool {
        if overlap != nil {
            guard overlap?.way == .filtered else { return false }
            overlap?.turnRound()
            return true
        }
        guard walk != nil, usesFilter, settings.createdAfter != nil else { return false }
        usesFilter = false
        walk?.restart()
        return true
    }
}
