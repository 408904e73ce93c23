import Plugipay
import TestSupport
import Testing

@Suite struct PlugipayClientTests {
    @Test("a write carries a key, its body's type and the ids; a read carries neither key nor type")
    func headers() async throws {
        let transport = ScriptedTransport(answers: [.envelope(200, data: "null")])
        let client = PlugipayClient(configuration: .scripted, transport: transport)
            .forMerchant("acc_1")
        var write = Operation.post("/customers", body: Array("{}".utf8), idempotencyKey: "k1")
        write.requestID = "trace-1"
        _ = try await client.respond(to: write)
        var read = Operation.get("/customers", query: [("email", "a+b@x.example"), ("limit", "1")])
        read.idempotencyKey = "not for reads"
        read.onBehalfOf = "acc_2"
        _ = try await client.respond(to: read)
        let (first, second) = (transport.requests[0], transport.requests[1])
        #expect(first.headers["Accept"] == "application/json")
        #expect(first.headers["Content-Type"] == "application/json")
        #expect(first.headers["Idempotency-Key"] == "k1")
        #expect(first.headers["X-Request-Id"] == "trace-1")
        #expect(first.headers["X-Plugipay-On-Behalf-Of"] == "acc_1")
        #expect(first.headers["User-Agent"]?.hasPrefix("plugipay-swift/") == true)
        #expect(first.origin == "https://plugipay.com")
        #expect(first.maximumResponseBytes == 1 << 20)
        #expect(second.target == "/api/v1/customers?email=a%2Bb%40x.example&limit=1")
        #expect(second.headers["Content-Type"] == nil)
        #expect(second.headers["Idempotency-Key"] == nil)
        #expect(second.headers["X-Request-Id"] == nil)
        #expect(second.headers["X-Plugipay-On-Behalf-Of"] == "acc_2")
        #expect(second.maximumResponseBytes == 8 << 20)
    }

    @Test("every write without a key gets a new one of 32 hexadecimal digits")
    func mintedKeys() async throws {
        let transport = ScriptedTransport(answers: [.envelope(200, data: "null")])
        let client = PlugipayClient(
            configuration: .scripted,
            transport: transport,
            keys: IdempotencyKeySource { 0x0123_4567_89AB_CDEF }
        )
        let system = PlugipayClient(configuration: .scripted, transport: transport)
        _ = try await client.respond(to: .delete("/customers/cus_1"))
        _ = try await system.respond(to: .patch("/customers/cus_1", body: Array("{}".utf8)))
        _ = try await system.respond(to: .patch("/customers/cus_1", body: Array("{}".utf8)))
        let keys = transport.requests.compactMap { $0.headers["Idempotency-Key"] }
        #expect(keys[0] == "idem_0123456789abcdef0123456789abcdef")
        #expect(Set(keys).count == 3)
        #expect(keys.allSatisfy { $0.utf8.count == 37 })
    }

