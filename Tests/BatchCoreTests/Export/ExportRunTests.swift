import Foundation
import Plugipay
import RowIO
import Synchronization
import TestSupport
import Testing

@testable import BatchCore

@Suite("An export, from the first request to the manifest")
struct ExportRunTests {
    @Test("writes each customer once, oldest first, and tells what it wrote")
    func whole() async throws {
        let rig = try ExportRig()
        rig.fill(2345)
        let summary = try await rig.run()
        #expect(summary.exitCode == 0)
        #expect(try rig.ids() == (0..<2345).map { "cus_\(1_000_000 + $0)" })
        let manifest = try #require(try rig.folder.read("book.jsonl.manifest.json").first)
        let object = try #require(RawObject(Array(manifest.utf8)))
        #expect(object.text(of: "rows") == "2345")
        #expect(object.text(of: "order") == "createdAt,id")
        #expect(object.text(of: "first_id") == "cus_1000000")
        #expect(object.text(of: "last_id") == "cus_1002344")
        #expect(try SmallFile.read(rig.path + ".checkpoint", upTo: 1 << 20) == nil)
        #expect(try SmallFile.read(rig.path + ".part", upTo: 1 << 20) == nil)
    }

    @Test("keeps the server's own bytes, without the blanks between them")
    func ownBytes() async throws {
        var profile = PagedBook.Profile()
        profile.isSpaced = true
        let rig = try ExportRig(profile)
        rig.book.add("cus_1", ExportRig.epoch - .seconds(3600))
        _ = try await rig.run()
        #expect(
            try rig.folder.read("book.jsonl") == [
                #"{"id":"cus_1","accountId":"acc_1","name":"Name of cus_1","metadata":{},"#
                    + #""odd":1.50e1,"createdAt":"2026-05-12T09:42:00.000Z"}"#
            ]
        )
    }

    @Test("goes on where a stop left it, and asks for no page twice")
    func resume() async throws {
        let rig = try await ExportRig.stopped(customers: 1000, at: 5)
        let before = rig.book.targets.count
        let summary = try await rig.run()
        #expect(summary.exitCode == 0)
        #expect(try rig.ids() == (0..<1000).map { "cus_\(1_000_000 + $0)" })
        let targets = rig.book.targets[before...]
        #expect(!targets.contains { $0.hasSuffix("limit=100&order=asc") })
        let cursors = rig.book.targets.filter { $0.contains("cursor=") }
        #expect(Set(cursors).count == cursors.count)
    }

    @Test(
        "begins anew, and says so, when the stopped export was another one",
        arguments: ["target", "--fields", "--created-after", "format", "older than 24 h"]
    )
    func beginsAnew(reason: String) async throws {
        let rig = try await ExportRig.stopped(customers: 1000, at: 5)
        var job = rig.job()
        var target = "api.example.com:443"
        switch reason {
        case "target": target = "other.example.com:443"
        case "--fields": job.fields = ["id", "createdAt"]
        case "--created-after": job.createdAfter = ExportRig.epoch - .seconds(400 * 60 + 3600)
        case "format": job.isCompressed = true
        default: rig.advance(by: .seconds(24 * 3600 + 1))
        }
        let summary = try await rig.run(job, target: target)
        #expect(summary.exitCode == 0)
        #expect(rig.notes.contains { $0.contains("beginning anew") && $0.contains(reason) })
        #expect(try rig.ids().count == (reason == "--created-after" ? 400 : 1000))
    }

    @Test("leaves out what was created after it began")
    func laterOnes() async throws {
        let rig = try ExportRig()
        rig.fill(500)
        for number in 0..<50 {
            rig.book.add("cus_later\(number)", rig.now + .milliseconds(30 + number))
        }
        _ = try await rig.run()
        #expect(try rig.ids().count == 500)
        #expect(rig.book.records.count { $0.visibleFrom <= rig.now } == 550)
    }

    @Test("later customers on the first page are no end where the server lists newest first")
    func laterOnesFirst() async throws {
        var profile = PagedBook.Profile()
        (profile.order, profile.pageSize) = (.newestFirst, 3)
        let rig = try ExportRig(profile)
        rig.fill(50)
        let moment = rig.now + .milliseconds(25)
        for number in 0..<3 { rig.book.add("cus_later\(number)", moment) }
        _ = try await rig.run()
        #expect(try Set(rig.ids()) == Set((0..<50).map { "cus_\(1_000_000 + $0)" }))
    }

    @Test("a book that grows faster than it is read does not hold the export for ever")
    func growing() async throws {
        let grown = Mutex<PagedBook?>(nil)
        let rig = try ExportRig(trouble: { request, number in
            guard request.target.contains("order=asc") else { return nil }
            for customer in 0..<200 {
                grown.withLock { $0 }?.add(
                    "cus_9_\(number)_\(customer)",
                    ExportRig.epoch + .milliseconds(40 + number)
                )
            }
            return nil
        })
        grown.withLock { $0 = rig.book }
        rig.fill(500)
        #expect(try await rig.run().exitCode == 0)
        #expect(try rig.ids().count == 500)
        #expect(rig.transport.requests.count < 50)
    }

    @Test("finds a customer whose transaction was slow, and writes it at the end")
    func lateCommit() async throws {
        let rig = try ExportRig()
        rig.fill(1000)
        let started = rig.now
        rig.book.add(
            "cus_late",
            started - .seconds(300),
            visibleFrom: started + .milliseconds(20 * 11)
        )
        _ = try await rig.run()
        let ids = try rig.ids()
        #expect(ids.count == 1001)
        #expect(ids.last == "cus_late")
    }

    @Test("a server that sorts by id instead of time is noticed however late it shows")
    func sortedByID() async throws {
        var profile = PagedBook.Profile()
        profile.order = .byID
        let rig = try ExportRig(profile)
        rig.fill(BookWalk.rememberedFromStart + 300, spacing: .milliseconds(10))
        // Two customers of the last pages got their ids in one order and their times in another.
        rig.book.change { $0.swapTimes($0.count - 150, $0.count - 149) }
        let summary = try await rig.run()
        #expect(summary.exitCode == 0)
        #expect(summary.export?.order == "server")
        #expect(try rig.ids() == rig.book.records.map(\.id))
    }

    @Test("a cursor that the server has forgotten begins the walk again, and doubles nobody")
    func forgottenCursor() async throws {
        let rig = try ExportRig(trouble: { _, number in
            number == 6 ? .failure(400, "validation_error") : nil
        })
        rig.fill(1000)
        #expect(try await rig.run().exitCode == 0)
        #expect(try rig.ids() == (0..<1000).map { "cus_\(1_000_000 + $0)" })
    }

    @Test("a cursor that is answered with page one begins the walk again, in order")
    func pageOneAgain() async throws {
        let rig = try ExportRig(trouble: { request, number in
            guard number == 6 else { return nil }
            let items = (0..<100).map { customer in
                let time = ExportRig.epoch - .seconds(3600 + 60 * (999 - customer))
                return #"{"id":"cus_\#(1_000_000 + customer)","createdAt":"\#(time)"}"#
            }
            let data = "[\(items.joined(separator: ","))]"
            return .envelope(200, data: data, meta: #"{"cursor":"x","hasMore":true}"#)
        })
        rig.fill(1000)
        let summary = try await rig.run()
        #expect(summary.exitCode == 0)
        #expect(summary.export?.order == "createdAt,id")
        #expect(try rig.ids() == (0..<1000).map { "cus_\(1_000_000 + $0)" })
    }

    @Test("a server that refuses every cursor ends the run")
    func refusedCursors() async throws {
        let rig = try ExportRig(trouble: { request, _ in
            request.target.contains("cursor=") ? .failure(400, "validation_error") : nil
        })
        rig.fill(1000)
        #expect(try await rig.run().exitCode == 3)
        #expect(rig.transport.requests.count < 30)
    }

    @Test("pages without customers are passed over, and given up where they do not end")
    func emptyPages() async throws {
        let rig = try ExportRig(trouble: { request, number in
            guard request.target.contains("order=asc"), number > 3 else { return nil }
            return .envelope(200, data: "[]", meta: #"{"cursor":"c\#(number)","hasMore":true}"#)
        })
        rig.fill(1000)
        let summary = try await rig.run()
        #expect(summary.exitCode == 3)
        #expect(rig.transport.requests.count < 150)
    }

    @Test("an order that only looks like newest first leaves nobody out")
    func almostNewestFirst() async throws {
        var profile = PagedBook.Profile()
        (profile.order, profile.filter, profile.pageSize) = (.byHash, .ignored, 2)
        let rig = try ExportRig(profile)
        rig.fill(60)
        var job = rig.job()
        job.createdAfter = rig.book.records[30].createdAt
        #expect(try await rig.run(job).exitCode == 0)
        #expect(try Set(rig.ids()) == Set(rig.book.records[31...].map(\.id)))
    }

    @Test(
        "a cursor whose customer is deleted while the export stands loses nobody",
        arguments: PagedBook.Profile.DeadCursor.allCases
    )
    func deadCursor(kind: PagedBook.Profile.DeadCursor) async throws {
        for order in [PagedBook.Profile.Order.honoured, .newestFirst, .byHash] {
            var profile = PagedBook.Profile()
            (profile.deadCursor, profile.order) = (kind, order)
            let rig = try await ExportRig.stopped(customers: 1000, at: 5, profile: profile)
            let written = try rig.folder.read("book.jsonl.part")
            let last = written.last.flatMap { Customer(json: Array($0.utf8))?.id }
            rig.book.change { $0.removeAll { $0.id == last } }
            #expect(try await rig.run().exitCode == 0)
            let ids = try rig.ids()
            #expect(ids.count == 1000)
            #expect(Set(ids).count == 1000)
        }
    }

    @Test("cursors whose customers are deleted again and again lose nobody")
    func deadCursors() async throws {
        var profile = PagedBook.Profile()
        profile.deadCursor = .emptyPage
        let opened = Mutex<PagedBook?>(nil)
        let rig = try ExportRig(profile) { request, number in
            // The customer whose place is asked for goes, three times.
            guard number % 9 == 6, number < 30 else { return nil }
            let cursor = request.target.components(separatedBy: "%7C").dropFirst().first
            opened.withLock { $0 }?.change { $0.removeAll { $0.id == cursor } }
            return nil
        }
        opened.withLock { $0 = rig.book }
        rig.fill(1000)
        let before = Set(rig.book.records.map(\.id))
        #expect(try await rig.run().exitCode == 0)
        let after = Set(rig.book.records.map(\.id))
        #expect(after.count == before.count - 3)
        let ids = try rig.ids()
        #expect(Set(ids).isSuperset(of: after))
        #expect(Set(ids).count == ids.count)
    }

    @Test("a server whose order showed itself only behind the stop leaves nobody out")
    func orderAfterResume() async throws {
        var profile = PagedBook.Profile()
        (profile.order, profile.pageSize) = (.byID, 1)
        let rig = try await ExportRig.stopped(
            customers: 0,
            at: 1,
            profile: profile,
            fill: { book in
                for (number, minute) in [5, 3, 9, 1].enumerated() {
                    book.add("cus_\(number)", ExportRig.epoch - .seconds(7200 - minute * 60))
                }
            }
        )
        #expect(try await rig.run().exitCode == 0)
        #expect(try Set(rig.ids()) == ["cus_0", "cus_1", "cus_2", "cus_3"])
        #expect(try rig.ids().count == 4)
    }

    @Test("without ids in the file, a forgotten cursor doubles nobody of the same moment")
    func forgottenWithoutIDs() async throws {
        let isForgetful = Mutex(false)
        let rig = try await ExportRig.stopped(
            customers: 0,
            at: 5,
            trouble: { request in
                isForgetful.withLock { isForgetful in
                    guard isForgetful, request.target.contains("cursor=") else { return nil }
                    isForgetful = false
                    return .failure(400, "validation_error")
                }
            },
            change: { $0.fields = ["name"] },
            fill: { book in
                for number in 0..<1000 {
                    book.add("cus_\(1_000_000 + number)", ExportRig.epoch - .seconds(7200))
                }
            }
        )
        isForgetful.withLock { $0 = true }
        var job = rig.job()
        job.fields = ["name"]
        #expect(try await rig.run(job).exitCode == 0)
        let names = try rig.folder.read("book.jsonl")
        #expect(names.count == 1000)
        #expect(Set(names).count == 1000)
    }

    @Test("a limit while the server is hardly there is no end of patience")
    func limitedStart() async throws {
        let rig = try ExportRig(trouble: { _, number throws(TransportFailure) in
            switch number {
            case 0:
                throw TransportFailure(
                    code: .refused,
                    mayHaveReachedServer: false,
                    message: "refused"
                )
            case 1: return .failure(429, "rate_limited", headers: ["Retry-After": "60"])
            default: return nil
            }
        })
        rig.fill(10)
        #expect(try await rig.run().exitCode == 0)
    }

    @Test("a manifest that cannot be written is told, and nothing is lost")
    func noManifest() async throws {
        let rig = try ExportRig()
        rig.fill(10)
        // A folder has the manifest's name.
        let path = rig.path + ".manifest.json"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        let summary = try await rig.run()
        #expect(summary.exitCode == 3)
        #expect(summary.failure?.message.contains(path) == true)
        try FileManager.default.removeItem(atPath: path)
        #expect(try await rig.run().exitCode == 0)
        #expect(rig.notes.contains { $0.contains("going on after 10 customers") })
    }

    @Test("an empty book is a file of nothing, and valid")
    func empty() async throws {
        for name in ["book.jsonl", "book.jsonl.gz", "book.csv", "book.csv.gz"] {
            let rig = try ExportRig()
            let summary = try await rig.run(rig.job(name))
            #expect(summary.exitCode == 0)
            let lines = try rig.folder.read(name)
            let header = CustomerColumns.export.joined(separator: ",")
            #expect(lines == (name.contains("csv") ? [header] : []))
        }
    }

    @Test(
        "a server that goes round in circles is given up, and the old file stays",
        arguments: [0, 1, 2, 3]
    )
    func circles(kind: Int) async throws {
        let rig = try ExportRig(trouble: { request, number in
            guard !request.target.contains("order=desc") else { return nil }
            let ids = [0, 1, 2].map { "cus_\(kind == 2 ? number * 10 + $0 : $0)" }
            let items = ids.map {
                #"{"id":"\#($0)","createdAt":"2026-05-12T09:00:0\#($0.suffix(1)).000Z"}"#
            }
            let meta =
                switch kind {
                case 0: #"{"cursor":"c","hasMore":true}"#
                case 1: #"{"cursor":"c\#(number)","hasMore":true}"#
                case 2: #"{"cursor":"c\#(number % 3)","hasMore":true}"#
                default: #"{"hasMore":true}"#
                }
            return .envelope(200, data: "[\(items.joined(separator: ","))]", meta: meta)
        })
        try rig.folder.write("book.jsonl", "the old book\n")
        let summary = try await rig.run()
        #expect(summary.exitCode == 3)
        #expect(summary.failure?.code == .brokenPaging)
        #expect(rig.transport.requests.count < 60)
        #expect(try rig.folder.read("book.jsonl") == ["the old book"])
    }

    @Test("a page that is too large is asked for in smaller pieces")
    func tooLarge() async throws {
        let rig = try ExportRig(trouble: { request, _ throws(TransportFailure) in
            guard request.target.contains("limit=100") else { return nil }
            throw TransportFailure(
                code: .tooLarge,
                mayHaveReachedServer: true,
                message: "too large"
            )
        })
        rig.fill(25)
        #expect(try await rig.run().exitCode == 0)
        #expect(try rig.ids().count == 25)
    }

    @Test("waits out a limit and an outage, and asks again for the same page")
    func trouble() async throws {
        let rig = try ExportRig(trouble: { _, number throws(TransportFailure) in
            switch number {
            case 2: return .failure(429, "rate_limited", headers: ["Retry-After": "2"])
            case 4...18: return .failure(503, "service_unavailable")
            case 21:
                throw TransportFailure(
                    code: .connectionLost,
                    mayHaveReachedServer: true,
                    message: "lost"
                )
            default: return nil
            }
        })
        rig.fill(1000)
        let summary = try await rig.run()
        #expect(summary.exitCode == 0)
        #expect(try rig.ids() == (0..<1000).map { "cus_\(1_000_000 + $0)" })
        #expect(summary.requests.throttled == 1)
        let sent = summary.requests.lookups + summary.requests.throttled
        #expect(sent == rig.transport.requests.count)
    }

    @Test("gives up after --max-outage, and the next run goes on")
    func longOutage() async throws {
        let isDown = Mutex(false)
        let rig = try ExportRig(trouble: { _, number in
            if number == 6 { isDown.withLock { $0 = true } }
            return isDown.withLock { $0 } ? .failure(503, "service_unavailable") : nil
        })
        rig.fill(1000)
        let summary = try await rig.run()
        #expect(summary.exitCode == 4)
        isDown.withLock { $0 = false }
        #expect(try await rig.run().exitCode == 0)
        #expect(try rig.ids() == (0..<1000).map { "cus_\(1_000_000 + $0)" })
    }

    @Test("a page that fails although the server is well is given up after --max-attempts")
    func poisonedPage() async throws {
        let rig = try ExportRig(trouble: { request, _ in
            request.target.contains("cursor=") ? .failure(500, "internal_error") : nil
        })
        rig.fill(1000)
        var job = rig.job()
        job.maxAttempts = 3
        let summary = try await rig.run(job)
        #expect(summary.exitCode == 4)
        #expect(summary.failure?.message.contains("right after the server had answered") == true)
    }

    @Test("credentials of another account begin anew instead of mixing two books")
    func otherAccount() async throws {
        let rig = try await ExportRig.stopped(customers: 1000, at: 5)
        rig.book.change { records in
            for index in records.indices { records[index].account = "acc_2" }
        }
        #expect(try await rig.run().exitCode == 0)
        #expect(rig.notes.contains { $0.contains("acc_2") })
        #expect(try rig.ids() == (0..<1000).map { "cus_\(1_000_000 + $0)" })
    }

    @Test("a second process at the same file is refused")
    func locked() async throws {
        let rig = try ExportRig()
        let part = try PartFile(for: rig.path)
        let error = await #expect(throws: BatchError.self) { _ = try await rig.run() }
        #expect(error?.code == .inUse)
        _ = part
    }
}

extension ExportRig {
    /// An export that was stopped by a signal at a request.
    fileprivate static func stopped(
        customers: Int,
        at number: Int,
        profile: PagedBook.Profile = PagedBook.Profile(),
        trouble: @escaping @Sendable (TransportRequest) -> TransportResponse? = { _ in nil },
        change: (inout ExportJob) -> Void = { _ in },
        fill: (PagedBook) -> Void = { _ in }
    ) async throws -> ExportRig {
        let signalled = Mutex<ExportRig?>(nil)
        let rig = try ExportRig(profile) { request, sent in
            if sent == number { signalled.withLock { $0 }?.interrupt() }
            return trouble(request)
        }
        signalled.withLock { $0 = rig }
        rig.fill(customers)
        fill(rig.book)
        var job = rig.job()
        change(&job)
        let summary = try await rig.run(job)
        #expect(summary.exitCode == 143)
        #expect(summary.next == "plugipay-batch export -o book.jsonl")
        return rig
    }
}

extension [PagedBook.Record] {
    /// Lets two customers change their times of creation.
    fileprivate mutating func swapTimes(_ one: Int, _ other: Int) {
        let time = self[one].createdAt
        self[one].createdAt = self[other].createdAt
        self[other].createdAt = time
    }
}
