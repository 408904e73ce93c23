import BatchCore
import Testing

@Suite("Exit codes")
struct ExitStatusTests {
    @Test(
        "A run that cannot begin or go on says why by its code",
        arguments: [
            (BatchError.Code.configuration, 3), (.input, 3), (.refused, 3), (.otherTarget, 3),
            (.storage, 3), (.neverAnswered, 3), (.inUse, 75), (.internalFault, 70),
        ] as [(BatchError.Code, Int32)]
    )
    func errors(_ code: BatchError.Code, _ exit: Int32) {
        #expect(ExitStatus(code).rawValue == exit)
    }

    @Test("Any row with an error makes it 1", arguments: RowStatus.allCases)
    func rows(_ status: RowStatus) {
        let isError = [.invalid, .rejected, .failed, .unknown, .notAttempted].contains(status)
        #expect(ExitStatus(counts: [status: 1]).rawValue == (isError ? 1 : 0))
        #expect(ExitStatus(counts: [status: 0]) == .complete)
    }

    @Test("How a run ended decides before what became of its rows")
    func ends() {
        let counts: [RowStatus: Int] = [.created: 3, .notAttempted: 2]
        #expect(ExitStatus(.signal(1), counts: counts).rawValue == 129)
        #expect(ExitStatus(.signal(2), counts: counts).rawValue == 130)
        #expect(ExitStatus(.signal(15), counts: counts).rawValue == 143)
        #expect(ExitStatus(.tooManyErrors, counts: counts).rawValue == 2)
        #expect(ExitStatus(.outage("down"), counts: counts).rawValue == 4)
        #expect(ExitStatus(.completed, counts: counts).rawValue == 1)
        #expect(ExitStatus(.completed, counts: [.created: 3]).rawValue == 0)
        #expect(ExitStatus(.failed(BatchError(.inUse, "")), counts: counts).rawValue == 75)
    }
}
