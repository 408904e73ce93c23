import PlugipaySandbox
import Synchronization

/// A clock that moves when it is told to, and counts waits instead of waiting.
final class HandTurnedClock: Sendable {
    private let time: Mutex<Duration>
    private let waits = Mutex<[Duration]>([])

    /// The timestamp of the signing vectors: 2026-01-01T00:00:00Z.
    init(_ start: Duration = .seconds(1_767_225_600)) {
        time = Mutex(start)
    }

    var now: Duration { time.withLock { $0 } }

    var waited: [Duration] { waits.withLock { $0 } }

    func turn(by duration: Duration) {
        time.withLock { $0 += duration }
    }

    var sandboxClock: SandboxClock {
        SandboxClock(
            now: { self.now },
            sleep: { duration in self.waits.withLock { $0.append(duration) } }
        )
    }
}
