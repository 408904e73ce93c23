import Plugipay
import RowIO
import Synchronization
import TestSupport
import Testing

@testable import BatchCore

@Suite("A whole run")
struct ImportRunTests {
    private static func csv(_ count: Int, named: Bool = true) -> String {
        (1...count).reduce(into: "externalId,name,email\n") { text, number in
            text += "\(named ? "c-\(number)" : ""),Person \(number),p\(number)@example.com\n"
        }
    }

    private func job(_ rig: RunRig, _ text: String = csv(30)) throws -> ImportJob {
        var job = ImportJob(inputs: [try rig.folder.write("in.csv", text)])
        job.rate = .fixed(0)
        return job
    }

    @Test("makes the right book, and says what it did", arguments: [true, false])
    func rightBook(_ named: Bool) async throws {
        let rig = try RunRig()
        let summary = try await rig.run(job(rig, Self.csv(30, named: named)))
        #expect(summary.exitCode == 0)
        #expect(summary.status == .completed)
        #expect(summary.counts[.created] == 30)
        #expect(Set(rig.book.customers.compactMap(\.email)).count == 30)
        #expect(rig.book.customers.count == 30)
        #expect(summary.requests.attempts == 30)
        #expect(summary.requests.lookups == 1)
        #expect(rig.transport.requests.count == 31)
        #expect(summary.account == "acc_1")
        let results = try rig.folder.read("in.job/results.csv")
        #expect(results.count == 31)
        #expect(results[1].hasPrefix("in.csv,1,2,created,") || results[1].contains(",1,2,created,"))
    }

    @Test("the same command again sends nothing and says so")
    func rerun() async throws {
        let rig = try RunRig()
        let job = try job(rig)
        _ = try await rig.run(job)
        let sent = rig.transport.requests.count
        let summary = try await rig.run(job)
        #expect(rig.transport.requests.count == sent)
        #expect(summary.exitCode == 0)
        #expect(summary.counts[.created] == 30)
        #expect(rig.notes.contains { $0.text.contains("nothing to send") })
    }

    @Test("a clock of this machine that is wrong changes nothing", arguments: [-3600, 3600])
    func wrongClock(_ seconds: Int) async throws {
        let rig = try RunRig(clockError: .seconds(seconds))
        let summary = try await rig.run(job(rig))
        #expect(summary.counts[.created] == 30)
        #expect(summary.requests.lookups == 1)
    }

