import Plugipay
import RowIO
import Synchronization
import Testing

@testable import BatchCore

@Suite("The check of an input before the first request")
struct InputCheckTests {
    private let folder: ImportFolder

    init() throws {
        folder = try ImportFolder()
    }

    private func job(
        _ files: [String],
        _ change: (inout ImportJob) -> Void = { _ in }
    ) throws -> ImportJob {
        var job = ImportJob(
            inputs: try files.enumerated().map { try folder.write("in-\($0).csv", $1) }
        )
        change(&job)
        return job
    }

    @Test("takes any number of different metadata names, a book's whole life of them")
    func manyMetadataNames() throws {
        let lines = (0..<300).map { row in
            let pairs = (0..<50).map { #""order-\#(row * 50 + $0)":"say \"\#($0)\"""# }
            return #"{"externalId":"\#(row)","metadata":{\#(pairs.joined(separator: ","))}}"#
        }
        let text = lines.joined(separator: "\n")
        var check = InputCheck(job: ImportJob(inputs: [try folder.write("in.jsonl", text)]))
        #expect(try check.run().count(.valid) == 300)

        // Where a pair fills a field as well, it has to be a column, and columns are bounded.
        var mapped = ImportJob(inputs: ["\(folder.path)/in.jsonl"])
        mapped.mapping = try MappingOptions(maps: ["name=metadata.order-1"])
        var second = InputCheck(job: mapped)
        #expect(try second.run().count(.invalid) > 0)
    }

    @Test("counts valid, invalid and repeated rows, and those without an externalId")
    func counts() throws {
        let text = """
            externalId,name,email
            c-1,Ada,ada@example.com
            ,Ben,ben@example.com
            ,Ben,ben@example.com
            c@example.com,Cleo,
            c-1,Ada,ada@example.com
            c-1,Other,ada@example.com
            ,Dora,nobody

            """
        var check = InputCheck(job: try job([text]))
        var lines: [String] = []
        let report = try check.run { row in
            lines.append("\(row.place.row) \(row.status.rawValue) \(row.problems.map(\.code))")
        }
        #expect(report.count(.valid) == 3)
        #expect(report.count(.invalid) == 2)
        #expect(report.count(.duplicate) == 2)
        #expect(report.rows == 7)
        #expect(report.withoutExternalID == 1)
        #expect(report.externalIDsLikeEmails == 1)
        #expect(
            lines == [
                "3 duplicate []", "5 duplicate []", #"6 invalid ["repeated_external_id"]"#,
                #"7 invalid ["invalid_email"]"#,
            ]
        )
    }

    @Test("all rows are handed out when all are wanted, with their lines")
    func wantsAll() throws {
        var check = InputCheck(job: try job(["name\nAda\nBen\n"]))
        var lines: [Int] = []
        _ = try check.run(wantsAll: true) { lines.append($0.position.line) }
        #expect(lines == [2, 3])
    }

    @Test("a repeat names the row, and its file where that is another one")
    func names() throws {
        let job = try job(["name\nAda\nBen\n", "name\nCleo\nCleo\nBen\n"])
        var check = InputCheck(job: job)
        var messages: [String?] = []
        _ = try check.run { messages.append($0.message) }
        #expect(messages == ["repeats row 1", "repeats row 2 of \(job.inputs[0])"])
    }

    @Test("rows that were skipped keep their numbers in messages")
    func skipped() throws {
        var check = InputCheck(job: try job(["name\nAda\nBen\nBen\n"]) { $0.skip = 1 })
        var messages: [String?] = []
        let report = try check.run { messages.append($0.message) }
        #expect(messages == ["repeats row 2"])
        #expect(report.rows == 2)
    }

    @Test("what is allowed is no repeat: identical rows, or new contents under update")
    func allowed() throws {
        var check = InputCheck(job: try job(["name\nAda\nAda\n"]) { $0.allowsDuplicates = true })
        #expect(try check.run().count(.valid) == 2)
        let text = "externalId,name\nc,A\nc,B\nc,A\n"
        var other = InputCheck(job: try job([text]) { $0.onConflict = .update })
        #expect(try other.run().count(.valid) == 3)
    }

    @Test("the check and the planner agree about every row", arguments: ConflictPolicy.allCases)
    func agreesWithPlanner(_ policy: ConflictPolicy) throws {
        let lines = [
            "c-1,Ada,a@example.com", "c-1,Ada,a@example.com", "c-1,Bea,a@example.com",
            "c-1,Ada,a@example.com", ",Cleo,", ",Cleo,", "c-2,,nobody", "c-2,,x@example.com",
        ]
        var check = InputCheck(
            job: try job(["externalId,name,email\n" + lines.map { $0 + "\n" }.joined()]) {
                $0.onConflict = policy
            }
        )
        var checked: [RowStatus] = []
        _ = try check.run(wantsAll: true) { checked.append($0.status) }
        var rig = try PlannerRig()
        let planned = try rig.run(lines) { $0.onConflict = policy }.lines.map(\.status)
        #expect(checked == planned.map { [.created, .updated].contains($0) ? .valid : $0 })
    }

    @Test("damage is an error that says where, and no report")
    func damage() throws {
        var check = InputCheck(job: try job(["colour\nred\n"]))
        #expect { try check.run() } throws: { ($0 as? BatchError)?.code == .input }
    }

    @Test("the start lines tell rows, errors, time, rows without externalId, left-out columns")
    func startLines() throws {
        var job = try job(["name,email,arn\nAda,,x\n,,\nBen,ben@example.com,y\n"])
        var check = InputCheck(job: job)
        let report = try check.run()
        let lines = StartLines.lines(for: report, job: job)
        #expect(lines.first == "3 rows, 1 invalid, about 1 s at 16 rows/s")
        #expect(lines.contains { $0.hasPrefix("rows without an externalId: 2") })
        #expect(lines.contains { $0.hasSuffix("left out: arn") })
        job.checksFirst = false
        #expect(StartLines.lines(for: nil, job: job).first?.hasPrefix("streaming") == true)
    }

    @Test("It tells how far it is, by bytes")
    func progress() throws {
        let rows = (1...5000).map { "c-\($0),p\($0)@example.com\n" }.joined()
        let text = "externalId,email\n" + rows
        let looks = Mutex<[RunProgress]>([])
        let clock = Mutex(Duration.zero)
        let environment = RunEnvironment(
            localTime: { Timestamp(millisecondsSince1970: 0) },
            elapsed: {
                clock.withLock {
                    $0 += .seconds(1)
                    return $0
                }
            },
            sleep: { _ in },
            seed: 1,
            report: { _ in },
            progress: { look in looks.withLock { $0.append(look) } },
            progressInterval: .seconds(2),
            stop: StopSource()
        )
        var check = InputCheck(job: try job([text, text]), environment: environment)
        _ = try check.run()
        let seen = looks.withLock(\.self)
        #expect(seen.count >= 3)
        #expect(seen.allSatisfy { $0.activity == .checking && $0.total == nil })
        let total = Int64(text.utf8.count * 2)
        #expect(seen.allSatisfy { $0.bytes?.total == total && $0.bytes?.read ?? 0 <= total })
    }
}
