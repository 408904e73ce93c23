import Logging
import PlugipaySandbox

/// Runs a sandbox on a free port for as long as `body` takes.
func withSandbox<Value: Sendable>(
    _ change: (inout SandboxConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (SandboxClient) async throws -> Value
) async throws -> Value {
    var configuration = SandboxConfiguration(port: 0, writeRate: 0, readRate: 0)
    change(&configuration)
    var logger = Logger(label: "sandbox")
    logger.logLevel = .critical
    let sandbox = Sandbox(configuration: configuration, logger: logger)
    let (addresses, ready) = AsyncStream.makeStream(of: SandboxAddress.self)
    let clock = configuration.clock
    return try await withThrowingTaskGroup(of: Value?.self) { group in
        defer { group.cancelAll() }
        group.addTask {
            try await sandbox.run { ready.yield($0) }
            return nil
        }
        group.addTask {
            guard let address = await addresses.first(where: { _ in true }) else { return nil }
            return try await body(SandboxClient(address: address, clock: clock))
        }
        while let value = try await group.next() {
            if let value { return value }
        }
        throw CancellationError()
    }
}
