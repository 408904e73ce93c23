package import Plugipay
import Synchronization

/// A clock that stands until it is moved: local time since 1970.
package final class ManualLocalClock: Sendable {
    private let time: Mutex<Duration>

    /// A clock that shows `start`, in time since 1970.
    package init(_ start: Duration) {
        time = Mutex(start)
    }

    /// What the client reads.
    package var local: LocalClock {
        LocalClock { self.time.withLock { $0 } }
    }

    /// Moves the clock on.
    package func advance(by step: Duration) {
        time.withLock { $0 += step }
    }
}
