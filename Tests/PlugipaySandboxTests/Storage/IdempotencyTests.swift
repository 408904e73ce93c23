import Foundation
import PlugipaySandbox
import Testing

@Suite("Idempotency keys")
struct IdempotencyTests {
    @Test("A repeat gets the stored bytes, with no marker")
    func replay() async throws {
        let clock = HandTurnedClock()
        try await withSandbox({ $0.clock = clock.sandboxClock }) { client async throws in
            let first = try await client.create(#"{"name":"Ada"}"#, key: "k")
            clock.turn(by: .seconds(60))
            let second = try await client.create(#"{"name":"Ada"}"#, key: "k")
            #expect(second.status == 201)
            #expect(second.text == first.text)
            #expect(second.headerNames == first.headerNames)
            #expect(try await client.creates().count == 1)
        }
    }

    @Test("Another body under the same key is refused, even one that is no good")
    func mismatch() async throws {
        try await withSandbox { client async throws in
            _ = try await client.create(#"{"name":"Ada"}"#, key: "k")
            let verdict = "409 idempotency_mismatch Idempotency-Key"
            #expect(try await client.create(#"{"name":"Bea"}"#, key: "k").verdict == verdict)
            #expect(try await client.create(#"{"name": "Ada"}"#, key: "k").verdict == verdict)
            #expect(try await client.create(#"{"name":""}"#, key: "k").verdict == verdict)
        }
    }

    @Test("A key belongs to one workspace, mode, method and path")
    func scope() async throws {
        try await withSandbox { client async throws in
            let id = try await client.create(key: "k").id
            for key in [SandboxKey.live, .other] {
                #expect(try await client.with(key).create(key: "k").id != id)
            }
            let target = "/api/v1/customers/\(id)"
            #expect(try await client.send(.patch, target, #"{"name":"A"}"#, key: "k").status == 200)
            #expect(try await client.send(.delete, target, key: "k").status == 204)
            #expect(try await client.create(key: "k").id == id)
        }
    }

    @Test("Refusals are not stored: the key is free again")
    func refusals() async throws {
        try await withSandbox { client async throws in
            _ = try await client.create(#"{"externalId":"user_1"}"#)
            let taken = #"{"externalId":"user_1"}"#
            #expect(try await client.create(taken, key: "k").status == 409)
            #expect(try await client.create(#"{"name":""}"#, key: "k").status == 400)
            #expect(try await client.create(#"{"externalId":"user_2"}"#, key: "k").status == 201)
        }
    }

    @Test("A key is forgotten when its time is over")
    func expiry() async throws {
        let clock = HandTurnedClock()
        try await withSandbox({ $0.clock = clock.sandboxClock }) { client async throws in
            let first = try await client.create(key: "k").id
            clock.turn(by: .seconds(24 * 60 * 60) - .milliseconds(1))
            #expect(try await client.create(key: "k").id == first)
            clock.turn(by: .milliseconds(1))
            let second = try await client.create(key: "k").id
            #expect(second != first)
            #expect(try await client.create(key: "k").id == second)
        }
    }

    @Test(
        "A key is needed, printable and of bounded length",
        arguments: [
            (nil, 400), ("a\tb", 400), (String(repeating: "k", count: 255), 201),
            (String(repeating: "k", count: 256), 400),
        ]
    )
    func shape(key: String?, status: Int) async throws {
        try await withSandbox { client async throws in
            let answer = try await client.send(.post, "/api/v1/customers", "{}", key: key)
            #expect(answer.status == status)
            guard status == 400 else { return }
            #expect(try answer.verdict == "400 validation_error Idempotency-Key")
        }
    }

    @Test("200 requests with one key at once make one customer")
    func contention() async throws {
        try await withSandbox { client async throws in
            let ids = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<200 {
                    group.addTask { try await client.create(#"{"name":"Ada"}"#, key: "k").id }
                }
                return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(ids.count == 1)
            #expect(ids.values.first == 200)
            #expect(try await client.creates().count == 1)
        }
    }
}
