import Plugipay

// What an answer means that brings no customers.
extension ExportMachine {
    mutating func wasThrottled(_ kind: Flight, sent: MonotonicTime) {
        // A server that limits is well; the gate says when to ask again.
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
        wasThrottled(kind, sent: sent)
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
        if isStrange(answer) { return }
        failures += 1
        firstFailure = firstFailure ?? now
        tellOfOutage(fault)
        switch kind {
        case .head: breaker.probeAnswered(good: false, at: now)
        case .page: pageFailed(answer, sent: sent)
        }
    }

    /// Says that the server is lost; one failed request is none to speak of.
    private mutating func tellOfOutage(_ fault: Answer.Fault) {
        guard !hasToldOutage, failures >= (isGreeted ? Bounds.failuresToTell : 1) else { return }
        hasToldOutage = true
        let text =
            isGreeted
            ? "the server has stopped answering well: \(fault.code); asking until it is back"
            : "no good answer from \(settings.endpoint): \(fault.code)"
        note(.warning, text)
    }

    /// Gives up on something that answers, and is not the API.
    private mutating func isStrange(_ answer: Answer) -> Bool {
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
                "a page of the list failed \(settings.maxAttempts) times (\(code)) although the "
                    + "server answers otherwise"
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
        note(.info, "a page was too large; asking for \(limit) customers at a time")
    }

    // MARK: Questions that the server refuses

    mutating func rejected(
        _ fault: Answer.Fault,
        _ answer: Answer,
        _ kind: Flight,
        sent: MonotonicTime
    ) {
        wasThrottled(kind, sent: sent)
        guard askDifferently() else {
            stop(.failed(Refusal.error(fault, answer.response, at: settings.endpoint)))
            return
        }
    }

    /// Leaves out what an older server, or one that has forgotten a cursor, may refuse.
    private mutating func askDifferently() -> Bool {
        if let walk, walk.cursor != nil, !hasRestarted {
            hasRestarted = true
            note(.info, "the server no longer knows the place; reading from the start of the book")
            self.walk?.restart()
        } else if overlap?.way == .filtered, overlap?.cursor == nil {
            overlap?.turnRound()
        } else if overlap == nil, walk?.cursor == nil, usesFilter, settings.createdAfter != nil,
            walk != nil
        {
            usesFilter = false
        } else if usesOrder, walk?.cursor == nil, overlap?.cursor == nil {
            usesOrder = false
        } else {
            return false
        }
        return true
    }
}
