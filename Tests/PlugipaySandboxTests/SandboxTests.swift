import HTTPTypes
import HummingbirdTesting
import Logging
import PlugipaySandbox
import Testing

@Suite("Sandbox")
struct SandboxTests {
    @Test("It ends soon when it is cancelled, though a client keeps its connection open")
    func cancellation() async throws {
        let sandbox = Sandbox(
            configuration: SandboxConfiguration(port: 0),
            logger: Logger(label: "sandbox") { _ in SwiftLogNoOpLogHandler() }
        )
        let (addresses, ready) = AsyncStream.makeStream(of: SandboxAddress.self)
        let running = Task { try await sandbox.run { ready.yield($0) } }
        let address = try #require(await addresses.first { _ in true })
        try await TestClient.withClient(host: address.host, port: address.port) {
            client async throws in
            let answer = try await client.get("/api/v1/health")
            #expect(answer.status == .ok)
            running.cancel()
            let start = ContinuousClock.now
            await #expect(throws: Never.self) { try await running.value }
            #expect(ContinuousClock.now - start < .seconds(120))
        }
    }

    @Test("It ends soon when it is cancelled, though a request is being served")
    func cancellationInFlight() async throws {
        let (waits, waiting) = AsyncStream.makeStream(of: Void.self)
        let clock = SandboxClock(
            now: SandboxClock.system.now,
            sleep: { duration in
                waiting.yield()
                try await Task.sleep(for: duration)
            }
        )
        let sandbox = Sandbox(
            configuration: SandboxConfiguration(port: 0, latency: .seconds(600), clock: clock),
            logger: Logger(label: "sandbox") { _ in SwiftLogNoOpLogHandler() }
        )
        let (addresses, ready) = AsyncStream.makeStream(of: SandboxAddress.self)
        let running = Task { try await sandbox.run { ready.yield($0) } }
        let address = try #require(await addresses.first { _ in true })
        let request = Task { try await SandboxClient(address: address, clock: clock).create() }
        _ = await waits.first { _ in true }
        running.cancel()
        let start = ContinuousClock.now
        await #expect(throws: Never.self) { try await running.value }
        await #expect(throws: (any Error).self) { try await request.value }
        #expect(ContinuousClock.now - start < .seconds(120))
    }

    @Test("The work of onReady may take as long as the sandbox runs")
    func longReady() async throws {
        let sandbox = Sandbox(
            configuration: SandboxConfiguration(port: 0),
            logger: Logger(label: "sandbox") { _ in SwiftLogNoOpLogHandler() }
        )
        let (statuses, report) = AsyncStream.makeStream(of: Int.self)
        let running = Task {
            try await sandbox.run { address in
                let answer = try? await TestClient.withClient(
                    host: address.host,
                    port: address.port
                ) { try await $0.get("/v1/health") }
                report.yield(answer?.status.code ?? 0)
            }
        }
        #expect(await statuses.first { _ in true } == 200)
        running.cancel()
        _ = await running.result
    }

    @Test("A port that is taken is an error that names it")
    func takenPort() async throws {
        try await withSandbox { client async throws in
            let port = client.address.port
            let error = await #expect(throws: SandboxError.self) {
                try await withSandbox({ $0.port = port }) { _ in }
            }
            #expect(error?.code == .cannotListen)
            #expect(error?.message.contains("127.0.0.1:\(port)") == true)
        }
    }

    @Test("Values that make no sense are refused before anything is opened")
    func configuration() async throws {
        let changes: [@Sendable (inout SandboxConfiguration) -> Void] = [
            { $0.faults = [.reset: 1.5] }, { $0.faults = [.slow: -.infinity] },
            { $0.writeRate = -1 }, { $0.readRate = .nan }, { $0.port = 70_000 },
        ]
        for change in changes {
            let error = await #expect(throws: SandboxError.self) {
                try await withSandbox(change) { _ in }
            }
            #expect(error?.code == .invalidConfiguration)
        }
    }

    @Test("The tally counts every request, by method and status")
    func tally() async throws {
        try await withSandbox { client async throws in
            _ = try await client.create()
            _ = try await client.create(#"{"x":"1"}"#)
            _ = try await client.list()
            _ = try await client.sendUnsigned(.get, "/nowhere")
            let requests = try await client.requests()
            #expect(requests["total"] as? Int == 4)
            let methods = requests["methods"] as? [String: [String: Int]]
            #expect(methods == ["GET": ["200": 1, "404": 1], "POST": ["201": 1, "400": 1]])
        }
    }
}
