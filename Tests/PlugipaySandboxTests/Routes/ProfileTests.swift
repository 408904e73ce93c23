import Foundation
import PlugipaySandbox
import Testing

@Suite("Profiles")
struct ProfileTests {
    @Test("docs: upper-case codes, only meta.page, no delete")
    func docs() async throws {
        try await withSandbox({ $0.profile = .docs }) { client async throws in
            let id = try await client.create().id
            _ = try await client.create()
            let missing = try await client.send(.get, "/v1/customers/cus_missing")
            #expect(try missing.verdict == "404 NOT_FOUND")
            let meta = try await client.list("?limit=1").meta
            #expect(meta["cursor"] == nil && meta["hasMore"] == nil)
            let page = meta["page"] as? [String: Any]
            #expect(page?["hasMore"] as? Bool == true)
            #expect(page?["nextCursor"] is String)
            let deletion = try await client.send(.delete, "/v1/customers/\(id)", key: "d")
            #expect(try deletion.verdict == "404 NOT_FOUND")
        }
    }

    @Test("legacy: PATCH needs no key; newer list parameters are silently ignored")
    func legacy() async throws {
        try await withSandbox({ $0.profile = .legacy }) { client async throws in
            let first = try await client.create(#"{"externalId":"user_1"}"#).id
            let second = try await client.create(#"{"externalId":"user_2"}"#).id
            let patch = try await client.send(
                .patch,
                "/api/v1/customers/\(first)",
                #"{"name":"A"}"#
            )
            #expect(patch.status == 200)
            let queries = [
                "", "?order=asc", "?direction=asc", "?externalId=user_1", "?order=up",
                "?createdAfter=2999-01-01T00:00:00Z", "?createdAfter=nonsense",
            ]
            for query in queries {
                let ids = try await client.list(query).customers.compactMap { $0["id"] as? String }
                #expect(ids == [second, first], "\(query)")
            }
        }
    }

    @Test("legacy: an update knows no metadata, a create does", arguments: SandboxProfile.allCases)
    func metadataInUpdate(profile: SandboxProfile) async throws {
        try await withSandbox({ $0.profile = profile }) { client async throws in
            let id = try await client.create(#"{"name":"Ada","metadata":{"a":"1"}}"#).id
            let patch = try await client.send(
                .patch,
                "/api/v1/customers/\(id)",
                #"{"name":"Grace","metadata":{"a":"2"}}"#,
                key: "k"
            )
            let customer = try await client.send(.get, "/api/v1/customers/\(id)").customer
            let isLegacy = profile == .legacy
            #expect(patch.status == (isLegacy ? 400 : 200))
            if isLegacy { #expect(try patch.verdict == "400 validation_error metadata") }
            #expect(customer["name"] as? String == (isLegacy ? "Ada" : "Grace"))
            let metadata = customer["metadata"] as? [String: String]
            #expect(metadata == ["a": isLegacy ? "1" : "2"])
        }
    }

    @Test("Both path prefixes lead to the same book", arguments: SandboxProfile.allCases)
    func prefixes(profile: SandboxProfile) async throws {
        try await withSandbox({ $0.profile = profile }) { client async throws in
            let created = try await client.send(.post, "/v1/customers", "{}", key: "k")
            #expect(created.status == 201)
            let found = try await client.send(.get, "/api/v1/customers/\(created.id)")
            #expect(found.status == 200)
        }
    }

    @Test(
        "Unknown routes and methods have the envelope",
        arguments: ["/", "/api/v1", "/api/v1/invoices", "/api/v1/customers/cus_1/orders", "/x?y=z"]
    )
    func unknownRoutes(target: String) async throws {
        try await withSandbox { client async throws in
            #expect(try await client.sendUnsigned(.get, target).verdict == "404 not_found")
            #expect(try await client.sendUnsigned(.put, target).verdict == "404 not_found")
        }
    }

    @Test("Health needs no credentials")
    func health() async throws {
        try await withSandbox { client async throws in
            #expect(try await client.sendUnsigned(.get, "/api/v1/health").status == 200)
            let refused = try await client.sendUnsigned(.get, "/api/v1/customers")
            #expect(try refused.verdict == "401 auth_required")
        }
    }
}
