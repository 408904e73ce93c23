public import ArgumentParser
import BatchCore
import Logging
import PlugipaySandbox

extension SandboxProfile: ExpressibleByArgument {}

/// `sandbox`: serves a local Plugipay API.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Serves a local Plugipay API on a SQLite book.",
        discussion: """
            EXAMPLES:
              plugipay-batch sandbox
              plugipay-batch sandbox --port 0 --memory --write-rate 0 --read-rate 0
              plugipay-batch sandbox --latency 120ms --fault lost-response=0.03 reset=0.02

            When it is ready, it prints what to export on standard output. It serves
            until SIGINT (Ctrl-C) or SIGTERM, and then exits with 0.
            """
    )

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port = 4010

    @Option(
        help: ArgumentHelp(
            "The book (default: \(ConnectionOptions.defaultSandboxDatabase)).",
            valueName: "file"
        ),
        completion: .file()
    )
    var database: String?

    @Flag(name: .customLong("memory"), help: "Keep the book in memory; it ends with the sandbox.")
    var isInMemory = false

    @Option(help: ArgumentHelp("Writes a second; 0 is unlimited.", valueName: "n"))
    var writeRate = 20.0

    @Option(help: ArgumentHelp("Reads a second; 0 is unlimited.", valueName: "n"))
    var readRate = 100.0

    @Option(
        help: ArgumentHelp("Added to every answer (default: 0s).", valueName: "duration"),
        transform: FlagValue.duration
    )
    var latency: Duration?

    @Option(
        name: .customLong("fault"),
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "What goes wrong, and how often, from 0 to 1; repeatable. Kinds: "
                + FaultKind.allCases.map(\.rawValue).joined(separator: ", ") + ".",
            valueName: "kind=probability"
        ),
        transform: FaultArgument.init(text:)
    )
    var faults: [FaultArgument] = []

    @Option(help: ArgumentHelp("Equal seeds, equal faults (default: random).", valueName: "n"))
    var seed: UInt64?

    @Option(
        name: .customLong("idempotency-ttl"),
        help: ArgumentHelp(
            "How long an idempotency key is remembered (default: 24h).",
            valueName: "duration"
        ),
        transform: FlagValue.duration
    )
    var idempotencyTTL: Duration?

    @Option(help: "Which generation of the service to behave like.")
    var profile = SandboxProfile.current

    @OptionGroup(title: "Output") var screen: ScreenOptions

    func validate() throws {
        guard !isInMemory || database == nil else {
            throw ValidationError("--memory has no file: leave out --database.")
        }
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port is from 0 to 65535; 0 takes a free one.")
        }
        for rate in [writeRate, readRate] where !(rate >= 0 && rate.isFinite) {
            throw ValidationError("A rate is a number of requests a second; 0 is unlimited.")
        }
    }

    @concurrent
    func run() async throws {
        let program = Program(screen, of: "sandbox")
        try await program.run {
            try await serve(program)
            return .success
        }
    }

    private func serve(_ program: Program) async throws {
        let seed = seed ?? program.environment.seed
        let screen = program.screen
        let sandbox = Sandbox(
            configuration: configuration(seed: seed),
            logger: Logger(label: "sandbox") { _ in ScreenLogHandler(screen) }
        )
        let stop = program.environment.stop
        let isFaulty = !faults.isEmpty
        try await Signals.whileTrapping(onFirst: { stop.request(.signal($0)) }) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await sandbox.run { address in
                        SandboxExports(address: address).print(to: screen)
                        if isFaulty { screen.line("Faults follow --seed \(seed).") }
                    }
                }
                group.addTask { _ = await stop.wait() }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    private func configuration(seed: UInt64) -> SandboxConfiguration {
        var configuration = SandboxConfiguration(
            host: host,
            port: port,
            storage: isInMemory
                ? .memory : .file(database ?? ConnectionOptions.defaultSandboxDatabase),
            writeRate: writeRate,
            readRate: readRate,
            latency: latency ?? .zero,
            seed: seed,
            profile: profile
        )
        for fault in faults { configuration.faults[fault.kind] = fault.probability }
        if let idempotencyTTL { configuration.idempotencyTTL = idempotencyTTL }
        return configuration
    }
}
