#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The time of the server, handed in so that tests own it.
public struct SandboxClock: Sendable {
    /// The time since 1970-01-01T00:00:00Z.
    public var now: @Sendable () -> Duration
    /// Waits; throws when its task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void

    /// Creates a clock from how it tells the time and how it waits.
    public init(
        now: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The clock of this machine.
    public static let system = SandboxClock(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
        },
        sleep: { try await Task.sleep(for: $0) }
    )

    var timestamp: Timestamp { Timestamp(sinceEpoch: now()) }
}
