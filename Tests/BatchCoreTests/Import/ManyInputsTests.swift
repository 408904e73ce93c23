import Plugipay
import RowIO
import Testing

@testable import BatchCore

@Suite("Several inputs, and inputs of other shapes, in one job")
struct ManyInputsTests {
    private static let csv = "externalId,name\na-1,Ada\na-2,Ben\na-3,\n"
    private static let tsv = "name\texternalId\nCleo\tb-1\n\tb-2\nDora, D.\tb-3\n"
    private static let jsonl = """
        {"externalId":"c-1","name":"Eve"}
        {"externalId":"c-2","name":7,"email":"nobody"}
        {"externalId":"c-3","name":"Finn"}

        """

    /// The places of the nine rows of the three files.
    private static let places = (0...2).flatMap { file in (1...3).map { "\(file).\($0)" } }

    private static func files(_ folder: ImportFolder) throws -> [String] {
        [
            try folder.write("a.csv", csv), try folder.write("b.tsv", tsv),
            try folder.write("c.jsonl", jsonl),
        ]
    }

    private func checked(_ job: ImportJob) throws -> [InputCheck.CheckedRow] {
        var check = InputCheck(job: job)
        var rows: [InputCheck.CheckedRow] = []
        let report = try check.run(wantsAll: true) { rows.append($0) }
        #expect(report.rows == rows.count)
        return rows
    }

    private func place(_ place: RowPlace) -> String { "\(place.file).\(place.row)" }

    // MARK: Several files

    @Test(
        "--skip and --limit count over all files together; rows keep the numbers of their files",
        arguments: [(0, nil), (2, nil), (3, 3), (4, 4), (0, 3), (7, 9), (9, nil), (20, 1), (1, 0)]
    )
    func skipAndLimit(_ skip: Int, _ limit: Int?) throws {
        var rig = try PlannerRig()
        let files = try Self.files(rig.folder)
        let change = { (job: inout ImportJob) in
            job.inputs = files
            job.skip = skip
            job.limit = limit
        }
        let expected = Array(Self.places.dropFirst(skip).prefix(limit ?? .max))
        let outcome = try rig.run([], change)
        #expect(outcome.lines.map { place($0.place) } == expected)
        #expect(outcome.planned.count == expected.count { $0 != "2.2" })
        var job = ImportJob(inputs: [])
        change(&job)
        #expect(try checked(job).map { place($0.place) } == expected)
        // The rest comes with the next run, and nothing is asked for twice.
        let rest = try rig.run([]) { $0.inputs = files }
        #expect(rest.lines.map { place($0.place) } == Self.places)
        #expect(rest.planned.count + outcome.planned.count == 8)
    }

