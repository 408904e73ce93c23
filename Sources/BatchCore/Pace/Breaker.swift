/// Stops all writes while the server is down, so that no row fails for it.
///
/// ```
/// closed ──10 failures in a row──> open ──due──> probing ──good──> trial ──sent──> trying
///   ^                               ^  ^            │                                │ │
///   │                               │  └────bad─────┘ (twice the interval)           │ │
///   │                               └───────────────failure (same interval)──────────┘ │
///   └──all requests in flight again── slowStart <──────────────success─────────────────┘
/// ```
///
/// An answer to a request that was sent before the present state began says nothing about the
/// server as it is now, and changes nothing.
package struct Breaker: Sendable {
    /// What the caller may do.
    package enum Permission: Sendable, Hashable {
        /// Start a request; call `sent(at:)` when it starts.
        case go
        /// Send the one GET that finds out whether the server is back; call `probeSent(at:)`.
        case probe
        /// Ask again at this moment; nil: after the next answer.
        case wait(until: MonotonicTime?)
    }

    /// So many failures in a row, of any rows, look-ups too, and the server counts as down.
    package static let failuresToOpen = 10
    /// The first interval between probes; it doubles.
    package static let firstInterval: Duration = .seconds(1)
    /// The longest interval between probes.
    package static let longestInterval: Duration = .seconds(60)
    /// The time in which the requests in flight double.
    package static let doublingTime: Duration = .seconds(1)
    /// How long a server may be down that never answered well in this run.
    package static let longestFirstOutage: Duration = .seconds(30)

    private enum State: Sendable {
        /// All is well, or a few failures were seen. Left by the tenth failure in a row.
        case closed
        /// Nothing is sent until the next probe is due, an interval after the last bad news. Left
        /// by sending it.
        case open(probeDue: MonotonicTime, interval: Duration)
        /// A probe is in flight. Left by its answer.
        case probing(interval: Duration)
        /// A probe came back well: one write may go. Left by sending it.
        case trial(interval: Duration)
        /// The one write is in flight. Left by its answer, or when it turns out not to have left.
        case trying(interval: Duration)
        /// The write came back well: the requests in flight double from one. Left when they are
        /// what they were, or by the tenth failure in a row.
        case slowStart(since: MonotonicTime)
    }

    private var state: State
    /// The most requests in flight in good times: slow start ends there.
    private let flightLimit: Int
    private var failures = 0
    private var firstFailure: MonotonicTime?
    private var stateBegan = MonotonicTime.start
    /// Whether the server answered well in this run.
    package private(set) var hasAnsweredWell = false

    /// A breaker.
    ///
    /// - Parameters:
    ///   - flightLimit: the most requests in flight in good times.
    ///   - startsWithProbe: whether the first request of the run is a probe, due at once.
    package init(
        flightLimit: Int = Concurrency.range.upperBound,
        startsWithProbe: Bool = false
    ) {
        self.flightLimit = flightLimit
        state = startsWithProbe ? .open(probeDue: .start, interval: .zero) : .closed
    }
}

// MARK: - Queries

extension Breaker {
    /// What the caller may do now.
    ///
    /// - Parameters:
    ///   - now: the moment.
    ///   - inFlight: requests in flight, probes left out.
    /// - Returns: what to start, or when to ask again.
    package func permits(at now: MonotonicTime, inFlight: Int) -> Permission {
        switch state {
        case .closed: return .go
        case .open(let probeDue, _): return now < probeDue ? .wait(until: probeDue) : .probe
        case .probing, .trying: return .wait(until: nil)
        case .trial: return .go
        case .slowStart(let since):
            let doublings = Self.doublings(from: since, to: now)
            guard inFlight >= Self.flight(after: doublings) else { return .go }
            return .wait(until: since + Self.doublingTime * (doublings + 1))
        }
    }

    /// Since when the server has been down: the first of the failures that opened the breaker.
    ///
    /// Nil while it is closed or in slow start.
    package var downSince: MonotonicTime? {
        switch state {
        case .closed, .slowStart: nil
        case .open, .probing, .trial, .trying: firstFailure
        }
    }

