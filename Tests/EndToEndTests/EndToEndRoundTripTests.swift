import Plugipay
import Testing

@Suite("Out and in again")
struct EndToEndRoundTripTests {
    /// Mixtures of difficulties beside those that are always there.
    private static let mixtures = 40
    /// Differences that a failure shows.
    private static let shownDifferences = 3

    /// All that can be set of a customer, in bytes; the rest the server gives anew.
    private struct Content: Hashable {
        var members: [[UInt8]?]
        var metadata: [[UInt8]: [UInt8]]?

        init(_ draft: CustomerDraft) {
            members = [
                draft.externalId, draft.email, draft.name, draft.phone, draft.taxId,
                draft.defaultPaymentTokenId,
            ].map { $0.map { Array($0.utf8) } }
            metadata = draft.metadata.map { pairs in
                Dictionary(
                    uniqueKeysWithValues: pairs.map { (Array($0.utf8), Array($1.utf8)) }
                )
            }
        }

        init(_ customer: EndToEndCustomer) {
            members = [
                "externalId", "email", "name", "phone", "taxId", "defaultPaymentTokenId",
            ].map { name in customer[name].map { Array($0.utf8) } }
            metadata = customer.metadata
        }
    }

    @Test(
        "A book with every difficulty comes back equal but for ids and times",
        arguments: [
            ("current", ["book.jsonl", "book.csv", "book.jsonl.gz", "book.csv.gz"]),
            ("docs", ["book.jsonl", "book.csv.gz"]),
            ("legacy", ["book.jsonl", "book.csv"]),
        ]
    )
    func roundTrip(_ profile: String, _ names: [String]) async throws {
        let seed = EndToEndSeed.fresh("round trip, \(profile)")
        let book = EndToEndDifficultBook(mixtures: Self.mixtures, seed: seed)
        let folder = try CommandLineFolder()
        try await EndToEndServer.serving(["--profile", profile]) { server in
            try await server.create(book.drafts)
            for name in names {
                let out = try await folder.runExport("-o", name, from: server)
                #expect(out.exit == 0, "\(out.errors)")
                Self.expect(try await folder.customers(in: name), equal: book.drafts)
                #expect(try await folder.manifest(of: name).rows == book.drafts.count)
            }
            for name in names {
                // Another workspace for each: an empty book.
                let account = "acc_" + name.replacing(".", with: "_")
                let copy = "copy of " + name.replacing(".gz", with: "")
                try await Self.carry(name, into: account, and: copy, in: folder, server)
                Self.expect(try await folder.customers(in: copy), equal: book.drafts)
            }
            #expect(
                try Self.contentLines("copy of book.jsonl", in: folder)
                    == Self.contentLines("book.jsonl", in: folder)
            )
        }
    }

    /// Imports a file into a workspace of its own, and exports that one.
    private static func carry(
        _ name: String,
        into account: String,
        and copy: String,
        in folder: CommandLineFolder,
        _ server: EndToEndServer
    ) async throws {
        let platform = [
            "PLUGIPAY_KEY_ID": "ak_test_platform", "PLUGIPAY_SECRET": "sk_test_platform",
            "PLUGIPAY_ON_BEHALF_OF": account,
        ]
        let run = try await folder.runImport(
            name,
            "--job",
            account,
            "--allow-duplicates",
            to: server,
            environment: platform
        )
        let summary = try run.summary
        #expect(run.exit == 0, "\(name): \(run.errors)")
        #expect(summary.statuses == ["created": summary["read"]], "\(name)")
        let again = try await folder.runExport("-o", copy, from: server, environment: platform)
        #expect(again.exit == 0, "\(again.errors)")
        #expect(try await folder.manifest(of: copy).target.account == account)
    }

    private static func expect(_ customers: [EndToEndCustomer], equal drafts: [CustomerDraft]) {
        #expect(customers.count == drafts.count)
        let (found, expected) = (customers.map(Content.init), drafts.map(Content.init))
        let (surplus, missing) = (
            Set(found).subtracting(expected), Set(expected).subtracting(found)
        )
        #expect(surplus.prefix(shownDifferences).map(text).isEmpty)
        #expect(missing.prefix(shownDifferences).map(text).isEmpty)
    }

    private static func text(_ content: Content) -> String {
        let string = { (bytes: [UInt8]) in String(decoding: bytes, as: UTF8.self) }
        let members = content.members.map { $0.map(string)?.debugDescription ?? "-" }
        let pairs = content.metadata?.map {
            "\(string($0).debugDescription): \(string($1).debugDescription)"
        }
        return members.joined(separator: " ") + " " + "\(pairs ?? ["-"])".prefix(400)
    }

    /// The bytes of each customer in a JSONL export between the members that the server gives.
    private static func contentLines(
        _ name: String,
        in folder: CommandLineFolder
    ) throws -> [String] {
        let server = #/"(?:id|arn|accountId|createdAt|updatedAt)":"[^"]*",?/#
        return try folder.read(name).split(separator: "\n")
            .map { String($0.replacing(server, with: "")) }.sorted()
    }
}
