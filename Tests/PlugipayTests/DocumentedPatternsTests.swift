import Plugipay
import TestSupport
import Testing

/// The three patterns that the documentation of the client shows, as they stand there.
private enum Patterns {
    /// Find or create.
    static func findOrCreate(
        _ draft: CustomerDraft,
        externalId: String,
        with client: PlugipayClient
    ) async throws(PlugipayError) -> Customer {
        var draft = draft
        draft.externalId = externalId
        do {
            return try await client.customers.create(draft)
        } catch  where error.code == .conflict {
            // Somebody was faster. A server that does not know the filter answers with others.
            let page = try await client.customers.list(CustomerQuery(externalId: externalId))
            guard let found = page.items.first(where: { $0.externalId == externalId }) else {
                throw error
            }
            return found
        }
    }

    /// Walk the book.
    static func walkTheBook(
        of client: PlugipayClient,
        visit: (Customer) -> Void
    ) async throws(PlugipayError) {
        let query = CustomerQuery(limit: CustomerQuery.maximumLimit, order: .ascending)
        for try await customer in client.customers.all(query) {
            visit(customer)
        }
    }

    /// Look up, and give up when the caller does or when it takes too long.
    static func lookUp(
        _ id: String,
        with client: PlugipayClient
    ) async throws(PlugipayError) -> Customer? {
        do {
            return try await client.customers.get(id, options: CallOptions(timeout: .seconds(2)))
        } catch  where error.code == .notFound || error.code == .canceled {
            return nil
        }
    }
}

@Suite struct DocumentedPatternsTests {
    @Test("find or create returns the new customer, or the one that was there")
    func findOrCreate() async throws {
        let found = #"[{"id":"cus_9","externalId":"x"},{"id":"cus_2","externalId":"user_1"}]"#
        let transport = ScriptedTransport(answers: [
            .envelope(201, data: #"{"id":"cus_1","externalId":"user_1"}"#),
            .failure(409, "conflict"), .envelope(200, data: found),
            .failure(409, "conflict"), .envelope(200, data: "[]"),
        ])
        let client = PlugipayClient(configuration: .scripted, transport: transport)
        let draft = CustomerDraft(email: "ada@example.com")
        #expect(
            try await Patterns.findOrCreate(draft, externalId: "user_1", with: client).id == "cus_1"
        )
        #expect(
            try await Patterns.findOrCreate(draft, externalId: "user_1", with: client).id == "cus_2"
        )
        let error = await #expect(throws: PlugipayError.self) {
            try await Patterns.findOrCreate(draft, externalId: "user_1", with: client)
        }
        #expect(error?.code == .conflict)
    }

    @Test("walking the book visits every customer of every page")
    func walkTheBook() async throws {
        let transport = ScriptedTransport(answers: [
            .envelope(200, data: #"[{"id":"a"}]"#, meta: #"{"cursor":"1","hasMore":true}"#),
            .envelope(200, data: #"[{"id":"b"}]"#, meta: #"{"hasMore":false}"#),
        ])
        let client = PlugipayClient(configuration: .scripted, transport: transport)
        var ids: [String] = []
        try await Patterns.walkTheBook(of: client) { ids.append($0.id) }
        #expect(ids == ["a", "b"])
        #expect(transport.requests[0].target.hasSuffix("?limit=100&order=asc"))
    }

    @Test("a look-up returns nothing where there is none, and when its task is cancelled")
    func lookUp() async throws {
        let transport = ScriptedTransport(answers: [
            .envelope(200, data: #"{"id":"cus_1"}"#), .failure(404, "not_found"),
        ])
        let client = PlugipayClient(configuration: .scripted, transport: transport)
        #expect(try await Patterns.lookUp("cus_1", with: client)?.id == "cus_1")
        #expect(try await Patterns.lookUp("cus_2", with: client) == nil)
        let cancelled = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await Patterns.lookUp("cus_3", with: client)
        }
        #expect(try await cancelled.value == nil)
        #expect(transport.requests.count == 2)
    }
}
