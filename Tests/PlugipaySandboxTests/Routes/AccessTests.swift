import Foundation
import PlugipaySandbox
import Testing

@Suite("Keys, scopes, workspaces")
struct AccessTests {
    @Test("Scopes are kept")
    func scopes() async throws {
        try await withSandbox { client async throws in
            let id = try await client.create().id
            let target = "/api/v1/customers/\(id)"
            let refused = "403 insufficient_scope"
            let reader = client.with(.readOnly)
            #expect(try await reader.list().status == 200)
            #expect(try await reader.send(.get, target).status == 200)
            #expect(try await reader.create().verdict == refused)
            #expect(try await reader.send(.patch, target, "{}", key: "1").verdict == refused)
            #expect(try await reader.send(.delete, target, key: "2").verdict == refused)
            let writer = client.with(.writeOnly)
            #expect(try await writer.create().status == 201)
            #expect(try await writer.send(.patch, target, "{}", key: "3").status == 200)
            #expect(try await writer.list().verdict == refused)
            #expect(try await writer.send(.get, target).verdict == refused)
            #expect(try await writer.send(.delete, target, key: "4").verdict == refused)
        }
    }

    @Test("A bearer key opens the book of the signed key")
    func bearer() async throws {
        try await withSandbox { client async throws in
            let id = try await client.with(.bearer).create().id
            #expect(try await client.send(.get, "/api/v1/customers/\(id)").status == 200)
        }
    }

    @Test("A platform key acts for any account, an ordinary key for none")
    func onBehalfOf() async throws {
        try await withSandbox { client async throws in
            func post(
                _ client: SandboxClient,
                _ account: String,
                mode: String? = nil
            ) async throws -> Answer {
                var headers = ["X-Plugipay-On-Behalf-Of": account]
                headers["X-Plugipay-Mode"] = mode
                let key = UUID().uuidString
                return try await client.send(
                    .post,
                    "/api/v1/customers",
                    "{}",
                    key: key,
                    headers: headers
                )
            }
            let platform = client.with(.platform)
            let created = try await post(platform, "acc_other")
            #expect(try created.customer["accountId"] as? String == "acc_other")
            let target = "/api/v1/customers/\(try created.id)"
            #expect(try await client.with(.other).send(.get, target).status == 200)
            #expect(try await platform.send(.get, target).status == 404)
            let live = try await post(platform, "acc_sandbox", mode: "live").id
            let found = try await client.with(.live).send(.get, "/api/v1/customers/\(live)")
            #expect(found.status == 200)
            for account in ["acc_other", "acc_sandbox"] {
                #expect(try await post(client, account).verdict == "403 insufficient_scope")
            }
            let nonsense = try await post(platform, "other").verdict
            #expect(nonsense == "400 validation_error X-Plugipay-On-Behalf-Of")
        }
    }

    @Test("The limit is told with every answer to a known key, and enforced")
    func limits() async throws {
        let clock = HandTurnedClock()
        try await withSandbox({
            $0.clock = clock.sandboxClock
            $0.writeRate = 2
            $0.readRate = 10
        }) { client async throws in
            func limit(_ answer: Answer) -> [String?] {
                ["Limit", "Remaining", "Reset"].map { answer.header("X-RateLimit-\($0)") }
            }
            let first = try await client.create()
            #expect(limit(first) == ["2", "1", "1767225601"])
            #expect(first.header("Date") == "Thu, 01 Jan 2026 00:00:00 GMT")
            let refusedBody = try await client.create(#"{"x":"1"}"#)
            #expect(limit(refusedBody) == ["2", "0", "1767225601"])
            let refused = try await client.create()
            #expect(try refused.verdict == "429 rate_limited")
            #expect(refused.header("Retry-After") == "1")
            #expect(limit(refused) == ["2", "0", "1767225601"])
            #expect(limit(try await client.list()) == ["10", "9", "1767225601"])
            clock.turn(by: .seconds(1))
            #expect(try await client.create().status == 201)
            let stranger = try await client.sendUnsigned(.get, "/api/v1/customers")
            #expect(limit(stranger) == [nil, nil, nil])
        }
    }
}
