import Foundation
import PlugipaySandbox
import Testing

@Suite("POST /customers")
struct CreateTests {
    @Test("A customer has every member of the contract, and get answers with the same")
    func members() async throws {
        let clock = HandTurnedClock()
        try await withSandbox({ $0.clock = clock.sandboxClock }) { client async throws in
            let answer = try await client.create(
                #"{"metadata":{"plan":"pro"},"externalId":"user_1","name":"Ada \u00e9\n","#
                    + #""email":"Ada@example.com"}"#
            )
            #expect(answer.status == 201)
            let customer = try answer.customer
            let id = try answer.id
            #expect(id.wholeMatch(of: /cus_[0-9A-HJKMNP-TV-Z]{26}/) != nil)
            #expect(customer["arn"] as? String == "forjio:plugipay:sgp1:acc_sandbox:customer/\(id)")
            #expect(customer["accountId"] as? String == "acc_sandbox")
            #expect(customer["externalId"] as? String == "user_1")
            #expect(customer["email"] as? String == "Ada@example.com")
            #expect(customer["name"] as? String == "Ada é\n")
            #expect(customer["metadata"] as? [String: String] == ["plan": "pro"])
            for absent in ["phone", "taxId", "defaultPaymentTokenId"] {
                #expect(customer[absent] is NSNull)
            }
            #expect(customer["createdAt"] as? String == "2026-01-01T00:00:00.000Z")
            #expect(customer["updatedAt"] as? String == "2026-01-01T00:00:00.000Z")
            let found = try await client.send(.get, "/api/v1/customers/\(id)")
            #expect(found.status == 200)
            #expect(try NSDictionary(dictionary: found.customer).isEqual(to: customer))
        }
    }

    @Test(
        "A body is checked",
        arguments: [
            (#"{}"#, "201"), ("", "201"), (#"{"metadata":null}"#, "201"),
            (#"{"email":""}"#, "400 validation_error email"),
            (#"{"email":null}"#, "400 validation_error email"),
            (#"{"email":7}"#, "400 validation_error email"),
            (#"{"email":"nobody"}"#, "400 validation_error email"),
            (#"{"email":"a b@example.com"}"#, "400 validation_error email"),
            (#"{"email":"a@example"}"#, "400 validation_error email"),
            (#"{"email":"a@example..com"}"#, "400 validation_error email"),
            (#"{"name":"a\u0000b"}"#, "400 validation_error name"),
            (#"{"nickname":"Ada"}"#, "400 validation_error nickname"),
            (#"{"id":"cus_1"}"#, "400 validation_error id"),
            (#"{"metadata":[]}"#, "400 validation_error metadata"),
            (#"{"metadata":{"a":1}}"#, "400 validation_error metadata.a"),
            (#"[]"#, "400 validation_error"),
            (#"{"name":"#, "400 invalid_request"),
            (#"{"name":"a"} x"#, "400 invalid_request"),
            ("\u{FEFF}{}", "400 invalid_request"),
        ]
    )
    func bodies(body: String, verdict: String) async throws {
        try await withSandbox { client async throws in
            #expect(try await client.create(body).verdict == verdict)
            #expect(try await client.creates().count == (verdict == "201" ? 1 : 0))
        }
    }

    @Test(
        "Lengths are counted in UTF-16 code units",
        arguments: [
            ("externalId", 255), ("name", 255), ("phone", 64), ("taxId", 64),
            ("defaultPaymentTokenId", 255),
        ]
    )
    func lengths(field: String, limit: Int) async throws {
        try await withSandbox { client async throws in
            func verdict(_ text: String) async throws -> String {
                try await client.create(#"{"\#(field)":"\#(text)"}"#).verdict
            }
            #expect(try await verdict(String(repeating: "x", count: limit)) == "201")
            let refused = "400 validation_error \(field)"
            #expect(try await verdict(String(repeating: "x", count: limit + 1)) == refused)
            let emoji = String(repeating: "😀", count: limit / 2)
            #expect(try await verdict(emoji + (limit.isMultiple(of: 2) ? "" : "x")) == "201")
            #expect(try await verdict(emoji + "😀") == refused)
        }
    }

    @Test("Metadata holds at most 50 pairs, and names are told apart by their bytes")
    func pairs() async throws {
        try await withSandbox { client async throws in
            func body(_ count: Int) -> String {
                let pairs = (0..<count).map { #""k\#($0)":"v""# }
                return #"{"metadata":{\#(pairs.joined(separator: ","))}}"#
            }
            #expect(try await client.create(body(50)).status == 201)
            #expect(try await client.create(body(51)).verdict == "400 validation_error metadata")
            let answer = try await client.create(
                #"{"metadata":{"\u00e9":"1","e\u0301":"2","a":"3","a":"4"}}"#
            )
            #expect(answer.text.contains(#"{"\#u{E9}":"1","e\#u{301}":"2","a":"4"}"#))
        }
    }

    @Test("An externalId is unique in its book only")
    func externalIDs() async throws {
        try await withSandbox { client async throws in
            let body = #"{"externalId":"user_1"}"#
            #expect(try await client.create(body).status == 201)
            #expect(try await client.create(body).verdict == "409 conflict externalId")
            for key in [SandboxKey.live, .other, .platform] {
                #expect(try await client.with(key).create(body).status == 201)
            }
            #expect(try await client.create(#"{"externalId":"USER_1"}"#).status == 201)
            #expect(try await client.creates().count == 5)
        }
    }

    @Test("64 requests for one externalId at once make one customer")
    func contention() async throws {
        try await withSandbox { client async throws in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<64 {
                    group.addTask { try await client.create(#"{"externalId":"user_1"}"#).status }
                }
                return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [201: 1, 409: 63])
            #expect(try await client.creates().count == 1)
        }
    }

    @Test("A body of more than 1 MB is refused, signed or not")
    func large() async throws {
        try await withSandbox { client async throws in
            let name = String(repeating: "x", count: 1 << 20)
            let answer = try await client.create(#"{"name":"\#(name)"}"#)
            #expect(try answer.verdict == "413 payload_too_large")
        }
    }

    @Test("A request id of up to 64 characters is adopted, else one is minted")
    func requestIDs() async throws {
        try await withSandbox { client async throws in
            func id(_ offered: String) async throws -> String? {
                let answer = try await client.send(
                    .get,
                    "/api/v1/customers",
                    headers: ["X-Request-Id": offered]
                )
                #expect(try answer.meta["requestId"] as? String == answer.header("X-Request-Id"))
                return answer.header("X-Request-Id")
            }
            #expect(try await id("mine") == "mine")
            let long = String(repeating: "x", count: 64)
            #expect(try await id(long) == long)
            #expect(try await id(long + "x")?.wholeMatch(of: /req_[0-9A-Z]{26}/) != nil)
        }
    }
}
