import RowIO
import Testing

@testable import BatchCore

@Suite("The result files of a job")
struct ResultFilesTests {
    private static let header =
        "file,row,line,status,customer_id,external_id,http_status,error_code,error_field,message,"
        + "request_id,idempotency_key,attempts\n"

    private func line(
        _ status: RowStatus,
        file: Int = 0,
        row: Int,
        at offset: Int64 = 0,
        length: Int = 0
    ) -> ResultLine {
        ResultLine(
            place: RowPlace(file: file, row: row),
            line: row + 1,
            offset: offset,
            length: length,
            status: status,
            attempts: 0
        )
    }

    private func input(_ path: String, file: Int = 0, header: Range<Int64>?) -> InputRecord {
        InputRecord(file: file, path: path, format: "csv", header: header)
    }

    private func originals(_ paths: String...) throws -> OriginalRecords {
        var originals = OriginalRecords()
        for (file, path) in paths.enumerated() {
            originals.identities[file] = try FileIdentity.current(atPath: path)
        }
        return originals
    }

    @Test("results.csv has the columns of the contract, and no cell that is a formula")
    func results() throws {
        let folder = try ReportFolder()
        var files = try ResultFiles(folder: JobFolder(path: folder.path), paths: ["my file.csv"])
        var full = line(.rejected, row: 7)
        full.customerID = "cus_1"
        full.externalID = "=HYPERLINK(1)"
        full.httpStatus = 409
        full.errorCode = "conflict"
        full.errorField = "externalId"
        full.message = "one, \"two\""
        full.requestID = "-r"
        full.key = "pb1-x"
        full.attempts = 2
        try files.add(full)
        try files.add(line(.valid, row: 8))
        _ = try files.finish(inputs: [], originals: OriginalRecords())
        #expect(
            try folder.read("results.csv") == Self.header
                + "my file.csv,7,8,rejected,cus_1,'=HYPERLINK(1),409,conflict,externalId,"
                + "\"one, \"\"two\"\"\",'-r,pb1-x,2\n"
                + "my file.csv,8,9,valid,,,,,,,,,0\n"
        )
    }

    @Test("A file of rejects holds the header and the original bytes of the rows to mend")
    func rejects() throws {
        let folder = try ReportFolder()
        // A byte order mark, a quoted line end, a formula, and no line end at the end.
        let text = "\u{FEFF}email\r\n\"a\r\nb\"\r\nok@example.com\r\n=1"
        let path = try folder.write("in.csv", text)
        var files = try ResultFiles(folder: JobFolder(path: folder.path), paths: [path])
        try files.add(line(.invalid, row: 1, at: 10, length: 8))
        try files.add(line(.created, row: 2, at: 18, length: 16))
        try files.add(line(.rejected, row: 3, at: 34, length: 2))
        let written = try files.finish(
            inputs: [input(path, header: 3..<10)],
            originals: try originals(path)
        )
        #expect(written.rejects == [folder.file("rejects.csv")])
        #expect(written.notes.isEmpty)
        #expect(try folder.read("rejects.csv") == "email\r\n\"a\r\nb\"\r\n=1\n")
    }

    @Test("There is a file only for inputs with such rows, and a stale one goes")
    func stale() throws {
        let folder = try ReportFolder()
        for name in ["rejects.csv", "rejects-3.jsonl", "rejects-old.csv", "rejects.txt"] {
            try folder.write(name, "old")
        }
        let one = try folder.write("one.csv", "a\n1\n")
        let two = try folder.write("two.csv", "a\n2\n")
        var files = try ResultFiles(folder: JobFolder(path: folder.path), paths: [one, two])
        try files.add(line(.failed, row: 1, at: 2, length: 2))
        try files.add(line(.invalid, file: 1, row: 1, at: 2, length: 2))
        let written = try files.finish(
            inputs: [input(one, header: 0..<2), input(two, file: 1, header: 0..<2)],
            originals: try originals(one, two)
        )
        #expect(written.rejects == [folder.file("rejects-2.csv")])
        #expect(
            folder.names() == [
                "one.csv", "rejects-2.csv", "rejects-old.csv", "rejects.txt", "results.csv",
                "two.csv",
            ]
        )
    }

    @Test("A mended file of rejects that is imported from the folder is neither replaced nor gone")
    func rejectsAsInput() throws {
        let folder = try ReportFolder()
        let path = try folder.write("rejects.csv", "a\n1\n")
        var files = try ResultFiles(folder: JobFolder(path: folder.path), paths: [path])
        try files.add(line(.rejected, row: 1, at: 2, length: 2))
        let written = try files.finish(
            inputs: [input(path, header: 0..<2)],
            originals: try originals(path)
        )
        #expect(written.rejects == [folder.file("rejects-2.csv")])
        #expect(try folder.read("rejects.csv") == "a\n1\n")
        #expect(try folder.read("rejects-2.csv") == "a\n1\n")
    }

    @Test("Nothing is copied from a file that was changed since, and the old rejects stay")
    func changedInput() throws {
        let folder = try ReportFolder()
        let path = try folder.write("in.csv", "a\n1\n")
        let originals = try originals(path)
        try folder.write("in.csv", "b,c\n2,3\n")
        try folder.write("rejects.csv", "the old ones")
        var files = try ResultFiles(folder: JobFolder(path: folder.path), paths: [path])
        try files.add(line(.invalid, row: 1, at: 2, length: 2))
        let written = try files.finish(
            inputs: [input(path, header: 0..<2)],
            originals: originals
        )
        #expect(written.rejects.isEmpty)
        #expect(written.notes.count == 1)
        #expect(try folder.read("rejects.csv") == "the old ones")
    }

    @Test("Rows of standard input come from memory; one that found no room is told")
    func standardInput() throws {
        let folder = try ReportFolder()
        var originals = OriginalRecords()
        originals.kept[RowPlace(file: 0, row: 0)] = Array("a\n".utf8)
        originals.kept[RowPlace(file: 0, row: 1)] = Array("1".utf8)
        originals.kept[RowPlace(file: 0, row: 3)] = Array("3".utf8)
        var files = try ResultFiles(folder: JobFolder(path: folder.path), paths: ["-"])
        for row in 1...3 { try files.add(line(.invalid, row: row)) }
        let written = try files.finish(
            inputs: [input("-", header: nil)],
            originals: originals
        )
        #expect(try folder.read("rejects.csv") == "a\n1\n3\n")
        #expect(written.notes.count == 1)
        #expect(written.notes.first?.contains("lacks 1 of the rows") == true)
    }

    @Test("Results are never written through a symbolic link")
    func symbolicLink() throws {
        let folder = try ReportFolder()
        let target = try folder.write("precious", "keep")
        try #require(link(target, folder.file("results.csv")))
        var files: ResultFiles?
        #expect(throws: BatchError.self) {
            files = try ResultFiles(folder: JobFolder(path: folder.path), paths: ["a.csv"])
        }
        #expect(files == nil)
        #expect(try folder.read("precious") == "keep")
    }

    private func link(_ target: String, _ name: String) -> Bool {
        ReportFolder.makeLink(to: target, named: name)
    }

    @Test(
        "Only names that this program gives count as files of rejects",
        arguments: [
            ("rejects.csv", true), ("rejects.jsonl", true), ("rejects-2.csv", true),
            ("rejects-17.tsv", true), ("rejects-1.csv", false), ("rejects-02.csv", false),
            ("rejects-.csv", false), ("rejects-mended.csv", false), ("myrejects.csv", false),
            ("rejects.csv.bak", false), ("rejects", false),
        ]
    )
    func names(_ name: String, _ isOurs: Bool) throws {
        let folder = try ReportFolder()
        try folder.write(name, "x")
        var files = try ResultFiles(folder: JobFolder(path: folder.path), paths: [])
        _ = try files.finish(inputs: [], originals: OriginalRecords())
        #expect(folder.names().contains(name) == !isOurs)
    }
}
