import Foundation
import Plugipay
import RowIO
import Synchronization
import TestSupport
import Testing

@testable import BatchCore

@Suite("Exports of random books from random servers, with trouble and kills")
struct ExportRandomTests {
    @Test(
        "whoever was there at the start and still is stands in the file once",
        arguments: 0..<(isLongRun ? 2000 : 200)
    )
    func random(number: Int) async throws {
        let seed = UInt64(number) &* 7919 &+ 11
        let walk = try RandomExport(seed: seed)
        let outcome = try await walk.run()
        let context: Comment = "seed \(seed): \(walk.rig.book.profile.description)"
        let ids = try walk.ids()
        let counts = Dictionary(ids.map { ($0, 1) }, uniquingKeysWith: +)
        #expect(counts.filter { $0.value > 1 }.isEmpty, context)
        let missing = walk.expected.filter { counts[$0] == nil }
        #expect(missing.isEmpty, context)
        let strangers = ids.filter { !walk.everThere.contains($0) }
        #expect(strangers.isEmpty, context)
        #expect(outcome.rows == ids.count, context)
        #expect(ids.allSatisfy(walk.isAskedFor), context)
        if outcome.order == "createdAt,id", !walk.isEventful {
            #expect(ids == walk.sorted(ids), context)
        }
    }
}

/// Whether the slow suites run: `scripts/test --long`.
private let isLongRun = ProcessInfo.processInfo.environment["PLUGIPAY_BATCH_LONG"] == "1"

/// One book, one server, and what happens to them.
private final class RandomExport: Sendable {
    let rig: ExportRig
    let name: String
    let isEventful: Bool
    private let isNarrowed: Bool
    private let chaos: Mutex<Chaos>
    private let start: Mutex<Timestamp?> = Mutex(nil)

    private struct Chaos {
        var generator: SplitMix
        var atStart: [PagedBook.Record] = []
        var ids = Set<String>()
        var added = 0
        var killAt: Int?
        var snapshot: [String: [UInt8]]?
    }

    init(seed: UInt64) throws {
        var generator = SplitMix(seed: seed)
        var profile = PagedBook.Profile()
        profile.order = Self.any(PagedBook.Profile.Order.allCases, &generator)
        profile.filter = Self.any(PagedBook.Profile.Filter.allCases, &generator)
        profile.meta = Self.any(PagedBook.Profile.Meta.allCases, &generator)
        profile.clock = Self.any(PagedBook.Profile.Clock.allCases, &generator)
        profile.hasOffsets = Int.random(in: 0..<4, using: &generator) == 0
        profile.pageSize = Self.any([1, 3, 10, 100], &generator)
        profile.isSpaced = Bool.random(using: &generator)
        profile.deadCursor = Self.any(PagedBook.Profile.DeadCursor.allCases, &generator)
        name = Self.any(["book.jsonl", "book.jsonl.gz", "book.csv", "book.csv.gz"], &generator)
        isNarrowed = Int.random(in: 0..<3, using: &generator) == 0
        isEventful = !profile.hasOffsets
        let box = Box()
        rig = try ExportRig(profile) { request, number async throws(TransportFailure) in
            try box.owner.withLock { $0 }?.trouble(request, number)
        }
        chaos = Mutex(Chaos(generator: generator))
        box.owner.withLock { $0 = self }
        fill()
    }

    private static func any<Choice>(_ choices: [Choice], _ generator: inout SplitMix) -> Choice {
        choices[Int.random(in: 0..<choices.count, using: &generator)]
    }

    private final class Box: Sendable {
        let owner = Mutex<RandomExport?>(nil)
    }

    /// Customers with many of the same moment, up to a few seconds old.
    private func fill() {
        chaos.withLock { chaos in
            let count = Int.random(in: 0...90, using: &chaos.generator)
            for number in 0..<count {
                let moment = Int.random(in: 1...30, using: &chaos.generator)
                let scale = Self.any([1, 1000, 100_000], &chaos.generator)
                rig.book.add("cus_\(number)", rig.now - .milliseconds(moment * scale))
            }
        }
    }

    /// Runs until an export is complete; a kill leaves the files as they were at some request.
    func run() async throws -> RunSummary.Export {
        chaos.withLock { chaos in
            chaos.atStart = rig.book.records
            chaos.ids = Set(chaos.atStart.map(\.id))
        }
        let kills = chaos.withLock { Int.random(in: 0...3, using: &$0.generator) }
        for _ in 0..<kills {
            chaos.withLock { chaos in
                chaos.killAt =
                    rig.transport.requests.count + Int.random(in: 0...25, using: &chaos.generator)
            }
            _ = try await rig.run(job)
            try restoreSnapshot()
        }
        chaos.withLock { $0.killAt = nil }
        let summary = try await rig.run(job)
        #expect(summary.exitCode == 0, "\(summary.failure?.message ?? "")")
        return try #require(summary.export)
    }

