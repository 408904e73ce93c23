import ArgumentParser
import BatchCore
import Plugipay
import PlugipaySandbox
import RowIO

/// One command at work: what it shows, what it takes from the world, and how it ends.
struct Program: Sendable {
    /// What people see.
    let screen: Screen
    /// Clocks, chance, and the wish to stop.
    let environment: RunEnvironment
    private let printsJSON: Bool

    /// The program in the real world.
    ///
    /// - Parameters:
    ///   - isQuiet: Whether only errors are shown.
    ///   - printsJSON: Whether a summary is printed on standard output.
    init(isQuiet: Bool = false, printsJSON: Bool = false) {
        let start = ContinuousClock.now
        let elapsed = { @Sendable in ContinuousClock.now - start }
        let screen = Screen(isQuiet: isQuiet, elapsed: elapsed)
        let clock = LocalClock.system()
        self.screen = screen
        self.printsJSON = printsJSON
        environment = RunEnvironment(
            localTime: { Timestamp(since1970: clock.now()) },
            elapsed: elapsed,
            sleep: { try await Task.sleep(for: $0) },
            seed: .random(in: .min ... .max),
            report: { screen.show($0) },
            stop: StopSource()
        )
    }

    /// Does the work of a command, shows why it failed, and ends the process with the right code.
    ///
    /// - Parameter body: The work; returns the code.
    /// - Throws: `ExitCode`, for the argument parser to end the process with.
    func run(_ body: () async throws -> ExitCode) async throws {
        Signals.ignoreWriteSignals()
        let code: ExitCode
        do {
            code = try await body()
        } catch let error as ValidationError {
            throw error
        } catch {
            let failure = BatchError(anything: error)
            screen.error(failure.message)
            throw ExitCode(ExitStatus(failure.code))
        }
        guard code.isSuccess else { throw code }
    }

    /// Does work that a signal can stop softly.
    func stoppable<Value: Sendable>(
        _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        try await Signals.whileTrapping(
            onFirst: { [screen, environment] number in
                environment.stop.request(.signal(number))
                screen.line(
                    "Stopping: no more rows are taken, answers on their way are awaited. "
                        + "A second signal stops at once."
                )
            },
            body
        )
    }

    /// Shows the end of a run.
    ///
    /// - Parameters:
    ///   - summary: What it did.
    ///   - remarks: Lines that follow the table.
    /// - Returns: The code to end with.
    /// - Throws: `BatchError` when standard output takes no data.
    func finish(_ summary: RunSummary, remarks: [String] = []) throws -> ExitCode {
        screen.lines([""] + SummaryTable(summary).lines + remarks)
        if let failure = summary.failure { screen.error(failure.message) }
        if !summary.addsUp {
            screen.error(
                "the counts do not add up: this is a fault of this program. The journal is right; "
                    + "please report it together with summary.json"
            )
        }
        if printsJSON { try Render.line(summary.json) }
        return ExitCode(summary)
    }
}

extension BatchError {
    /// What any error means for a run.
    init(anything error: any Error) {
        self =
            switch error {
            case let error as BatchError: error
            case let error as InputError: BatchError(.input, error.description, cause: error)
            case let error as MappingError: BatchError(.input, error.message, cause: error)
            case let error as OutputError: BatchError(.storage, error.description, cause: error)
            case let error as JournalError: BatchError(.storage, error.message, cause: error)
            case let error as SandboxError:
                BatchError(.configuration, error.description, cause: error)
            case let error as PlugipayError: BatchError(.refused, error.message, cause: error)
            default: BatchError(.internalFault, "unexpected error: \(error)", cause: error)
            }
    }
}
