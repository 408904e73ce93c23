/// Decides which progress notes are shown where nothing can be overwritten: one every 30 s.
struct ProgressLine: Sendable {
    /// The time between two lines.
    static let interval = Duration.seconds(30)

    private var last = Duration.zero

    /// Whether a note is shown now.
    ///
    /// - Parameter elapsed: Time since the start of the program.
    /// - Returns: Whether 30 s have passed since the last one.
    mutating func isDue(at elapsed: Duration) -> Bool {
        guard elapsed - last >= Self.interval else { return false }
        last = elapsed
        return true
    }
}
