/// What goes wrong with one request.
struct FaultPlan: Sendable, Equatable {
    /// `reset`, `error` or `html`.
    var before: FaultKind?
    /// `lostResponse`, `garbage` or `truncated`.
    var after: FaultKind?
    /// How much longer the answer takes.
    var delay: Duration = .zero
    /// The status of an `error`.
    var status = 500
    var forgetsKey = false
    var lowercasesEmail = false

    static let statuses = [500, 502, 503, 504]
    static let delays = 2_000...5_000

    /// Draws the same numbers for every request, so that the faults of one kind do not depend on
    /// the probabilities of the others.
    static func draw(
        _ probabilities: [FaultKind: Double],
        using random: inout SeededGenerator
    ) -> FaultPlan {
        var plan = FaultPlan()
        let strikes = FaultKind.allCases.filter { kind in
            Double.random(in: 0..<1, using: &random) < probabilities[kind] ?? 0
        }
        plan.before = strikes.first { [.reset, .error, .html].contains($0) }
        plan.after = strikes.first { [.lostResponse, .garbage, .truncated].contains($0) }
        plan.status = statuses.randomElement(using: &random) ?? plan.status
        let delay = Int.random(in: delays, using: &random)
        if strikes.contains(.slow) { plan.delay = .milliseconds(delay) }
        plan.forgetsKey = strikes.contains(.forget)
        plan.lowercasesEmail = strikes.contains(.normalize)
        return plan
    }
}
