import Foundation
import Plugipay
import TestSupport
import Testing

/// The code of the catalogue's articles, as it stands there.
private enum Walkthrough {
    enum Creation: Equatable {
        case created(Customer)
        case refused(field: String?)
        case taken
        case later(Duration)
    }

    static func overview(_ environment: [String: String]) async throws {
        let client = PlugipayClient(configuration: try .fromEnvironment(environment))
        let ada = try await client.customers.create(CustomerDraft(email: "ada@example.com"))
        try await client.shutdown()
        _ = ada
    }

    static func merchant(of client: PlugipayClient) -> PlugipayClient {
        let merchant = client.forMerchant("acc_1")
        return merchant
    }

    static func create(with client: PlugipayClient) async throws(PlugipayError) -> Customer {
        let draft = CustomerDraft(
            externalId: "user_1",
            email: "ada@example.com",
            name: "Ada Example",
            metadata: ["plan": "gold"]
        )
        let ada = try await client.customers.create(draft)
        return ada
    }

    static func read(
        _ id: String,
        with client: PlugipayClient
    ) async throws(PlugipayError) -> Customer {
        let ada = try await client.customers.get(id)
        return ada
    }

    static func update(
        _ id: String,
        with client: PlugipayClient
    ) async throws(PlugipayError) -> Customer {
        var patch = CustomerPatch()
        patch.phone = .set("+62 812 0000 0000")
        patch.taxId = .clear
        let changed = try await client.customers.update(id, patch)
        return changed
    }

    static func list(
        _ email: String,
        with client: PlugipayClient
    ) async throws(PlugipayError) -> [Customer] {
        let page = try await client.customers.list(CustomerQuery(limit: 20, email: email))
        let found = page.items.filter { $0.email == email }
        return found
    }

    static func walk(
        with client: PlugipayClient,
        visit: (Customer) -> Void,
        store: ([[UInt8]]) -> Void
    ) async throws(PlugipayError) {
        let query = CustomerQuery(limit: CustomerQuery.maximumLimit, order: .ascending)
        for try await customer in client.customers.all(query) {
            visit(customer)
        }
        for try await page in client.customers.pages(query) {
            store(page.rawItems)
        }
    }

    static func tellApart(
        _ draft: CustomerDraft,
        with client: PlugipayClient
    ) async throws(PlugipayError) -> Creation {
        do {
            return .created(try await client.customers.create(draft))
        } catch {
            switch error.code {
            case .validationError: return .refused(field: error.field)
            case .conflict: return .taken
            case .rateLimited: return .later(error.retryAfter ?? .seconds(1))
            default: throw error
            }
        }
    }

    static func createTwice(
        _ draft: CustomerDraft,
        key: String,
        with client: PlugipayClient
    ) async throws(PlugipayError) -> Customer {
        let options = CallOptions(idempotencyKey: key)
        do {
            return try await client.customers.create(draft, options: options)
        } catch  where error.code == .timeout || error.code == .networkError {
            return try await client.customers.create(draft, options: options)
        }
    }
}

@Suite struct WalkthroughTests {
    private static let package = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The Swift blocks of the catalogue's pages.
    private static func blocks() throws -> [String] {
        let catalogue = package.appending(path: "Sources/Plugipay/Plugipay.docc")
        let pages = try FileManager.default.contentsOfDirectory(atPath: catalogue.path())
        return try pages.filter { $0.hasSuffix(".md") }.flatMap { name in
            try String(contentsOf: catalogue.appending(path: name), encoding: .utf8)
                .split(separator: "```swift\n").dropFirst()
                .compactMap { block in
                    block.firstRange(of: "```").map { String(block[..<$0.lowerBound]) }
                }
        }
    }