    /// When an outage has lasted too long; nil while there is none, or while its end only waits for
    /// a write to be tried.
    ///
    /// - Parameter maxOutage: how long it may last (`--max-outage`). Before the first good answer
    ///   of the run at most ``longestFirstOutage``: then it is rather an address that is wrong.
    /// - Returns: the moment to give up at.
    package func outageEnds(maxOutage: Duration) -> MonotonicTime? {
        if case .trial = state { return nil }
        return downSince.map {
            $0 + (hasAnsweredWell ? maxOutage : min(maxOutage, Self.longestFirstOutage))
        }
    }

    /// When the next probe is due, while the breaker waits for that.
    package var nextProbe: MonotonicTime? {
        if case .open(let probeDue, _) = state { probeDue } else { nil }
    }

    private static func doublings(from since: MonotonicTime, to now: MonotonicTime) -> Int {
        max(0, Int((now - since) / doublingTime))
    }

    /// The requests in flight after so many doublings, bounded to stay a number.
    private static func flight(after doublings: Int) -> Int { 1 << min(doublings, 30) }
}

// MARK: - Events

extension Breaker {
    /// A write or look-up was sent; `succeeded` or `failed` must follow.
    package mutating func sent(at now: MonotonicTime) {
        if case .trial(let interval) = state {
            enter(.trying(interval: interval), at: now)
        }
    }

    /// The probe was sent.
    package mutating func probeSent(at now: MonotonicTime) {
        if case .open(_, let interval) = state { enter(.probing(interval: interval), at: now) }
    }

    /// The probe was answered, or failed.
    package mutating func probeAnswered(good: Bool, at now: MonotonicTime) {
        guard case .probing(let interval) = state else { return }
        if good {
            hasAnsweredWell = true
            // The first request of a run that comes back well at once ends no outage.
            enter(firstFailure == nil ? .closed : .trial(interval: interval), at: now)
        } else {
            if firstFailure == nil { firstFailure = stateBegan }
            let next = max(Self.firstInterval, min(interval * 2, Self.longestInterval))
            open(at: now, interval: next)
        }
    }

    /// The probe was answered, but its question was not: it is asked again at once.
    package mutating func probeUndecided(at now: MonotonicTime) {
        guard case .probing(let interval) = state else { return }
        enter(.open(probeDue: now, interval: interval), at: now)
    }

    /// A write that counted as sent did not leave: another one may go in its place.
    package mutating func withdrawn(at now: MonotonicTime) {
        guard case .trying(let interval) = state else { return }
        enter(.trial(interval: interval), at: now)
    }

    /// A write or look-up was answered by a server that works, whatever it says about the row;
    /// a 429 is such an answer.
    package mutating func succeeded(sent: MonotonicTime, at now: MonotonicTime) {
        guard sent >= stateBegan || isClosed else { return }
        switch state {
        case .closed, .slowStart:
            hasAnsweredWell = true
            failures = 0
            firstFailure = nil
            settle(at: now)
        case .trying:
            hasAnsweredWell = true
            failures = 0
            firstFailure = nil
            enter(.slowStart(since: now), at: now)
        case .open, .probing, .trial: break
        }
    }

    /// A write or look-up failed: nothing was reached, no usable answer came, or a 5xx.
    package mutating func failed(sent: MonotonicTime, at now: MonotonicTime) {
        guard sent >= stateBegan || isClosed else { return }
        switch state {
        case .closed, .slowStart:
            failures += 1
            if firstFailure == nil { firstFailure = now }
            settle(at: now)
            guard failures >= Self.failuresToOpen else { return }
            open(at: now, interval: Self.firstInterval)
        case .trying(let interval): open(at: now, interval: interval)
        case .open, .probing, .trial: break
        }
    }

    private var isClosed: Bool { if case .closed = state { true } else { false } }

    private mutating func open(at now: MonotonicTime, interval: Duration) {
        enter(.open(probeDue: now + interval, interval: interval), at: now)
    }

    /// Ends slow start once as many are in flight as in good times.
    private mutating func settle(at now: MonotonicTime) {
        guard case .slowStart(let since) = state else { return }
        let flight = Self.flight(after: Self.doublings(from: since, to: now))
        if flight >= flightLimit { enter(.closed, at: now) }
    }

    private mutating func enter(_ next: State, at now: MonotonicTime) {
        state = next
        stateBegan = now
    }
}
