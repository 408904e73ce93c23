import Testing

@testable import PlugipaySandbox

@Suite("FaultPlan")
struct FaultPlanTests {
    private func plans(
        _ probabilities: [FaultKind: Double],
        seed: UInt64 = 7,
        count: Int = 4_000
    ) -> [FaultPlan] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in FaultPlan.draw(probabilities, using: &random) }
    }

    @Test("Equal seeds give equal faults, other seeds others")
    func seeds() {
        let faults: [FaultKind: Double] = [.reset: 0.1, .lostResponse: 0.2, .slow: 0.3]
        #expect(plans(faults) == plans(faults))
        #expect(plans(faults) != plans(faults, seed: 8))
    }

    @Test("A fault does not move when another kind is added")
    func independence() {
        let alone = plans([.lostResponse: 0.1]).map(\.after)
        let together = plans([.lostResponse: 0.1, .reset: 0.5, .normalize: 1]).map(\.after)
        #expect(alone == together)
    }

    @Test("A fault is about as frequent as asked for", arguments: FaultKind.allCases)
    func frequency(kind: FaultKind) {
        let struck = plans([kind: 0.25]).filter { $0.has(kind) }.count
        #expect(900...1_100 ~= struck, "\(struck) of 4000, seed 7")
        #expect(plans([:]).allSatisfy { !$0.has(kind) })
    }

    @Test("A slow answer takes 2 to 5 seconds longer")
    func delays() {
        let delays = plans([.slow: 1]).map(\.delay)
        #expect(delays.allSatisfy { .seconds(2)...Duration.seconds(5) ~= $0 })
        #expect(Set(delays).count > 100)
    }
}

extension FaultPlan {
    fileprivate func has(_ kind: FaultKind) -> Bool {
        switch kind {
        case .reset, .error, .html: before == kind
        case .lostResponse, .garbage, .truncated: after == kind
        case .slow: delay > .zero
        case .forget: forgetsKey
        case .normalize: lowercasesEmail
        }
    }
}
