import Foundation
import PlugipaySandbox
import Testing

@Suite("GET /customers")
struct ListTests {
    /// Creates customers, a millisecond apart, and returns their ids.
    private static func fill(
        _ client: SandboxClient,
        _ clock: HandTurnedClock,
        count: Int
    ) async throws -> [String] {
        var ids: [String] = []
        for index in 0..<count {
            ids.append(
                try await client.create(
                    #"{"externalId":"user_\#(index)","email":"user\#(index % 3)@example.com"}"#
                ).id
            )
            clock.turn(by: .milliseconds(1))
        }
        return ids
    }

    private static func ids(_ answer: Answer) throws -> [String] {
        try answer.customers.compactMap { $0["id"] as? String }
    }

    @Test(
        "Limits are clamped, nonsense is the default",
        arguments: [
            ("", 25), ("?limit=3", 3), ("?limit=0", 1), ("?limit=-5", 1), ("?limit=1000", 30),
            ("?limit=x", 25), ("?limit=", 25),
        ]
    )
    func limits(query: String, count: Int) async throws {
        let clock = HandTurnedClock()
        try await withSandbox({ $0.clock = clock.sandboxClock }) { client async throws in
            _ = try await Self.fill(client, clock, count: 30)
            let answer = try await client.list(query)
            #expect(try answer.customers.count == count)
            #expect(try answer.meta["hasMore"] as? Bool == (count < 30))
        }
    }

    @Test("Filters and orders")
    func filters() async throws {
        let clock = HandTurnedClock()
        try await withSandbox({ $0.clock = clock.sandboxClock }) { client async throws in
            let all = try await Self.fill(client, clock, count: 9)
            func found(_ query: String) async throws -> [Int] {
                try Self.ids(await client.list(query)).compactMap { all.firstIndex(of: $0) }
            }
            #expect(try await found("") == Array((0..<9).reversed()))
            #expect(try await found("?order=asc") == Array(0..<9))
            #expect(try await found("?direction=asc") == Array(0..<9))
            #expect(try await found("?email=user1%40example.com") == [7, 4, 1])
            #expect(try await found("?email=USER1@example.com") == [])
            #expect(try await found("?externalId=user_4") == [4])
            #expect(try await found("?externalId=user_4&email=user0@example.com") == [])
            #expect(try await found("?order=asc&createdAfter=2026-01-01T00:00:00.006Z") == [7, 8])
            #expect(
                try await found("?order=asc&createdAfter=2026-01-01T07:00:00.006%2B07:00")
                    == [7, 8]
            )
            let verdict = try await client.list("?createdAfter=yesterday").verdict
            #expect(verdict == "400 validation_error createdAfter")
            #expect(try await client.list("?order=up").verdict == "400 validation_error order")
        }
    }

    @Test("A malformed cursor is page one again", arguments: ["x", "%3D%3D", "e30", "bnVsbA"])
    func malformedCursor(cursor: String) async throws {
        let clock = HandTurnedClock()
        try await withSandbox({ $0.clock = clock.sandboxClock }) { client async throws in
            let all = try await Self.fill(client, clock, count: 3)
            let answer = try await client.list("?order=asc&limit=2&cursor=\(cursor)")
            #expect(try Self.ids(answer) == Array(all.prefix(2)))
        }
    }

    @Test(
        "A walk has no gap and no repeat while customers are created",
        arguments: ["asc", "desc"]
    )
    func walk(order: String) async throws {
        try await withSandbox { client async throws in
            let before = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<60 { group.addTask { try await client.create().id } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            async let added = Self.createMore(client, count: 30)
            let seen = try await Self.walk(client, order: order)
            let after = try await added
            #expect(seen.count == Set(seen).count)
            #expect(before.subtracting(seen).isEmpty)
            #expect(Set(seen).subtracting(before).isSubset(of: after))
            #expect(seen == (order == "asc" ? seen.sorted() : seen.sorted(by: >)))
        }
    }

    private static func createMore(_ client: SandboxClient, count: Int) async throws -> [String] {
        var ids: [String] = []
        for _ in 0..<count { ids.append(try await client.create().id) }
        return ids
    }

    private static func walk(_ client: SandboxClient, order: String) async throws -> [String] {
        var seen: [String] = []
        var cursor = ""
        repeat {
            let answer = try await client.list("?limit=7&order=\(order)\(cursor)")
            seen += try ids(answer)
            let next = try answer.meta["cursor"] as? String
            cursor = next.map { "&cursor=\($0)" } ?? ""
            #expect(try answer.meta["hasMore"] as? Bool == (next != nil))
        } while !cursor.isEmpty
        return seen
    }

    @Test("Both shapes of page metadata agree")
    func shapes() async throws {
        let clock = HandTurnedClock()
        try await withSandbox({ $0.clock = clock.sandboxClock }) { client async throws in
            _ = try await Self.fill(client, clock, count: 3)
            let meta = try await client.list("?limit=2").meta
            let page = meta["page"] as? [String: Any]
            #expect(page?["limit"] as? Int == 2)
            #expect(page?["hasMore"] as? Bool == true)
            #expect(page?["nextCursor"] as? String == meta["cursor"] as? String)
            #expect(meta["timestamp"] as? String == "2026-01-01T00:00:00.003Z")
        }
    }
}
