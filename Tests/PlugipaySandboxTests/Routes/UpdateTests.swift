import Foundation
import PlugipaySandbox
import Testing

@Suite("PATCH and DELETE /customers/{id}")
struct UpdateTests {
    private static let ada = #"{"name":"Ada","phone":"1","metadata":{"a":"1","b":"2"}}"#

    @Test(
        "Only what is sent changes",
        arguments: [
            (#"{}"#, #"{"name":"Ada","phone":"1","metadata":{"a":"1","b":"2"}}"#),
            (#"{"name":"Grace"}"#, #"{"name":"Grace","phone":"1","metadata":{"a":"1","b":"2"}}"#),
            (#"{"phone":""}"#, #"{"name":"Ada","phone":null,"metadata":{"a":"1","b":"2"}}"#),
            (#"{"phone":null}"#, #"{"name":"Ada","phone":null,"metadata":{"a":"1","b":"2"}}"#),
            (#"{"metadata":{"c":"3"}}"#, #"{"name":"Ada","phone":"1","metadata":{"c":"3"}}"#),
            (#"{"metadata":null}"#, #"{"name":"Ada","phone":"1","metadata":null}"#),
        ]
    )
    func changes(patch: String, expected: String) async throws {
        let clock = HandTurnedClock()
        try await withSandbox({ $0.clock = clock.sandboxClock }) { client async throws in
            let id = try await client.create(Self.ada).id
            clock.turn(by: .milliseconds(1_500))
            let answer = try await client.send(.patch, "/api/v1/customers/\(id)", patch, key: "k")
            #expect(answer.status == 200)
            let stored = try await client.send(.get, "/api/v1/customers/\(id)").customer
            let wanted = try JSONSerialization.jsonObject(with: Data(expected.utf8))
            for (name, value) in try #require(wanted as? [String: NSObject]) {
                #expect(stored[name] as? NSObject == value)
            }
            #expect(stored["createdAt"] as? String == "2026-01-01T00:00:00.000Z")
            #expect(stored["updatedAt"] as? String == "2026-01-01T00:00:01.500Z")
        }
    }

    @Test("A patch is refused for the reasons of a create, and for an id of elsewhere")
    func refusals() async throws {
        try await withSandbox { client async throws in
            let id = try await client.create(#"{"externalId":"user_1"}"#).id
            _ = try await client.create(#"{"externalId":"user_2"}"#)
            func verdict(
                _ body: String,
                id: String,
                key: String? = UUID().uuidString,
                _ client: SandboxClient
            ) async throws -> String {
                try await client.send(.patch, "/api/v1/customers/\(id)", body, key: key).verdict
            }
            let taken = #"{"externalId":"user_2"}"#
            #expect(try await verdict(taken, id: id, client) == "409 conflict externalId")
            let unknown = try await verdict(#"{"x":"1"}"#, id: id, client)
            #expect(unknown == "400 validation_error x")
            #expect(try await verdict("{}", id: "cus_missing", client) == "404 not_found")
            #expect(try await verdict("{}", id: id, client.with(.other)) == "404 not_found")
            #expect(try await verdict("{}", id: id, client.with(.live)) == "404 not_found")
            let unkeyed = try await verdict("{}", id: id, key: nil, client)
            #expect(unkeyed == "400 validation_error Idempotency-Key")
        }
    }

    @Test("A deleted customer is gone; repeating the key brings the 204 back")
    func deletion() async throws {
        try await withSandbox { client async throws in
            let id = try await client.create(#"{"externalId":"user_1"}"#).id
            let target = "/api/v1/customers/\(id)"
            let answer = try await client.send(.delete, target, key: "d")
            #expect(answer.status == 204)
            #expect(answer.text.isEmpty)
            #expect(try await client.send(.get, target).verdict == "404 not_found")
            #expect(try await client.send(.delete, target, key: "d").status == 204)
            #expect(try await client.send(.delete, target).verdict == "404 not_found")
            #expect(try await client.create(#"{"externalId":"user_1"}"#).status == 201)
        }
    }
}
