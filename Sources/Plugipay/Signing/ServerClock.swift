import Synchronization

/// An estimate of the server's clock, made from the times that its answers tell.
///
/// Signatures are valid for 300 s around the server's time, and a record counts as ours only when
/// it is not older than our first request; both need the server's clock, whatever this machine's
/// clock says. Each answer gives a sample: what the server's clock showed about half a round trip
/// before the answer arrived. Of the last ``rememberedSamples`` the one with the smallest
/// uncertainty counts.
public final class ServerClock: Sendable {
    /// How many samples are kept.
    public static let rememberedSamples = 20

    /// What a time in whole seconds adds to the uncertainty.
    private static let wholeSecond: Duration = .seconds(1)

    /// How far `meta.timestamp` may be from the `Date` of the same answer.
    private static let agreement: Duration = .seconds(2)

    private struct Sample {
        var offset: Duration
        var uncertainty: Duration
    }

    private struct Samples {
        var ring: [Sample] = []
        var next = 0
        var best: Sample?

        mutating func add(_ sample: Sample) {
            if ring.count < ServerClock.rememberedSamples {
                ring.append(sample)
            } else {
                ring[next] = sample
                next = (next + 1) % ServerClock.rememberedSamples
            }
            best = ring.min { $0.uncertainty < $1.uncertainty }
        }
    }

    private let local: LocalClock
    private let samples = Mutex(Samples())

    /// A clock without samples: until the first answer it shows the local time.
    public init(local: LocalClock = .system()) {
        self.local = local
    }

    /// The server's time, as far as it is known; the local time before the first sample.
    public func now() -> Timestamp {
        let offset = samples.withLock { $0.best?.offset } ?? .zero
        return Timestamp(since1970: local.now() + offset)
    }

    /// This machine's time, which jumps of its wall clock do not change.
    public func localNow() -> Timestamp {
        Timestamp(since1970: local.now())
    }

    /// By how much ``now()`` may be wrong: the round trip of the best sample, and 1 s more if it
    /// came from a `Date` header.
    ///
    /// `nil` before the first sample.
    public var uncertainty: Duration? {
        samples.withLock { $0.best?.uncertainty }
    }

    /// Whether an answer has told the server's time yet.
    public var hasSample: Bool {
        samples.withLock { $0.best != nil }
    }

    /// What to add to the local time; `nil` before the first sample.
    public var offset: Duration? {
        samples.withLock { $0.best?.offset }
    }

    /// This machine's time with its full precision, for measuring round trips.
    func localTime() -> Duration { local.now() }

    /// Takes a sample from an answer that came `roundTrip` after the request left at `sentAt`
    /// (local time since 1970).
    func observe(_ response: Response, sentAt: Duration) {
        guard let (time, isExact) = Self.serverTime(of: response) else { return }
        add(time, isExact: isExact, sentAt: sentAt, roundTrip: response.roundTrip)
    }

    /// Believes the `Date` of this answer and forgets every earlier sample: for a server that
    /// refused the time of a signature.
    ///
    /// - Returns: Whether the answer has a readable `Date`.
    @discardableResult
    public func correctFromDate(of response: Response) -> Bool {
        guard let date = response.date else { return false }
        samples.withLock { $0 = Samples() }
        let sentAt = Duration.milliseconds(response.sentAt.millisecondsSince1970)
        add(date, isExact: false, sentAt: sentAt, roundTrip: response.roundTrip)
        return true
    }

    private func add(_ time: Timestamp, isExact: Bool, sentAt: Duration, roundTrip: Duration) {
        let told = Duration.milliseconds(time.millisecondsSince1970)
        let sample = Sample(
            offset: told - (sentAt + roundTrip / 2),
            uncertainty: roundTrip + (isExact ? .zero : Self.wholeSecond)
        )
        samples.withLock { $0.add(sample) }
    }

    /// The time that an answer tells, and whether it is exact to the millisecond.
    ///
    /// The answer to a repeated idempotency key is the stored one, and its `meta.timestamp` hours
    /// old. So that one is believed only where `Date`, which is always fresh, agrees, or where
    /// the request was a read, which is never answered from the store.
    private static func serverTime(of response: Response) -> (Timestamp, isExact: Bool)? {
        let date = response.date
        guard let meta = Envelope.parse(response)?.meta, meta.isTimestampExact,
            let exact = meta.timestamp
        else { return date.map { ($0, false) } }
        guard let date else { return response.method.isRead ? (exact, true) : nil }
        let distance = exact - date
        let isAgreed = distance > .zero - agreement && distance < agreement
        return isAgreed ? (exact, true) : (date, false)
    }
}
