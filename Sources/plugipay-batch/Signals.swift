import BatchCore
import UnixSignals

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The signals that ask this program to stop.
enum Signals {
    /// Lets a broken pipe and a file that grows past its limit be errors of the write that meets
    /// them, and not the end of the process.
    static func ignoreWriteSignals() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
    }

    /// Ends the process at the first signal, with its code: for work that leaves nothing behind.
    ///
    /// - Parameter hasLiveLine: Whether a live line may have to be taken away.
    static func exitAtOnce(hasLiveLine: Bool) {
        for signal in trapped() {
            if hasLiveLine {
                handle(signal.rawValue) {
                    // Written out, because a handler must not be the first to ask for a constant.
                    Terminal.writeAtOnce("\r\u{1B}[K")
                    _exit(128 + $0)
                }
            } else {
                handle(signal.rawValue) { _exit(128 + $0) }
            }
        }
    }

    private static func handle(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void)
    {
        signal(number, handler)
    }

    /// Runs `body`, and meanwhile turns the first signal into a wish to stop.
    ///
    /// A second one ends the process at once: the journal tells the truth at any moment.
    ///
    /// - Parameters:
    ///   - onFirst: Called with the number of the first signal.
    ///   - onSecond: Called before the second one ends the process; must not wait.
    ///   - body: The work.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    static func whileTrapping<Value: Sendable>(
        onFirst: @escaping @Sendable (Int32) -> Void,
        onSecond: @escaping @Sendable () -> Void = {},
        _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        let signals = await UnixSignalsSequence(trapping: trapped())
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await watch(signals, onFirst: onFirst, onSecond: onSecond) }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    private static func watch(
        _ signals: UnixSignalsSequence,
        onFirst: @Sendable (Int32) -> Void,
        onSecond: @Sendable () -> Void
    ) async {
        var isStopping = false
        for await signal in signals {
            let number = signal.rawValue
            if isStopping {
                onSecond()
                _exit(ExitStatus.signal(number).rawValue)
            }
            isStopping = true
            onFirst(number)
        }
    }

    /// SIGINT, SIGTERM, and SIGHUP unless it is ignored already: that is how `nohup` asks a program
    /// to outlive its terminal.
    private static func trapped() -> [UnixSignal] {
        var action = sigaction()
        sigaction(SIGHUP, nil, &action)
        #if canImport(Darwin)
        let handler = action.__sigaction_u.__sa_handler
        #else
        let handler = action.__sigaction_handler.sa_handler
        #endif
        let isIgnored = unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
        return isIgnored ? [.sigint, .sigterm] : [.sighup, .sigint, .sigterm]
    }
}