    /// The words of a code, however it is indented.
    private static func words(_ code: String) -> String {
        code.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test("the catalogue shows no code that these tests do not run")
    func blocksAreTested() throws {
        let folder = Self.package.appending(path: "Tests/PlugipayTests")
        let tested = try ["WalkthroughTests.swift", "DocumentedPatternsTests.swift"].map {
            Self.words(try String(contentsOf: folder.appending(path: $0), encoding: .utf8))
        }
        let blocks = try Self.blocks()
        #expect(blocks.count > 10)
        for block in blocks {
            let words = Self.words(block)
            #expect(tested.contains { $0.contains(words) }, "\(block)")
        }
    }

    private func client(_ answers: TransportResponse...) -> (PlugipayClient, ScriptedTransport) {
        let transport = ScriptedTransport(answers: answers)
        return (PlugipayClient(configuration: .scripted, transport: transport), transport)
    }

    private func body(_ request: TransportRequest) -> String {
        String(decoding: request.body ?? [], as: UTF8.self)
    }

    @Test("a client made of the environment says what is missing there")
    func overview() async throws {
        let error = await #expect(throws: PlugipayError.self) {
            try await Walkthrough.overview(["PLUGIPAY_KEY_ID": "ak_test_1"])
        }
        #expect(error?.code == .missingSecret)
    }

    @Test("create, read and update send what the page says, once each, for a merchant too")
    func oneCustomer() async throws {
        let (client, transport) = client(.envelope(200, data: #"{"id":"cus_1"}"#))
        #expect(try await Walkthrough.create(with: client).id == "cus_1")
        #expect(try await Walkthrough.read("cus_1", with: client).id == "cus_1")
        let merchant = Walkthrough.merchant(of: client)
        #expect(try await Walkthrough.update("cus_1", with: merchant).id == "cus_1")
        let requests = transport.requests
        #expect(requests.map(\.method) == ["POST", "GET", "PATCH"])
        #expect(
            body(requests[0])
                == #"{"externalId":"user_1","email":"ada@example.com","name":"Ada Example","#
                + #""metadata":{"plan":"gold"}}"#
        )
        #expect(body(requests[2]) == #"{"phone":"+62 812 0000 0000","taxId":""}"#)
        #expect(requests[2].headers["X-Plugipay-On-Behalf-Of"] == "acc_1")
    }

    @Test("lists and walks give the customers that were asked for, and their bytes")
    func manyCustomers() async throws {
        let items = #"[{"id":"a","email":"b@example.com"},{"id":"c","new":1}]"#
        let (client, transport) = client(
            .envelope(200, data: items, meta: #"{"hasMore":false}"#)
        )
        #expect(try await Walkthrough.list("b@example.com", with: client).map(\.id) == ["a"])
        var ids: [String] = []
        var bytes: [String] = []
        try await Walkthrough.walk(with: client) {
            ids.append($0.id)
        } store: {
            bytes += $0.map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(ids == ["a", "c"])
        #expect(bytes.last == #"{"id":"c","new":1}"#)
        #expect(transport.requests.count == 3)
    }

    @Test("errors are told apart by their codes")
    func errors() async throws {
        let field = #"{"code":"VALIDATION_ERROR","message":"x","param":"email"}"#
        let (client, _) = client(
            .json(400, #"{"data":null,"error":\#(field),"meta":{}}"#),
            .failure(409, "conflict"),
            .failure(429, "rate_limited", headers: ["Retry-After": "3"]),
            .envelope(201, data: #"{"id":"cus_1"}"#),
            .failure(403, "insufficient_scope")
        )
        let draft = CustomerDraft(email: "ada@example.com")
        var seen: [Walkthrough.Creation] = []
        for _ in 0..<4 { seen.append(try await Walkthrough.tellApart(draft, with: client)) }
        #expect(
            seen == [
                .refused(field: "email"), .taken, .later(.seconds(3)),
                .created(Customer(id: "cus_1")),
            ]
        )
        let error = await #expect(throws: PlugipayError.self) {
            try await Walkthrough.tellApart(draft, with: client)
        }
        #expect(error?.code == .insufficientScope)
    }

    @Test("a create whose answer was lost is repeated with the same key and the same bytes")
    func repetition() async throws {
        let transport = ScriptedTransport { _, number throws(TransportFailure) in
            guard number > 0 else {
                throw TransportFailure(
                    code: .connectionLost,
                    mayHaveReachedServer: true,
                    message: "as scripted"
                )
            }
            return .envelope(201, data: #"{"id":"cus_1"}"#)
        }
        let client = PlugipayClient(configuration: .scripted, transport: transport)
        let draft = CustomerDraft(email: "ada@example.com")
        #expect(try await Walkthrough.createTwice(draft, key: "k-1", with: client).id == "cus_1")
        #expect(transport.requests.map { $0.headers["Idempotency-Key"] } == ["k-1", "k-1"])
        #expect(transport.requests[0].body == transport.requests[1].body)
    }
}
