import Plugipay
import TestSupport
import Testing

@Suite struct PagingTests {
    @Test("a walk goes on over short and empty pages until there is no more")
    func walk() async throws {
        let transport = ScriptedTransport(answers: [
            page(["a", "b"], #"{"cursor":"1","hasMore":true}"#),
            page([], #"{"page":{"nextCursor":"2","hasMore":true}}"#),
            page(["c"], #"{"cursor":"3"}"#),
            page(["d"], #"{"cursor":null}"#),
        ])
        var ids: [String] = []
        for try await customer in customers(transport).all() { ids.append(customer.id) }
        #expect(ids == ["a", "b", "c", "d"])
        #expect(
            transport.requests.map(\.target) == [
                "/api/v1/customers?limit=100", "/api/v1/customers?limit=100&cursor=1",
                "/api/v1/customers?limit=100&cursor=2", "/api/v1/customers?limit=100&cursor=3",
            ]
        )
    }

    @Test("hasMore false ends the walk, whatever the cursor says")
    func end() async throws {
        let transport = ScriptedTransport(answers: [
            page(["a"], #"{"cursor":"1","hasMore":false}"#)
        ])
        var pages = 0
        for try await _ in customers(transport).pages() { pages += 1 }
        #expect(pages == 1)
    }

    @Test(
        "a walk that would not end or would be incomplete is an error after the good pages",
        arguments: [
            ["a 1", "b 2", "c 1"], ["a 1", "b 1"], ["a 1", "a 2"], ["a -"],
            ["a 1", "b 2", "c 3", "d 2"],
        ]
    )
    func broken(script: [String]) async throws {
        let answers = script.map { text in
            let parts = text.split(separator: " ")
            let cursor = parts[1] == "-" ? "null" : #""\#(parts[1])""#
            return page([String(parts[0])], #"{"cursor":\#(cursor),"hasMore":true}"#)
        }
        let transport = ScriptedTransport(answers: answers)
        var pages = 0
        let error = await #expect(throws: PlugipayError.self) {
            for try await _ in customers(transport).pages() { pages += 1 }
        }
        #expect(error?.code == .brokenPaging)
        #expect(pages == script.count - 1)
        #expect(transport.requests.count == script.count)
    }

    @Test("nothing is sent before it is asked for, and an error ends the walk")
    func lazy() async throws {
        let transport = ScriptedTransport(answers: [.failure(403, "insufficient_scope")])
        var walk = customers(transport).all().makeAsyncIterator()
        #expect(transport.requests.isEmpty)
        let error = await #expect(throws: PlugipayError.self) { try await walk.next() }
        #expect(error?.code == .insufficientScope)
    }

    private func page(_ ids: [String], _ meta: String) -> TransportResponse {
        let items = ids.map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
        return .envelope(200, data: "[\(items)]", meta: meta)
    }

    private func customers(_ transport: ScriptedTransport) -> CustomersResource {
        PlugipayClient(configuration: .scripted, transport: transport).customers
    }
}