    @Test("A row that repeats one of another file names it, whatever was skipped before")
    func repeats() throws {
        let folder = try ImportFolder()
        var job = ImportJob(
            inputs: [
                try folder.write("a.csv", "name\nAda\nBen\nCleo\n"), try folder.write("b.csv", ""),
                try folder.write("c.tsv", "email\tname\n\tCleo\n\tBen\n"),
            ]
        )
        job.skip = 1
        let rows = try checked(job)
        #expect(rows.map { place($0.place) } == ["0.2", "0.3", "2.1", "2.2"])
        #expect(
            rows.map(\.message) == [
                nil, nil, "repeats row 3 of \(job.inputs[0])", "repeats row 2 of \(job.inputs[0])",
            ]
        )
    }

    @Test("A CSV, a TSV and JSON Lines are one job, each with its own file of rejects")
    func mixed() async throws {
        let rig = try RunRig()
        var job = ImportJob(inputs: try Self.files(rig.folder))
        job.inputs.append(try rig.folder.write("d.tsv", "email\nnobody\t\n"))
        job.rate = .fixed(0)
        let summary = try await rig.run(job)
        #expect(summary.counts[.created] == 8 && summary.counts[.invalid] == 2)
        #expect(summary.inputs.map(\.rows) == [3, 3, 3, 1])
        let folder = rig.jobFolder
        #expect(
            summary.rejects == [folder.file("rejects-3.jsonl"), folder.file("rejects-4.tsv")]
        )
        #expect(try rig.folder.read("in.job/rejects-4.tsv") == ["email", "nobody\t"])
        #expect(rig.book.customers.contains { $0.name == "Dora, D." })
    }

    // MARK: No header line

    private static func noHeader(_ folder: ImportFolder) throws -> ImportJob {
        var job = ImportJob(
            inputs: [
                try folder.write("a.csv", "n-1,x,Ada,ada@example.com\nn-2,x,Ben,nobody\n"),
                try folder.write("b.tsv", "n-3\tx\tCleo, C.\tcleo@example.com\nn-4\t\t\tno\n"),
            ]
        )
        job.columns = ColumnNames("External ID,,name,e-mail")
        job.rate = .fixed(0)
        return job
    }

    @Test("Named columns are matched like a header's; the first record is row 1 on line 1")
    func namedColumns() throws {
        let folder = try ImportFolder()
        let rows = try checked(Self.noHeader(folder))
        #expect(rows.map { place($0.place) } == ["0.1", "0.2", "1.1", "1.2"])
        #expect(rows.map(\.position.line) == [1, 2, 1, 2])
        #expect(rows.map(\.externalID) == ["n-1", "n-2", "n-3", "n-4"])
        #expect(rows.map(\.status) == [.valid, .invalid, .valid, .invalid])
    }

    @Test("The rejects of a file without a header line have none, and go on from there when mended")
    func rejects() async throws {
        let rig = try RunRig()
        var job = try Self.noHeader(rig.folder)
        let summary = try await rig.run(job)
        #expect(summary.counts[.created] == 2)
        #expect(try rig.folder.read("in.job/rejects.csv") == ["n-2,x,Ben,nobody"])
        #expect(try rig.folder.read("in.job/rejects-2.tsv") == ["n-4\t\t\tno"])
        job.inputs = [try rig.folder.write("in.job/rejects.csv", "n-2,x,Ben,ben@example.com\n")]
        let mended = try await rig.run(job)
        #expect(mended.exitCode == 0 && mended.counts[.created] == 1)
        #expect(rig.book.customers.compactMap(\.name).sorted() == ["Ada", "Ben", "Cleo, C."])
    }

    @Test("The journal keeps the flags that named the columns, beside those that mapped them")
    func journaled() async throws {
        let rig = try RunRig()
        var job = try Self.noHeader(rig.folder)
        job.mapping = try MappingOptions(maps: ["phone=e-mail"], ignoresUnknownColumns: true)
        _ = try await rig.run(job)
        let journal = try Journal.openForReading(rig.jobFolder.journal)
        #expect(
            try journal.job()?.mapping == "--map phone=e-mail --ignore-unknown-columns "
                + "--no-header --columns External ID,,name,e-mail"
        )
    }

    @Test("Names that do not fit are refused like those of a header", arguments: ["a,email", "id"])
    func unknownNames(_ names: String) throws {
        let folder = try ImportFolder()
        var job = ImportJob(inputs: [try folder.write("a.csv", "1,ada@example.com\n")])
        job.columns = ColumnNames(names)
        #expect { try checked(job) } throws: { error in
            let error = error as? BatchError
            return error?.code == .input && error?.message.contains("unknown column") == true
        }
    }

    @Test("A header line where there should be none is no customer called Name")
    func unexpectedHeader() throws {
        let folder = try ImportFolder()
        var job = ImportJob(inputs: [try folder.write("a.csv", "name,,E-Mail \nAda,x,a@b.co\n")])
        job.columns = ColumnNames("Name,,email")
        #expect { try checked(job) } throws: { error in
            let error = error as? BatchError
            return error?.code == .input && error?.message.contains("leave out --no-header") == true
        }
        job.inputs = [try folder.write("a.csv", "Ada,x,a@b.co\nname,,email\n")]
        #expect(try checked(job).map(\.status) == [.valid, .invalid])
    }

    @Test("A TSV under the name of a CSV is refused with the flag that reads it")
    func tabsInCSV() throws {
        let folder = try ImportFolder()
        var job = ImportJob(inputs: [try folder.write("a.csv", "name\temail\nAda\ta@b.co\n")])
        #expect { try checked(job) } throws: { error in
            (error as? BatchError)?.message.contains("--format tsv") == true
        }
        job.format = .tsv
        #expect(try checked(job).map(\.status) == [.valid])
    }
}
