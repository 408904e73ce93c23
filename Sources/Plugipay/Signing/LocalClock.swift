#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#elseif canImport(Glibc)
import Glibc
#endif

/// Tells the time of this machine, as time since 1970-01-01T00:00:00Z.
public struct LocalClock: Sendable {
    private let read: @Sendable () -> Duration

    /// A clock that tells what `read` returns: time since 1970, which must never go back.
    public init(_ read: @escaping @Sendable () -> Duration) {
        self.read = read
    }

    /// The time now, since 1970.
    public func now() -> Duration { read() }

    /// The machine's clock: it goes on while the machine sleeps (`CLOCK_BOOTTIME` on Linux), and is
    /// set by the wall clock once, here.
    ///
    /// A jump of the wall clock later on changes nothing: a request must not be signed an hour
    /// ahead because somebody corrected the time.
    public static func system() -> LocalClock {
        let clock = ContinuousClock()
        let start = clock.now
        let wallAtStart = wallTime()
        return LocalClock { wallAtStart + (clock.now - start) }
    }

    private static func wallTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }
}
