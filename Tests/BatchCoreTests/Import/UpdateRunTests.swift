import Plugipay
import Synchronization
import TestSupport
import Testing

@testable import BatchCore

@Suite("Whole runs with --on-conflict update")
struct UpdateRunTests {
    private static let header = "externalId,name,email,metadata.plan\n"
    private static let a = header + "c-1,Ada,ada@example.com,gold\nc-2,Ben,ben@example.com,\n"
    private static let b = header + "c-1,Bea,Ada@Example.com,gold\nc-2,Ben,ben@example.com,\n"
    private static let c = header + "c-1,Ada,ada@example.com,blue\nc-2,Ben,ben@example.com,\n"

    private func run(
        _ rig: RunRig,
        _ text: String,
        policy: ConflictPolicy = .update
    ) async throws -> RunSummary {
        var job = ImportJob(inputs: [try rig.folder.write("in.csv", text)])
        job.rate = .fixed(0)
        job.onConflict = policy
        return try await rig.run(job)
    }

    private func patches(_ rig: RunRig) -> [String] {
        rig.transport.requests.filter { $0.method == "PATCH" }
            .map { String(decoding: $0.body ?? [], as: UTF8.self) }
    }

    private func first(_ rig: RunRig) -> Customer? {
        rig.book.customers.first { $0.externalId == "c-1" }
    }

    private func message(_ rig: RunRig) throws -> String {
        try rig.folder.read("in.job/results.csv")[1]
    }

    @Test("B, A, B within a day: three PATCHes under three keys, and the last state is B")
    func backAndForth() async throws {
        let rig = try RunRig()
        _ = try await run(rig, Self.a)
        for (text, name) in [(Self.b, "Bea"), (Self.a, "Ada"), (Self.b, "Bea")] {
            let summary = try await run(rig, text)
            #expect(summary.exitCode == 0 && summary.counts[.updated] == 1)
            #expect(first(rig)?.name == name)
            #expect(try await run(rig, text).requests == RunSummary.Requests())
        }
        #expect(patches(rig) == [#"{"name":"Bea"}"#, #"{"name":"Ada"}"#, #"{"name":"Bea"}"#])
        let keys = rig.transport.requests.filter { $0.method == "PATCH" }
            .compactMap { $0.headers["Idempotency-Key"] }
        #expect(Set(keys).count == 3)
        #expect(rig.book.customers.count == 2)
    }

    @Test("and on a server that tells no times: stored answers are seen through")
    func withoutTimes() async throws {
        let rig = try RunRig()
        rig.book.become { $0.tellsUpdates = false }
        _ = try await run(rig, Self.a)
        for (text, name) in [(Self.b, "Bea"), (Self.a, "Ada"), (Self.b, "Bea"), (Self.a, "Ada")] {
            #expect(try await run(rig, text).counts[.updated] == 1)
            #expect(first(rig)?.name == name)
        }
    }

    @Test("metadata alone is changed whole; what it had besides is gone, or named where it stays")
    func metadata() async throws {
        let rig = try RunRig()
        _ = try await run(rig, Self.a)
        rig.book.change("c-1") { $0.metadata?["extra"] = "1" }
        #expect(try await run(rig, Self.c).counts[.updated] == 1)
        #expect(first(rig)?.metadata == ["plan": "blue"])
        rig.book.become { $0.mergesMetadata = true }
        rig.book.change("c-1") { $0.metadata?["extra"] = "1" }
        #expect(try await run(rig, Self.a).counts[.updated] == 1)
        #expect(first(rig)?.metadata == ["plan": "gold", "extra": "1"])
        #expect(try message(rig).contains("stored differently: metadata"))
        #expect(patches(rig).last == #"{"metadata":{"plan":"gold"}}"#)
    }

    @Test("a server that takes no metadata in an update")
    func refusedMetadata() async throws {
        let rig = try RunRig()
        rig.book.become { $0.refusesMetadata = true }
        _ = try await run(rig, Self.a)
        let both = Self.b.replacing("gold", with: "blue")
        let summary = try await run(rig, both)
        #expect(summary.exitCode == 0 && summary.counts[.updated] == 1)
        #expect(first(rig)?.name == "Bea" && first(rig)?.metadata == ["plan": "gold"])
        #expect(try message(rig).contains("does not take this metadata in an update"))
        #expect(rig.notes.filter { $0.text.contains("metadata") }.count == 1)
        #expect(try await run(rig, both).requests == RunSummary.Requests())

        let alone = try await run(rig, Self.b.replacing("gold", with: "red"))
        #expect(alone.exitCode == 1 && alone.counts[.rejected] == 1)
        #expect(try message(rig).contains(#"validation_error,metadata,"Unknown field."#))
        #expect(alone.rejects.count == 1)
    }

    @Test("e-mails that the server folds are equal, and are not sent again")
    func foldedEmail() async throws {
        let rig = try RunRig()
        rig.book.become { $0.lowercasesEmails = true }
        _ = try await run(rig, Self.b)
        #expect(try await run(rig, Self.a).counts[.updated] == 1)
        #expect(patches(rig) == [#"{"name":"Ada"}"#])
        #expect(try !message(rig).contains("stored differently"))
    }