    private var job: ExportJob {
        var job = rig.job(name)
        if isNarrowed { job.createdAfter = Self.middle }
        return job
    }

    private static let middle = ExportRig.epoch - .seconds(15)

    /// Those who were there when the first run began and are there now.
    var expected: Set<String> {
        let now = Set(rig.book.records.map(\.id))
        return chaos.withLock { Set($0.atStart.map(\.id)) }.intersection(now)
            .filter(isAskedFor)
    }

    /// Whether somebody was created after the time that was asked for.
    func isAskedFor(_ id: String) -> Bool {
        guard isNarrowed, let time = times[id] else { return true }
        return time > Self.middle
    }

    /// Ids by time and id.
    func sorted(_ ids: [String]) -> [String] {
        let times = times
        return ids.sorted { (times[$0] ?? rig.now, $0) < (times[$1] ?? rig.now, $1) }
    }

    private var times: [String: Timestamp] {
        let records = chaos.withLock { $0.atStart } + rig.book.records
        return Dictionary(records.map { ($0.id, $0.createdAt) }, uniquingKeysWith: { $1 })
    }

    /// The ids in the finished file, in order.
    func ids() throws -> [String] {
        guard name.contains("csv") else { return try rig.ids(name) }
        return try rig.folder.read(name).dropFirst().map { String($0.prefix { $0 != "," }) }
    }

    /// Those who were ever there.
    var everThere: Set<String> { chaos.withLock { $0.ids } }

    // MARK: What happens

    private func trouble(
        _ request: TransportRequest,
        _ number: Int
    ) throws(TransportFailure) -> TransportResponse? {
        let (kind, isKill) = chaos.withLock { chaos in
            if isEventful { change(&chaos) }
            return (Int.random(in: 0..<40, using: &chaos.generator), chaos.killAt == number)
        }
        if isKill { takeSnapshot() }
        switch kind {
        case 0: return .failure(429, "rate_limited", headers: ["Retry-After": "1"])
        case 1: return .failure(503, "service_unavailable")
        case 2: return .json(200, "<html>")
        case 3:
            _ = rig.book.answer(request)
            throw TransportFailure(
                code: .connectionLost,
                mayHaveReachedServer: true,
                message: "lost"
            )
        default: return nil
        }
    }

    /// Somebody else creates, changes or deletes a customer.
    private func change(_ chaos: inout Chaos) {
        let now = rig.now
        let place = Int.random(in: 0..<1000, using: &chaos.generator)
        switch Int.random(in: 0..<6, using: &chaos.generator) {
        case 0:
            let id = "cus_new\(chaos.added)"
            chaos.added += 1
            chaos.ids.insert(id)
            rig.book.add(id, now)
        case 1:
            let id = "cus_late\(chaos.added)"
            chaos.added += 1
            chaos.ids.insert(id)
            rig.book.add(id, now - .milliseconds(place * 100), visibleFrom: now)
        case 2:
            rig.book.change { if !$0.isEmpty { $0.remove(at: place % $0.count) } }
        case 3:
            rig.book.change { if !$0.isEmpty { $0[place % $0.count].name = "changed" } }
        default: break
        }
    }

    // MARK: Kills

    private static let suffixes = ["", ".part", ".checkpoint", ".manifest.json"]

    private func takeSnapshot() {
        let files = Self.suffixes.reduce(into: [String: [UInt8]]()) { files, suffix in
            let path = "\(rig.folder.path)/\(name)\(suffix)"
            files[suffix] = (try? SmallFile.read(path, upTo: 1 << 24))?.bytes
        }
        chaos.withLock { $0.snapshot = files }
    }

    private func restoreSnapshot() throws {
        guard let files = chaos.withLock({ $0.snapshot }) else { return }
        for suffix in Self.suffixes {
            let path = "\(rig.folder.path)/\(name)\(suffix)"
            try SmallFile.remove(path)
            guard let bytes = files[suffix] else { continue }
            let sink = try DurableFile(replacing: path)
            try sink.write(bytes)
            try sink.commit()
        }
        chaos.withLock { $0.snapshot = nil }
    }
}
