import TestSupport
import Testing

@testable import Plugipay

@Suite(.timeLimit(.minutes(5))) struct AsyncHTTPClientTransportTests {
    private static let body = #"{"data":{"id":"cus_1"},"error":null,"meta":{}}"#

    @Test("a request goes out byte for byte as it was signed, and the answer comes back whole")
    func exchange() async throws {
        let server = try await LoopbackServer { _, _ in
            [.answer("201 Created", Self.body, headers: "X-Request-Id: req_1\r\n")]
        }
        try await withClient(of: server) { client in
            var operation = Operation.post(
                Operation.path("customers", "a/b c?#é%+"),
                query: [("q", "a+b c&d=é/%:,~"), ("empty", "")],
                body: Array("{\"name\":\"Čaj / 茶 <&>\"}".utf8)
            )
            operation.requestID = "trace-1"
            let response = try await client.respond(to: operation)
            #expect(response.status == 201)
            #expect(response.requestID == "req_1")
            #expect(response.body == Array(Self.body.utf8))
            let target = operation.target(under: "/api/v1")
            let seen = try #require(server.requests.first)
            #expect(seen.line == "POST \(target) HTTP/1.1")
            #expect(seen.body == operation.body)
            #expect(seen.head.contains("\r\nX-Request-Id: trace-1"))
            #expect(!seen.head.lowercased().contains("accept-encoding"))
        }
    }

    @Test("connections are used again, and one that is told to close is not")
    func reuse() async throws {
        let server = try await LoopbackServer { _, number in
            number < 2
                ? [.answer("200 OK", Self.body)]
                : [.answer("200 OK", Self.body, headers: "Connection: close\r\n"), .close]
        }
        try await withClient(of: server) { client in
            for _ in 0..<5 { _ = try await client.respond(to: .get("/customers")) }
            #expect(server.requests.map(\.connection) == [0, 0, 0, 1, 2])
        }
    }

    @Test("a redirect is an answer, and is not followed", arguments: [301, 302, 307, 308])
    func redirect(status: Int) async throws {
        let server = try await LoopbackServer { _, _ in
            [.answer("\(status) Moved", headers: "Location: /elsewhere\r\n")]
        }
        try await withClient(of: server) { client in
            let response = try await client.respond(to: .post("/customers", body: [0x7B, 0x7D]))
            #expect(response.status == status)
            #expect(response.headers["location"] == "/elsewhere")
            #expect(server.requests.count == 1)
        }
    }

    @Test("a compressed answer is not inflated")
    func compressed() async throws {
        let server = try await LoopbackServer { _, _ in
            [.answer("200 OK", "pretend", headers: "Content-Encoding: gzip\r\n")]
        }
        try await withClient(of: server) { client in
            let response = try await client.respond(to: .get("/customers"))
            #expect(response.body == Array("pretend".utf8))
        }
    }

    @Test("a client that is forgotten closes its connections by itself")
    func forgotten() async throws {
        let server = try await LoopbackServer { _, _ in [.answer("200 OK", Self.body)] }
        do {
            let client = PlugipayClient(configuration: .loopback(port: server.port))
            _ = try await client.respond(to: .get("/customers"))
        }
        for await _ in server.closings { break }
        try await server.stop()
    }

    // MARK: Nothing left this machine

    @Test("a refused connection: nothing was sent")
    func refused() async throws {
        let server = try await LoopbackServer()
        try await server.stop()
        await expectFailure(.refused, isSent: false, of: server)
    }

    @Test("a host without an address: nothing was sent")
    func unknownHost() async throws {
        var configuration = Configuration.loopback(port: 80)
        configuration.baseURL = try BaseURL("https://no-such-host.invalid")
        await expectFailure(.unknownHost, isSent: false, configuration: configuration)
    }

    @Test("a server that does not speak TLS: nothing was sent")
    func noTLS() async throws {
        let server = try await LoopbackServer(greeting: [.send("SSH-2.0-hello\r\n")])
        var configuration = Configuration.loopback(port: server.port)
        configuration.baseURL = try BaseURL("https://127.0.0.1:\(server.port)")
        await expectFailure(.tlsHandshake, isSent: false, configuration: configuration)
        #expect(server.requests.isEmpty)
    }

    @Test("a server that breaks off the TLS handshake: nothing was sent", arguments: [true, false])
    func brokenHandshake(isReset: Bool) async throws {
        let server = try await LoopbackServer(greeting: [isReset ? .reset : .close])
        var configuration = Configuration.loopback(port: server.port)
        configuration.baseURL = try BaseURL("https://127.0.0.1:\(server.port)")
        let error = await failure(configuration: configuration)
        #expect(error?.mayHaveReachedServer == false)
    }

    @Test("a certificate that nobody trusts, or for another host: nothing was sent")
    func certificate() async throws {
        let ours = try SelfSignedCertificate(address: [127, 0, 0, 1])
        let foreign = try SelfSignedCertificate(address: [127, 0, 0, 2])
        for (certificate, trusted, code) in [
            (ours, foreign, TransportFailure.Code.certificate),
            (foreign, foreign, .certificate),
            (ours, ours, nil),
        ] {
            let server = try await LoopbackServer(tls: try certificate.serverContext()) { _, _ in
                [.answer("200 OK", Self.body)]
            }
            var configuration = Configuration.loopback(port: server.port)
            configuration.baseURL = try BaseURL("https://127.0.0.1:\(server.port)")
            let transport = AsyncHTTPClientTransport(
                configuration: configuration,
                tlsConfiguration: trusted.clientConfiguration()
            )
            let client = PlugipayClient(configuration: configuration, transport: transport)
            do throws(PlugipayError) {
                let response = try await client.respond(to: .post("/customers"))
                #expect(code == nil && response.status == 200)
            } catch {
                #expect((error.cause as? TransportFailure)?.code == code, "\(error)")
                #expect(error.code == .invalidCertificate)
                #expect(!error.mayHaveReachedServer)
            }
            #expect(server.requests.count == (code == nil ? 1 : 0))
            try await client.shutdown()
            try await server.stop()
        }
    }

    @Test("a handshake that takes too long: nothing was sent")
    func slowHandshake() async throws {
        let server = try await LoopbackServer()
        var configuration = Configuration.loopback(port: server.port)
        configuration.baseURL = try BaseURL("https://127.0.0.1:\(server.port)")
        configuration.connectTimeout = .milliseconds(50)
        let error = await failure(configuration: configuration)
        #expect(error?.code == .networkError)
        #expect(error?.mayHaveReachedServer == false)
    }

    @Test("a request that waits for a free connection until its time is over was not sent")
    func queued() async throws {
        let server = try await LoopbackServer()
        var configuration = Configuration.loopback(port: server.port)
        configuration.connectionLimit = 1
        try await withClient(of: server, configuration: configuration) { client in
            let first = Task { try await client.respond(to: .post("/customers")) }
            for await _ in server.arrivals { break }
            var operation = Operation.post("/customers")
            operation.timeout = .milliseconds(20)
            let late = await #expect(throws: PlugipayError.self) {
                try await client.respond(to: operation)
            }
            #expect(late?.code == .timeout)
            #expect(late?.mayHaveReachedServer == false)
            let second = Task { try await client.respond(to: .post("/customers")) }
            await Task.yield()
            second.cancel()
            let cancelled = await #expect(throws: PlugipayError.self) { try await second.value }
            #expect(cancelled?.code == .canceled)
            #expect(cancelled?.mayHaveReachedServer == false)
            first.cancel()
            let sent = await #expect(throws: PlugipayError.self) { try await first.value }
            #expect(sent?.code == .canceled)
            #expect(sent?.mayHaveReachedServer == true)
            #expect(server.requests.count == 1)
        }
    }

    // MARK: The server may have acted

    @Test(
        "what goes wrong after the request left is in doubt, and is not repeated",
        arguments: [
            ([.close], .connectionLost), ([.reset], .connectionLost),
            ([.send("HTTP/1.1 20"), .close], .connectionLost),
            ([.send("HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{"), .close], .shortBody),
            ([.send("HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{"), .reset], .shortBody),
            (
                [
                    .send("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"da"),
                    .close,
                ], .shortBody
            ),
            ([.send("SSH-2.0-hello\r\n\r\n")], .notHTTP),
            ([.send("HTTP/1.1 201 Created\r\nContent-Length: x\r\n\r\n")], .notHTTP),
            ([.answer("201 Created", String(repeating: "x", count: 1025))], .tooLarge),
            (
                [
                    .send(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n401\r\n"
                            + String(repeating: "x", count: 1025) + "\r\n0\r\n\r\n"
                    )
                ], .tooLarge
            ),
            ([], .timeout),
            ([.send("HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{")], .timeout),
        ] as [([LoopbackServer.Reply], TransportFailure.Code)]
    )
    func inDoubt(replies: [LoopbackServer.Reply], code: TransportFailure.Code) async throws {
        let server = try await LoopbackServer { _, _ in replies }
        var configuration = Configuration.loopback(port: server.port)
        configuration.maximumResponseBytes = 1024
        // Only the answers that never come have to wait for this; until then the request must be
        // out, on a busy machine, too.
        configuration.timeout = code == .timeout ? .seconds(1) : .seconds(20)
        await expectFailure(code, isSent: true, configuration: configuration)
        #expect(server.requests.count == 1)
        try await server.stop()
    }

    @Test(
        "a reused connection that dies under a POST: it is seen once, and in doubt",
        arguments: [true, false]
    )
    func dyingConnection(isReset: Bool) async throws {
        let server = try await LoopbackServer { _, number in
            number == 0 ? [.answer("200 OK", Self.body)] : [isReset ? .reset : .close]
        }
        try await withClient(of: server) { client in
            _ = try await client.respond(to: .get("/customers"))
            let error = await #expect(throws: PlugipayError.self) {
                try await client.respond(to: .post("/customers", body: [0x7B, 0x7D]))
            }
            #expect(error?.code == .networkError)
            #expect(error?.mayHaveReachedServer == true)
            #expect(server.requests.map(\.connection) == [0, 0])
        }
    }

    @Test(
        "idle connections that the server closes: no POST is seen twice",
        arguments: [true, false]
    )
    func closedWhileIdle(isReset: Bool) async throws {
        let server = try await LoopbackServer { _, _ in
            [.answer("200 OK", Self.body), isReset ? .reset : .close]
        }
        try await withClient(of: server) { client in
            for number in 0..<100 {
                let before = server.requests.count
                let operation = Operation.post("/customers", idempotencyKey: "key-\(number)")
                do throws(PlugipayError) {
                    _ = try await client.respond(to: operation)
                    #expect(server.requests.count == before + 1)
                } catch {
                    // Seen at most once; and not at all where the error says so.
                    let seen = server.requests.count - before
                    #expect(error.mayHaveReachedServer ? seen <= 1 : seen == 0, "\(error)")
                }
            }
            let keys = server.requests.compactMap { request in
                request.head.split(separator: "\r\n").first { $0.hasPrefix("Idempotency-Key") }
            }
            #expect(Set(keys).count == keys.count)
        }
    }

    @Test("whenever a deadline or a cancellation strikes, what is said to be unsent was never seen")
    func strikes() async throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(seed: seed)
        let server = try await LoopbackServer { _, number in
            number.isMultiple(of: 3) ? [] : [.answer("200 OK", Self.body)]
        }
        var configuration = Configuration.loopback(port: server.port)
        configuration.connectionLimit = 8
        try await withClient(of: server, configuration: configuration) { client in
            let unsent = await withTaskGroup(of: [String].self) { group in
                for worker in 0..<configuration.connectionLimit {
                    let strikes = (0..<25).map { _ in
                        // From 10 µs to 80 ms, as many short ones as long ones.
                        Duration.microseconds(10 << Int.random(in: 0...13, using: &random))
                    }
                    group.addTask { await self.strike(strikes, worker: worker, client) }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            // What was written before this is read before its answer comes.
            for _ in 0..<configuration.connectionLimit * 3 {
                var read = Operation.get("/customers")
                read.timeout = .milliseconds(20)
                _ = try? await client.respond(to: read)
            }
            for key in unsent {
                let isSeen = server.requests.contains { $0.head.contains(key) }
                #expect(!isSeen, "seed \(seed): \(key)")
            }
        }
    }

    @Test("many tasks at a time share the connections up to the limit, and each gets its answer")
    func concurrent() async throws {
        let server = try await LoopbackServer { request, _ in
            [.answer("200 OK", #"{"data":{"line":"\#(request.line)"}}"#)]
        }
        var configuration = Configuration.loopback(port: server.port)
        configuration.connectionLimit = 4
        try await withClient(of: server, configuration: configuration) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let response = try await client.respond(to: .get("/customers/\(number)"))
                        let text = String(decoding: response.body, as: UTF8.self)
                        #expect(text.contains("/customers/\(number) "))
                    }
                }
                try await group.waitForAll()
            }
            #expect(server.connections <= 4)
            #expect(server.requests.count == 200)
        }
    }

    @Test("after a shutdown nothing is sent, and a second one changes nothing")
    func shutdown() async throws {
        let server = try await LoopbackServer { _, _ in [.answer("200 OK", Self.body)] }
        let client = PlugipayClient(configuration: .loopback(port: server.port))
        try await client.shutdown()
        try await client.forMerchant("acc_1").shutdown()
        let error = await #expect(throws: PlugipayError.self) {
            try await client.respond(to: .get("/customers"))
        }
        #expect(error?.mayHaveReachedServer == false)
        #expect(server.connections == 0)
    }

    // MARK: What the tests share

    /// Sends one request after the other, each with a deadline or with a cancellation about then,
    /// and returns the keys of those that are said not to have left.
    private func strike(
        _ strikes: [Duration],
        worker: Int,
        _ client: PlugipayClient
    ) async -> [String] {
        var unsent: [String] = []
        for (number, strike) in strikes.enumerated() {
            let key = "key-\(worker)-\(number)."
            var operation = Operation.post("/customers", idempotencyKey: key)
            if number.isMultiple(of: 2) { operation.timeout = strike }
            let request = Task { [operation] in try await client.respond(to: operation) }
            if !number.isMultiple(of: 2) {
                for _ in 0..<Int(strike / .microseconds(10)) { await Task.yield() }
                request.cancel()
            }
            guard case .failure(let error as PlugipayError) = await request.result,
                !error.mayHaveReachedServer
            else { continue }
            unsent.append(key)
        }
        return unsent
    }

    private func withClient(
        of server: LoopbackServer,
        configuration: Configuration? = nil,
        _ body: (PlugipayClient) async throws -> Void
    ) async throws {
        let client = PlugipayClient(configuration: configuration ?? .loopback(port: server.port))
        try await body(client)
        try await client.shutdown()
        try? await server.stop()
    }

    private func expectFailure(
        _ code: TransportFailure.Code,
        isSent: Bool,
        of server: LoopbackServer
    ) async {
        await expectFailure(code, isSent: isSent, configuration: .loopback(port: server.port))
    }

    private func expectFailure(
        _ code: TransportFailure.Code,
        isSent: Bool,
        configuration: Configuration
    ) async {
        let error = await failure(configuration: configuration)
        let cause = error?.cause as? TransportFailure
        #expect(cause?.code == code, "\(String(describing: error))")
        #expect(error?.mayHaveReachedServer == isSent, "\(String(describing: error))")
    }

    private func failure(configuration: Configuration) async -> PlugipayError? {
        let client = PlugipayClient(configuration: configuration)
        let error = await #expect(throws: PlugipayError.self) {
            try await client.respond(to: .post("/customers", body: [0x7B, 0x7D]))
        }
        try? await client.shutdown()
        return error
    }
}

extension Configuration {
    fileprivate static func loopback(port: Int) -> Configuration {
        var configuration = Configuration(credentials: .bearer("pk_test_1"))
        configuration.baseURL = BaseURL(
            scheme: "http",
            host: "127.0.0.1",
            port: port,
            root: "/api/v1"
        )
        return configuration
    }
}