    @Test("fields that the row does not have stay as somebody else has set them")
    func foreignFields() async throws {
        let rig = try RunRig()
        _ = try await run(rig, Self.a)
        rig.book.change("c-2") {
            $0.phone = "1"
            $0.metadata = ["their": "own"]
        }
        let summary = try await run(rig, Self.a.replacing("Ben,", with: "Benny,"))
        #expect(summary.counts[.updated] == 1)
        let customer = rig.book.customers.first { $0.externalId == "c-2" }
        #expect(customer?.name == "Benny" && customer?.phone == "1")
        #expect(customer?.metadata == ["their": "own"])
    }

    @Test("one externalId several times in a file: applied in file order, and once")
    func severalContents() async throws {
        let rig = try RunRig()
        let rows = ["Ada", "Bea", "Ada", "Cy"].map { "c-1,\($0),ada@example.com,\n" }.joined()
        let summary = try await run(rig, Self.header + rows)
        #expect(summary.counts[.created] == 1 && summary.counts[.updated] == 3)
        #expect(
            patches(rig) == [#"{"name":"Bea"}"#, #"{"name":"Ada"}"#, #"{"name":"Cy"}"#]
        )
        #expect(first(rig)?.name == "Cy")
        #expect(try await run(rig, Self.header + rows).requests == RunSummary.Requests())
    }

    @Test("a server without the newer filters: an edited e-mail is changed all the same")
    func withoutFilter() async throws {
        let rig = try RunRig()
        rig.book.become { $0.filtersByExternalID = false }
        _ = try await run(rig, Self.a)
        let edited = Self.a.replacing("ada@", with: "ada.king@")
        #expect(try await run(rig, edited).counts[.updated] == 1)
        #expect(first(rig)?.email == "ada.king@example.com")
    }

    @Test("deleted since: failed with a way out, in every later run, and never made again")
    func deleted() async throws {
        let rig = try RunRig()
        _ = try await run(rig, Self.a)
        rig.book.delete("c-1")
        for _ in 1...2 {
            let summary = try await run(rig, Self.b)
            #expect(summary.exitCode == 1 && summary.counts[.failed] == 1)
            #expect(try message(rig).contains("not_found"))
        }
        #expect(rig.book.customers.count == 1)
    }

    @Test("what skip has left alone is compared and changed by a later run with update")
    func existsThenUpdate() async throws {
        let rig = try RunRig()
        _ = try await run(rig, Self.a)
        let second = try RunRig(sharing: rig)
        let skipped = try await run(second, Self.b, policy: .skip)
        #expect(skipped.counts[.exists] == 2)
        let updated = try await run(second, Self.b)
        #expect(updated.counts[.updated] == 1 && updated.counts[.unchanged] == 1)
        #expect(first(rig)?.name == "Bea")
        #expect(try await run(second, Self.b).requests == RunSummary.Requests())
    }

    @Test("stopped while the answer of a PATCH is lost: the next run looks, and sends no other one")
    func stoppedInDoubt() async throws {
        let stop = StopSource()
        let isLosing = Mutex(false)
        let rig = try RunRig(lostAnswers: { request, _ in
            let isLost = request.method == "PATCH" && isLosing.withLock { $0 }
            if isLost { stop.request(.signal(2)) }
            return isLost
        })
        _ = try await run(rig, Self.a)
        isLosing.withLock { $0 = true }
        var job = ImportJob(inputs: [try rig.folder.write("in.csv", Self.b)])
        job.rate = .fixed(0)
        job.onConflict = .update
        let stopped = try await rig.run(job, stop: stop)
        #expect(stopped.exitCode == 130 || stopped.counts[.updated] == 1)
        let summary = try await run(rig, Self.b)
        #expect(summary.counts[.updated] == 1 && summary.requests.attempts == 0)
        #expect(patches(rig).count == 1)
    }

    @Test("lost answers and errors: every row ends as the file says", arguments: 1...5)
    func troubles(_ seed: UInt64) async throws {
        let draw = Mutex(SplitMix(seed: seed))
        let isBad = Mutex(false)
        let roll = { @Sendable in
            isBad.withLock { $0 } ? draw.withLock { Double.random(in: 0..<1, using: &$0) } : 1
        }
        let rig = try RunRig { _, _ throws(TransportFailure) in
            roll() < 0.1 ? .failure(503, "service_unavailable") : nil
        } lostAnswers: { _, _ in
            roll() < 0.1
        }
        let text = { (name: String) in
            Self.header
                + (1...60).map { "c-\($0),\(name) \($0),p\($0)@example.com,\n" }.joined()
        }
        _ = try await run(rig, text("Old"))
        isBad.withLock { $0 = true }
        for name in ["New", "Old", "New"] {
            var left = 60
            for _ in 1...5 where left > 0 { left -= try await run(rig, text(name)).done }
            #expect(left <= 0, "seed \(seed)")
            let wrong = rig.book.customers.filter { $0.name?.hasPrefix(name) != true }
            #expect(wrong.isEmpty, "seed \(seed)")
        }
        #expect(rig.book.customers.count == 60, "seed \(seed)")
    }
}

extension RunSummary {
    /// Rows that are as they should be; 0 unless all are.
    fileprivate var done: Int {
        let done = (counts[.updated] ?? 0) + (counts[.unchanged] ?? 0) + (counts[.created] ?? 0)
        return done == read ? done : 0
    }
}
