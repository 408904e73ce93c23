import Foundation
import Subprocess
import SystemPackage
import Testing

@testable import Plugipay

/// The sandbox as a process of its own, and what it says really happened.
struct EndToEndServer: Sendable {
    static let keyID = "ak_test_sandbox"
    static let secret = "sk_test_sandbox"

    /// A line of the log of creates.
    struct Create: Decodable, Sendable {
        var customerId: String
        var externalId: String?
        var idempotencyKey: String?
        var bodySha256: String
    }

    /// The requests answered so far, by method and status; `0` stands for a cut connection.
    struct Requests: Decodable, Sendable, Equatable {
        var total: Int
        var methods: [String: [String: Int]]

        func count(_ method: String) -> Int {
            methods[method, default: [:]].values.reduce(0, +)
        }

        /// Those of a method that were not refused for coming too fast.
        func admitted(_ method: String) -> Int {
            count(method) - methods[method, default: [:]]["429", default: 0]
        }
    }

    let url: String
    private let process: pid_t
    private let transport: AsyncHTTPClientTransport

    private init(url: String, process: pid_t) {
        self.url = url
        self.process = process
        transport = AsyncHTTPClientTransport(
            configuration: Configuration(
                credentials: .signed(keyID: Self.keyID, secret: Self.secret)
            )
        )
    }

    /// Serves a book, without limits unless `rates` says so, while `body` runs.
    ///
    /// The book is in the file `database`, or an empty one in memory.
    static func serving<Value: Sendable>(
        _ arguments: [String] = [],
        database: String? = nil,
        rates: [String] = ["--write-rate", "0", "--read-rate", "0"],
        body: @Sendable (EndToEndServer) async throws -> Value
    ) async throws -> Value {
        try await Subprocess.run(
            .path(CommandLineFolder.program),
            arguments: Arguments(
                ["sandbox", "--port", "0"] + (database.map { ["--database", $0] } ?? ["--memory"])
                    + rates + arguments
            ),
            input: .none,
            output: .sequence,
            error: .discarded
        ) { execution in
            var url: String?
            for try await line in execution.standardOutput.strings() {
                if line.contains("BASE_URL"), let equals = line.firstIndex(of: "=") {
                    url = String(line[line.index(after: equals)...])
                }
                if line.contains("_SECRET=") { break }
            }
            defer { try? execution.send(signal: .kill) }
            let server = EndToEndServer(
                url: try #require(url),
                process: execution.processIdentifier.value
            )
            let value = try await body(server)
            try await server.transport.shutdown()
            return value
        }.closureResult
    }

    /// What a client needs to know, as variables of the environment.
    var environment: [String: String] {
        ["PLUGIPAY_BASE_URL": url, "PLUGIPAY_KEY_ID": Self.keyID, "PLUGIPAY_SECRET": Self.secret]
    }

    func creates() async throws -> [Create] {
        try await oracle("/sandbox/creates").split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Create.self, from: Data($0))
        }
    }

    func requests() async throws -> Requests {
        try await JSONDecoder().decode(Requests.self, from: Data(oracle("/sandbox/requests")))
    }

    /// Every customer of the book, through the client.
    func book() async throws -> [Customer] {
        var book: [Customer] = []
        for try await customer in try client.customers.all() { book.append(customer) }
        return book
    }

    /// Creates customers through the client, one after the other.
    func create(_ drafts: [CustomerDraft]) async throws {
        let client = try client
        for draft in drafts { _ = try await client.customers.create(draft) }
    }

    /// Stops the process without a word to anybody, as a hanging server does.
    func freeze() { kill(process, SIGSTOP) }

    /// Lets it go on.
    func thaw() { kill(process, SIGCONT) }

    private var client: PlugipayClient {
        get throws {
            PlugipayClient(
                configuration: Configuration(
                    credentials: .signed(keyID: Self.keyID, secret: Self.secret),
                    baseURL: try BaseURL(url)
                ),
                transport: transport
            )
        }
    }

    private func oracle(_ target: String) async throws -> [UInt8] {
        let response = try await transport.send(
            TransportRequest(
                method: "GET",
                origin: url,
                target: target,
                headers: Headers(),
                body: nil,
                maximumResponseBytes: 64 << 20
            ),
            timeout: .seconds(30)
        )
        try #require(response.status == 200)
        return response.body
    }
}