    @Test("another target is refused before any request, naming both")
    func otherTarget() async throws {
        let rig = try RunRig()
        let job = try job(rig)
        _ = try await rig.run(job)
        let sent = rig.transport.requests.count
        let error = await #expect(throws: BatchError.self) {
            try await rig.run(job, target: "other.example.com:443")
        }
        #expect(error?.code == .otherTarget)
        #expect(error?.message.contains("api.example.com") == true)
        #expect(error?.message.contains("other.example.com") == true)
        #expect(rig.transport.requests.count == sent)
    }

    @Test("a job that another process runs is left alone")
    func inUse() async throws {
        let rig = try RunRig()
        let job = try job(rig)
        try rig.jobFolder.prepare()
        let lock = try #require(try JobLock.acquire(rig.jobFolder.path))
        let error = await #expect(throws: BatchError.self) { try await rig.run(job) }
        #expect(error?.code == .inUse)
        #expect(rig.transport.requests.isEmpty)
        lock.release()
        #expect(try await rig.run(job).exitCode == 0)
    }

    @Test("a missing input is told before a folder is made for it")
    func missingInput() async throws {
        let rig = try RunRig()
        let job = ImportJob(inputs: ["\(rig.folder.path)/nothing.csv"])
        let error = await #expect(throws: BatchError.self) { try await rig.run(job) }
        #expect(error?.code == .input)
        #expect(!rig.jobFolder.hasJournal)
    }

    @Test("a signal ends the run with every row accounted for, and the next run finishes")
    func stop() async throws {
        let stop = StopSource()
        let rig = try RunRig { _, number throws(TransportFailure) in
            if number == 10 { stop.request(.signal(2)) }
            return nil
        }
        var job = try job(rig, Self.csv(300))
        job.concurrency = .fixed(2)
        let first = try await rig.run(job, stop: stop)
        #expect(first.exitCode == 130)
        #expect(first.status == .stopped)
        #expect(first.read == 300)
        #expect(first.next != nil)
        #expect((first.counts[.notAttempted] ?? 0) > 0)
        #expect(first.counts[.created] == rig.book.customers.count)
        let second = try await rig.run(job)
        #expect(second.exitCode == 0)
        #expect(rig.book.customers.count == 300)
        #expect(rig.transport.requests.filter { $0.method == "POST" }.count == 300)
    }

    @Test("a stopped run over a stream lists what it has read and reads no further")
    func stopStream() async throws {
        let stop = StopSource()
        let rig = try RunRig { _, number throws(TransportFailure) in
            if number == 5 { stop.request(.signal(15)) }
            return nil
        }
        var job = try job(rig, Self.csv(2_000))
        job.checksFirst = false
        job.concurrency = .fixed(1)
        let summary = try await rig.run(job, stop: stop)
        #expect(summary.exitCode == 143)
        #expect(summary.read < 2_000)
        #expect(summary.read == summary.inputs.first?.rows)
        #expect((summary.inputs.first?.bytes ?? 0) > 0)
    }

    @Test("lost answers, errors and 429s: run until done, and the book is right", arguments: 1...5)
    func troubles(_ seed: UInt64) async throws {
        let draw = Mutex(SplitMix(seed: seed))
        let roll = { @Sendable in draw.withLock { Double.random(in: 0..<1, using: &$0) } }
        let rig = try RunRig { _, _ throws(TransportFailure) in
            switch roll() {
            case ..<0.05: return .failure(503, "service_unavailable")
            case ..<0.08: return .failure(429, "rate_limited", headers: ["Retry-After": "1"])
            case ..<0.10:
                throw TransportFailure(
                    code: .refused,
                    mayHaveReachedServer: false,
                    message: "as scripted"
                )
            default: return nil
            }
        } lostAnswers: { _, _ in
            roll() < 0.05
        }
        let job = try job(rig, Self.csv(200))
        var counts: [RowStatus: Int] = [:]
        var requests = 0
        for _ in 1...5 where counts[.created] != 200 {
            let summary = try await rig.run(job)
            counts = summary.counts
            requests += summary.requests.attempts + summary.requests.lookups
            requests += summary.requests.throttled
        }
        #expect(counts[.created] == 200, "seed \(seed)")
        #expect(rig.book.customers.count == 200, "seed \(seed)")
        #expect(requests <= rig.transport.requests.count, "seed \(seed)")
    }

    @Test("more invalid rows than allowed: nothing is sent, and every row has its line")
    func tooManyErrors() async throws {
        let rig = try RunRig()
        var job = try job(rig, "email\nnobody\nno one\nada@example.com\n")
        job.errorLimit = .count(1)
        let summary = try await rig.run(job)
        #expect(summary.exitCode == 2)
        #expect(rig.transport.requests.isEmpty)
        #expect(summary.counts[.invalid] == 2)
        #expect(summary.counts[.notAttempted] == 1)
    }

    @Test("an edited row is told under skip, and patched under update")
    func edited() async throws {
        let rig = try RunRig()
        _ = try await rig.run(job(rig))
        let text = Self.csv(30).replacing("Person 7,", with: "Person Seven,")
        let told = try await rig.run(job(rig, text))
        #expect(told.counts[.exists] == 1)
        #expect(told.requests.attempts == 0)
        var update = try job(rig, text)
        update.onConflict = .update
        let patched = try await rig.run(update)
        #expect(patched.counts[.updated] == 1)
        #expect(patched.requests.attempts == 1)
        let customer = rig.book.customers.first { $0.externalId == "c-7" }
        #expect(customer?.name == "Person Seven")
        #expect(try await rig.run(update).requests.attempts == 0)
    }
}
