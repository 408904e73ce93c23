import Foundation
import HummingbirdTesting
import PlugipaySandbox
import Testing

@Suite("Faults on the wire")
struct FaultTests {
    private static let body = #"{"externalId":"user_1","email":"Ada@Example.com"}"#

    @Test("reset: no answer, and nothing has happened")
    func reset() async throws {
        try await withSandbox({ $0.faults = [.reset: 1] }) { client async throws in
            await #expect(throws: (any Error).self) { try await client.create(Self.body) }
            await #expect(throws: (any Error).self) { try await client.list() }
            #expect(try await client.creates().isEmpty)
            #expect(try await client.requests()["total"] as? Int == 2)
        }
    }

    @Test("lost-response: no answer, and the customer exists; the key brings the answer back")
    func lostResponse() async throws {
        let clock = HandTurnedClock()
        let id = try await withSandbox({
            $0.faults = [.lostResponse: 0.5]
            $0.seed = 3
            $0.clock = clock.sandboxClock
        }) { client async throws in
            var ids: Set<String> = []
            var lost = 0
            for _ in 0..<12 {
                do {
                    ids.insert(try await client.create(Self.body, key: "k").id)
                } catch is TestClient.Error {
                    lost += 1
                }
            }
            #expect(lost > 0 && lost < 12)
            let creates = try await client.creates()
            #expect(creates.count == 1)
            #expect(ids == [creates[0]["customerId"] as? String])
            return ids.first
        }
        #expect(id?.hasPrefix("cus_") == true)
    }

    @Test("error: 5xx with the envelope, and nothing has happened")
    func error() async throws {
        try await withSandbox({ $0.faults = [.error: 1] }) { client async throws in
            var statuses: Set<Int> = []
            for _ in 0..<40 {
                let answer = try await client.create(Self.body)
                statuses.insert(answer.status)
                #expect(try answer.json["data"] is NSNull)
                #expect(try answer.meta["requestId"] is String)
            }
            #expect(statuses == [500, 502, 503, 504])
            #expect(try await client.creates().isEmpty)
        }
    }

    @Test("html: a proxy's page, and nothing has happened")
    func html() async throws {
        try await withSandbox({ $0.faults = [.html: 1] }) { client async throws in
            let answer = try await client.create(Self.body)
            #expect(answer.status == 502)
            #expect(answer.header("Content-Type") == "text/html")
            #expect(answer.text.contains("<h1>502 Bad Gateway</h1>"))
            #expect(try await client.creates().isEmpty)
        }
    }

    @Test("garbage: 200 that is no JSON, and the customer exists")
    func garbage() async throws {
        try await withSandbox({ $0.faults = [.garbage: 1] }) { client async throws in
            let answer = try await client.create(Self.body)
            #expect(answer.status == 200)
            #expect(throws: (any Error).self) { try answer.json }
            #expect(try await client.creates().count == 1)
        }
    }

    @Test("truncated: the connection ends within the body, and the customer exists")
    func truncated() async throws {
        try await withSandbox({ $0.faults = [.truncated: 1] }) { client async throws in
            await #expect(throws: (any Error).self) { try await client.create(Self.body) }
            #expect(try await client.creates().count == 1)
        }
    }

    @Test("slow: the answer is waited for, 2 to 5 seconds by the sandbox's clock")
    func slow() async throws {
        let clock = HandTurnedClock()
        try await withSandbox({
            $0.faults = [.slow: 1]
            $0.clock = clock.sandboxClock
        }) { client async throws in
            #expect(try await client.create(Self.body).status == 201)
            #expect(clock.waited.count == 1)
            #expect(clock.waited.allSatisfy { .seconds(2)...Duration.seconds(5) ~= $0 })
        }
    }

    @Test("latency: half before the work, half after it")
    func latency() async throws {
        let clock = HandTurnedClock()
        try await withSandbox({
            $0.latency = .milliseconds(120)
            $0.clock = clock.sandboxClock
        }) { client async throws in
            #expect(try await client.list().status == 200)
            #expect(clock.waited == [.milliseconds(60), .milliseconds(60)])
        }
    }

    @Test("forget: the same key makes a second customer")
    func forget() async throws {
        try await withSandbox({ $0.faults = [.forget: 1] }) { client async throws in
            let first = try await client.create(key: "k")
            let second = try await client.create(key: "k")
            #expect(try first.id != second.id)
        }
    }

    @Test("normalize: e-mails are stored in lower case, by create and update")
    func normalize() async throws {
        try await withSandbox({ $0.faults = [.normalize: 1] }) { client async throws in
            let created = try await client.create(Self.body)
            #expect(try created.customer["email"] as? String == "ada@example.com")
            let updated = try await client.send(
                .patch,
                "/api/v1/customers/\(created.id)",
                #"{"email":"GRACE@example.com"}"#,
                key: "k"
            )
            #expect(try updated.customer["email"] as? String == "grace@example.com")
        }
    }
}
