import BatchCore
import Testing

@Suite("The sample file, in all its forms", .serialized)
struct EndToEndSampleTests {
    /// Where each person of customers.csv begins.
    private static let lines =
        [2, 3, 4, 5, 7, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21]
        + [24, 25, 26, 27, 28, 29, 30, 31, 32]

    private static func key(ofBodyHash text: String) throws -> String {
        let digits = Array(text)
        let bytes = try stride(from: 0, to: digits.count, by: 2).map { index in
            try #require(UInt8(String(digits[index...(index + 1)]), radix: 16))
        }
        return IdempotencyKey(
            operation: .create,
            scope: KeyScope(mode: "test"),
            ordinal: 0,
            epoch: 0,
            body: try #require(Digest(bytes: bytes))
        ).text
    }

    /// The records of customers.csv, header first, each with a line end.
    private static func records() throws -> [[UInt8]] {
        var lines: [[UInt8]] = [[]]
        let bytes = try CommandLineFolder.sample("customers.csv")
        for (index, byte) in bytes.enumerated() {
            lines[lines.count - 1].append(byte)
            let isPair = byte == 13 && bytes[(index + 1)...].first == 10
            if byte == 10 || byte == 13 && !isPair { lines.append([]) }
        }
        let starts = [1] + Self.lines + [lines.count + 1]
        var records = zip(starts, starts.dropFirst()).map { start, end in
            Array(lines[(start - 1)..<(end - 1)].joined())
        }
        records[records.count - 1].append(10)
        return records
    }

    @Test("CSV, gzip and JSON Lines become the same 25 customers, under the same keys")
    func forms() async throws {
        var keys: [[String]] = []
        for name in ["customers.csv", "customers.csv.gz", "customers.jsonl"] {
            let folder = try CommandLineFolder()
            try folder.take(name)
            let (run, creates) = try await EndToEndServer.serving { server in
                (try await folder.runImport(name, to: server), try await server.creates())
            }
            #expect(run.exit == 0, "\(run.errors)")
            #expect(try run.summary.statuses == ["created": 25])
            let results = try folder.results("customers.job")
            #expect(results.map { $0["row"] } == (1...25).map(String.init))
            if !name.hasSuffix("jsonl") {
                #expect(results.map { $0["line"] } == Self.lines.map(String.init))
            }
            keys.append(results.map(\.key))
            // What the server got is what the keys say, and who it became is in the results.
            let made = Dictionary(
                uniqueKeysWithValues: creates.map { ($0.idempotencyKey ?? "", $0) }
            )
            #expect(made.count == 25)
            for result in results {
                let create = try #require(made[result.key])
                #expect(try Self.key(ofBodyHash: create.bodySha256) == result.key)
                #expect(create.customerId == result.customerID)
                #expect(
                    ["", "'"].contains { result["external_id"] == $0 + (create.externalId ?? "") }
                )
            }
        }
        #expect(keys[0].count == 25 && Set(keys).count == 1)
    }

    @Test("The same import again sends no request; another job sends the same keys, in vain")
    func again() async throws {
        let folder = try CommandLineFolder()
        try folder.take("customers.csv", "customers.csv.gz", "customers.jsonl")
        var generator = SeededGenerator(seed: EndToEndSeed.fresh("shuffled rows"))
        let records = try Self.records()
        let shuffled = records[0] + records.dropFirst().shuffled(using: &generator).joined()
        try folder.write("shuffled.csv", bytes: Array(shuffled))

        try await EndToEndServer.serving { server in
            let first = try await folder.runImport("customers.csv", to: server)
            #expect(first.exit == 0)
            let people = try folder.results("customers.job")
            let requests = try await server.requests()

            for name in ["customers.csv", "customers.csv.gz", "customers.jsonl", "shuffled.csv"] {
                let again = try await folder.runImport(
                    name,
                    "--job",
                    "customers.job",
                    to: server
                )
                #expect(again.exit == 0, "\(again.errors)")
                #expect(again.errors.contains("nothing to send"))
                #expect(try again.summary.statuses == ["created": 25])
                #expect(try again.summary.requestCount == 0)
            }
            #expect(try await server.requests() == requests)

            for (name, input) in [
                ("shuffled.csv", []), ("customers.jsonl", []), ("customers.csv.gz", []),
                ("-", try folder.bytes("shuffled.csv")),
                ("-", try folder.bytes("customers.jsonl")),
                ("-", try folder.bytes("customers.csv.gz")),
            ] {
                let elsewhere = try CommandLineFolder()
                if name != "-" { try elsewhere.write(name, bytes: folder.bytes(name)) }
                let other = try await elsewhere.runImport(
                    name,
                    "--job",
                    "other.job",
                    to: server,
                    input: input
                )
                #expect(other.exit == 0, "\(name): \(other.errors)")
                // The idempotency store answers as it did the first time; older than this job.
                #expect(try other.summary.statuses == ["exists": 25])
                let results = try elsewhere.results("other.job")
                let ids = { (rows: [EndToEndResult]) in
                    Dictionary(uniqueKeysWithValues: rows.map { ($0.key, $0.customerID) })
                }
                #expect(ids(results) == ids(people))
            }
            #expect(try await server.creates().count == 25)
        }
    }

    @Test("A job is bound to its server: another one gets no request, and exit 3")
    func anotherServer() async throws {
        let folder = try CommandLineFolder()
        try folder.take("customers.csv")
        try await EndToEndServer.serving { server in
            #expect(try await folder.runImport("customers.csv", to: server).exit == 0)
            let requests = try await server.requests()
            try await EndToEndServer.serving { other in
                let refused = try await folder.runImport("customers.csv", to: other)
                #expect(refused.exit == 3)
                for url in [server.url, other.url] {
                    #expect(refused.errors.contains(url.dropFirst("http://".count)))
                }
                #expect(refused.errors.contains("--job"))
                #expect(try await other.requests().total == 0)
            }
            #expect(try await server.requests() == requests)
        }
    }
}
