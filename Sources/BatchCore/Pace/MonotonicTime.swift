/// A moment of a run: how long after its start.
///
/// It comes from a clock that never jumps and is handed in, so that everything here is a function
/// of its inputs.
package struct MonotonicTime: Sendable, Hashable, Comparable {
    /// The time since the start of the run.
    package var sinceStart: Duration

    /// The moment this long after the start.
    package init(_ sinceStart: Duration) {
        self.sinceStart = sinceStart
    }

    /// The start of the run.
    package static let start = MonotonicTime(.zero)

    /// Whether `lhs` comes first.
    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.sinceStart < rhs.sinceStart }

    /// The moment this much later.
    package static func + (lhs: Self, rhs: Duration) -> Self { Self(lhs.sinceStart + rhs) }

    /// The moment this much earlier.
    package static func - (lhs: Self, rhs: Duration) -> Self { Self(lhs.sinceStart - rhs) }

    /// How much later `lhs` is than `rhs`; negative if it is earlier.
    package static func - (lhs: Self, rhs: Self) -> Duration { lhs.sinceStart - rhs.sinceStart }
}
