import Plugipay

// The first request of a run, the breaker's probes, and what the user is told of the server.
extension ImportMachine {
    mutating func probeAnswered(_ answer: Answer) {
        switch answer.meaning {
        case .found(let records, _):
            breaker.probeAnswered(good: true, at: now)
            greeted()
            _ = records.allSatisfy { checkAccount(of: $0) }
        case .throttled:
            // A server that limits is well; the gate says when to ask again.
            probeTold()
        case .clockRefused(let response, let fault):
            correctClock(response, fault)
        case .refused(let fault):
            probeRefused(fault, answer)
        case .inDoubt(let fault), .unsent(let fault):
            probeFailed(fault, answer)
        case .rejected(let fault), .taken(let fault), .keyMismatch(let fault):
            stop(.failed(Refusal.error(fault, answer.response, at: settings.endpoint)))
        case .applied, .intentExpired:
            break
        }
    }

    /// A server is there, but has not answered the question: the first request must be asked again.
    private mutating func probeTold() {
        if isGreeted {
            breaker.probeAnswered(good: true, at: now)
        } else {
            breaker.probeUndecided(at: now)
        }
    }

    private mutating func greeted() {
        strangeAnswers = 0
        guard !isGreeted else { return }
        isGreeted = true
        // An intent is dated back by the uncertainty, and so is the window that it opens.
        ownRecordsFrom = now + (moment.uncertainty ?? OwnWindow.largestUncertainty) * 2
    }

    private mutating func correctClock(_ response: Response, _ fault: Answer.Fault) {
        guard probeClockCorrections == 0 else {
            stop(.failed(Refusal.error(fault, response, at: settings.endpoint)))
            return
        }
        probeClockCorrections += 1
        probeTold()
        actions.append(.correctClock(response))
    }

    private mutating func probeRefused(_ fault: Answer.Fault, _ answer: Answer) {
        let lacksScope = fault.status == 403 && fault.code.contains("scope")
        guard lacksScope, settings.onBehalfOf == nil else {
            stop(.failed(Refusal.error(fault, answer.response, at: settings.endpoint)))
            return
        }
        breaker.probeAnswered(good: true, at: now)
        if !lookUpsAreRefused {
            let text =
                "the key may not read customers: a row in doubt cannot be looked up, "
                + "and the id of a customer that exists already stays unknown"
            actions.append(.note(RunNote(.warning, text)))
        }
        lookUpsAreRefused = true
        greeted()
    }

    private mutating func probeFailed(_ fault: Answer.Fault, _ answer: Answer) {
        lastFault = fault
        if let response = answer.response, response.status < 500, !response.isEnvelope {
            strangeAnswers += 1
            if strangeAnswers >= Bounds.strangeAnswers, !isGreeted {
                stop(.failed(Refusal.strange(response, at: settings.endpoint)))
                return
            }
        } else {
            strangeAnswers = 0
        }
        let wasUp = breaker.downSince == nil
        breaker.probeAnswered(good: false, at: now)
        if wasUp { actions.append(.note(trouble.neverWell)) }
    }

    // MARK: What the user is told

    /// What is known of a server that does not answer well.
    var trouble: ServerTrouble {
        ServerTrouble(endpoint: settings.endpoint, lastFault: lastFault)
    }

    mutating func noteOutage(since: MonotonicTime, _ answer: Answer) {
        switch answer.meaning {
        case .inDoubt(let fault), .unsent(let fault): lastFault = fault
        default: break
        }
        actions.append(.note(trouble.lost))
    }

    mutating func noteReturn(after time: Duration) {
        actions.append(.note(ServerTrouble.back(after: time)))
    }
}
