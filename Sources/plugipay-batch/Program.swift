import ArgumentParser
import BatchCore
import Plugipay
import PlugipaySandbox
import RowIO
import Synchronization

/// One command at work: what it shows, what it takes from the world, and how it ends.
final class Program: Sendable {
    /// What people see.
    let screen: Screen
    /// Clocks, chance, and the wish to stop.
    let environment: RunEnvironment
    private let command: String
    private let printsJSON: Bool
    private let metricsFile: MetricsFile?
    /// What the run did, once it is known.
    private let summary = Mutex<RunSummary?>(nil)

    /// A run in the real world.
    ///
    /// - Parameters:
    ///   - output: What is shown, printed and filed.
    ///   - command: The command's name, for the metrics.
    ///   - printsData: Whether the command's data goes to standard output.
    convenience init(_ output: OutputOptions, of command: String, printsData: Bool = false) {
        self.init(
            output.screen,
            of: command,
            progress: output.progress,
            printsJSON: output.printsJSON,
            metricsFile: output.metricsFile,
            printsData: printsData
        )
    }

    /// A command in the real world.
    ///
    /// - Parameters:
    ///   - options: What is shown, and how.
    ///   - command: The command's name, for the metrics.
    ///   - progress: The form of progress.
    ///   - printsJSON: Whether a summary is printed on standard output.
    ///   - metricsFile: Where the metrics go, if anywhere.
    ///   - printsData: Whether the command's data goes to standard output.
    init(
        _ options: ScreenOptions,
        of command: String,
        progress: ProgressChoice = .auto,
        printsJSON: Bool = false,
        metricsFile: MetricsFile? = nil,
        printsData: Bool = false
    ) {
        let start = ContinuousClock.now
        let elapsed = { @Sendable in ContinuousClock.now - start }
        let clock = LocalClock.system()
        let localTime = { @Sendable in Timestamp(since1970: clock.now()) }
        let settings = ScreenSettings(options, progress: progress, on: .current(printsData))
        let screen = Screen(settings, world: .init(elapsed: elapsed, localTime: localTime))
        self.screen = screen
        self.command = command
        self.printsJSON = printsJSON
        self.metricsFile = metricsFile
        environment = RunEnvironment(
            localTime: localTime,
            elapsed: elapsed,
            sleep: { try await Task.sleep(for: $0) },
            seed: .random(in: .min ... .max),
            report: { screen.show($0) },
            progress: { screen.show($0) },
            progressInterval: settings.progressInterval,
            stop: StopSource()
        )
    }

    /// Does the work of a command, shows why it failed, files its metrics, and ends the process
    /// with the right code.
    ///
    /// - Parameter body: The work; returns the code.
    /// - Throws: `ExitCode`, for the argument parser to end the process with.
    func run(_ body: () async throws -> ExitCode) async throws {
        Signals.ignoreWriteSignals()
        let code: ExitCode
        do {
            try metricsFile?.check()
            code = try await body()
        } catch let error as ValidationError {
            writeMetrics(.validationFailure)
            throw error
        } catch {
            screen.endProgress()
            let failure = BatchError(anything: error)
            screen.error(failure.message)
            code = ExitCode(ExitStatus(failure.code))
        }
        writeMetrics(code)
        guard code.isSuccess else { throw code }
    }

    /// A run that did its work does not fail because nobody can watch it; it says so.
    private func writeMetrics(_ code: ExitCode) {
        guard let metricsFile else { return }
        var metrics = RunMetrics(
            command: command,
            exitCode: code.rawValue,
            duration: environment.elapsed(),
            endedAt: environment.localTime()
        )
        metrics.summary = summary.withLock(\.self)
        do {
            try metricsFile.write(metrics)
        } catch {
            screen.error("the metrics were not written: \(error.message)")
        }
    }

    /// Does work that a signal can stop softly.
    func stoppable<Value: Sendable>(
        _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        try await Signals.whileTrapping(
            onFirst: { [screen, environment] number in
                environment.stop.request(.signal(number))
                screen.line(
                    "Stopping: nothing new is begun, answers on their way are awaited. "
                        + "A second signal stops at once."
                )
            },
            onSecond: { [screen] in screen.leave() },
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
        self.summary.withLock { $0 = summary }
        screen.show(summary)
        screen.lines(remarks)
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

extension ScreenSettings.Surface {
    /// What this process shows things on.
    fileprivate static func current(_ printsData: Bool) -> Self {
        .init(
            isTerminal: Terminal.isStandardErrorTerminal,
            sharesTerminalWithData: printsData && Terminal.isStandardOutputTerminal,
            term: Terminal.variable("TERM"),
            noColor: Terminal.variable("NO_COLOR")
        )
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
