import Plugipay
import TestSupport
import Testing

@Suite struct CustomersResourceTests {
    private static let ada = #"{"id":"cus_1","email":"ada@example.com","new":1}"#

    @Test("create, get, update and delete ask for the right thing")
    func calls() async throws {
        let transport = ScriptedTransport(answers: [
            .envelope(201, data: Self.ada), .envelope(200, data: Self.ada),
            .envelope(200, data: Self.ada), TransportResponse(status: 204),
        ])
        let customers = PlugipayClient(configuration: .scripted, transport: transport).customers
        let created = try await customers.create(
            CustomerDraft(email: "ada@example.com"),
            options: CallOptions(idempotencyKey: "k1")
        )
        #expect(created.email == "ada@example.com")
        #expect(try await customers.get("cus_1").id == "cus_1")
        _ = try await customers.update("cus_1", CustomerPatch(name: .clear))
        try await customers.delete("cus_1")
        #expect(
            transport.requests.map { "\($0.method) \($0.target)" } == [
                "POST /api/v1/customers", "GET /api/v1/customers/cus_1",
                "PATCH /api/v1/customers/cus_1", "DELETE /api/v1/customers/cus_1",
            ]
        )
        #expect(transport.requests[0].headers["Idempotency-Key"] == "k1")
        #expect(transport.requests[2].body == Array(#"{"name":""}"#.utf8))
        #expect(transport.requests[3].body == nil)
    }

    @Test("an empty id asks for nothing", arguments: ["", ".", ".."])
    func emptyID(id: String) async throws {
        let transport = ScriptedTransport(answers: [.envelope(200, data: Self.ada)])
        let customers = PlugipayClient(configuration: .scripted, transport: transport).customers
        await #expect(throws: PlugipayError.self) { try await customers.delete(id) }
        #expect(transport.requests.isEmpty)
    }

    @Test(
        "an answer without a customer is an invalid response",
        arguments: ["null", "[]", "{}", "1"]
    )
    func noCustomer(data: String) async throws {
        let transport = ScriptedTransport(answers: [.envelope(201, data: data)])
        let customers = PlugipayClient(configuration: .scripted, transport: transport).customers
        let error = await #expect(throws: PlugipayError.self) {
            try await customers.create(CustomerDraft())
        }
        #expect(error?.code == .invalidResponse)
        #expect(error?.mayHaveReachedServer == true)
    }

    @Test("a list sends its filters, and its items keep the server's own bytes")
    func list() async throws {
        let transport = ScriptedTransport(answers: [
            .envelope(200, data: "[\(Self.ada)]", meta: #"{"cursor":"c 1","hasMore":true}"#)
        ])
        let customers = PlugipayClient(configuration: .scripted, transport: transport).customers
        let page = try await customers.list(
            CustomerQuery(
                limit: 500,
                order: .ascending,
                email: "a@b.example",
                externalId: "é",
                createdAfter: Timestamp(millisecondsSince1970: 0)
            ),
            cursor: "c+0"
        )
        #expect(
            transport.requests[0].target
                == "/api/v1/customers?limit=100&cursor=c%2B0&order=asc&email=a%40b.example"
                + "&externalId=%C3%A9&createdAfter=1970-01-01T00%3A00%3A00.000Z"
        )
        #expect(page.items.map(\.id) == ["cus_1"])
        #expect(page.rawItems == [Array(Self.ada.utf8)])
        #expect(page.cursor == "c 1")
        #expect(page.isFollowed)
    }

    @Test("a list with an item that is no customer is an error, not a shorter list")
    func brokenItem() async throws {
        let transport = ScriptedTransport(answers: [.envelope(200, data: "[\(Self.ada),{}]")])
        let customers = PlugipayClient(configuration: .scripted, transport: transport).customers
        let error = await #expect(throws: PlugipayError.self) { try await customers.list() }
        #expect(error?.code == .invalidResponse)
    }
}