    @Test("after its last signing time a request is not sent")
    func signBy() async throws {
        let transport = ScriptedTransport(answers: [.envelope(200, data: "null")])
        let local = ManualLocalClock(.seconds(1000))
        let client = PlugipayClient(
            configuration: .scripted,
            transport: transport,
            clock: ServerClock(local: local.local)
        )
        var operation = Operation.post("/customers")
        operation.signBy = Timestamp(millisecondsSince1970: 1_000_500)
        let response = try await client.respond(to: operation)
        #expect(response.signedAt == Timestamp(millisecondsSince1970: 1_000_000))
        local.advance(by: .milliseconds(501))
        let error = await #expect(throws: PlugipayError.self) {
            try await client.respond(to: operation)
        }
        #expect(error?.code == .signingExpired)
        #expect(error?.mayHaveReachedServer == false)
        #expect(transport.requests.count == 1)
    }

    @Test("answers teach the clock, and the next request is signed with the server's time")
    func serverTime() async throws {
        let meta = #"{"timestamp":"2026-01-01T00:00:00.250Z"}"#
        let transport = ScriptedTransport(answers: [.envelope(200, data: "null", meta: meta)])
        let client = PlugipayClient(
            configuration: .scripted,
            transport: transport,
            clock: ServerClock(local: ManualLocalClock(.seconds(1000)).local)
        )
        _ = try await client.respond(to: .get("/customers/cus_1"))
        let response = try await client.respond(to: .get("/customers/cus_1"))
        #expect(transport.requests[0].headers["X-Plugipay-Timestamp"] == "1000")
        #expect(transport.requests[1].headers["X-Plugipay-Timestamp"] == "1767225600")
        #expect(response.signedAt?.iso8601 == "2026-01-01T00:00:00.000Z")
    }

    @Test(
        "a path that would ask for something else is refused unsent",
        arguments: [
            "", "customers", "/customers/", "/customers//x", "/customers/..", "/customers/.",
            "/a b",
            "/customers?x", "/%2", "/%zz", "/ä",
        ]
    )
    func paths(path: String) async throws {
        await refused(.get(path))
    }

    @Test(
        "line breaks and the like are refused in headers",
        arguments: ["a\r\nX: y", "a\n", "\r", "a\u{0}", "é", "", " a"]
    )
    func headerValues(value: String) async throws {
        await refused(.post("/customers", idempotencyKey: value))
        var operation = Operation.get("/customers")
        operation.requestID = value
        await refused(operation)
        operation.requestID = nil
        operation.onBehalfOf = value
        await refused(operation)
    }

    @Test("ids are percent-encoded into one segment")
    func encodedID() {
        let path = Operation.path("customers", "a/b c?d#é%")
        #expect(path == "/customers/a%2Fb%20c%3Fd%23%C3%A9%25")
    }

    @Test(
        "a failure of the transport keeps what is known of it",
        arguments: TransportFailure.Code.allCases
    )
    func failures(code: TransportFailure.Code) async throws {
        let transport = ScriptedTransport { _, _ throws(TransportFailure) in
            throw TransportFailure(
                code: code,
                mayHaveReachedServer: true,
                status: 201,
                message: "m"
            )
        }
        let client = PlugipayClient(configuration: .scripted, transport: transport)
        let error = await #expect(throws: PlugipayError.self) {
            try await client.respond(to: .get("/customers"))
        }
        #expect(error?.mayHaveReachedServer == true)
        #expect(error?.status == 201)
        #expect((error?.cause as? TransportFailure)?.code == code)
        #expect(transport.requests.count == 1)
    }

    @Test("a cancelled task sends nothing")
    func cancelled() async throws {
        let transport = ScriptedTransport(answers: [.envelope(200, data: "null")])
        let client = PlugipayClient(configuration: .scripted, transport: transport)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await client.respond(to: .get("/customers"))
        }
        let error = await #expect(throws: PlugipayError.self) { try await task.value }
        #expect(error?.code == .canceled)
        #expect(error?.status == 0)
        #expect(transport.requests.isEmpty)
    }

    @Test("request throws the server's error and returns what was asked for")
    func request() async throws {
        let transport = ScriptedTransport(answers: [
            .envelope(200, data: "[1]"),
            .failure(429, "RATE_LIMITED", headers: ["Retry-After": "3"]),
        ])
        let client = PlugipayClient(configuration: .scripted, transport: transport)
        let envelope = try await client.request(.get("/customers"))
        guard case .array(let items) = envelope.data else {
            Issue.record("no list")
            return
        }
        #expect(items.count == 1)
        let error = await #expect(throws: PlugipayError.self) {
            try await client.request(.get("/customers"))
        }
        #expect(error?.code == .rateLimited)
        #expect(error?.retryAfter == .seconds(3))
    }

    private func refused(_ operation: Operation) async {
        let transport = ScriptedTransport(answers: [.envelope(200, data: "null")])
        let client = PlugipayClient(configuration: .scripted, transport: transport)
        let error = await #expect(throws: PlugipayError.self) {
            try await client.respond(to: operation)
        }
        #expect(error?.code == .invalidRequest)
        #expect(error?.mayHaveReachedServer == false)
        #expect(transport.requests.isEmpty)
    }
}
