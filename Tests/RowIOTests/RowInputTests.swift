import Foundation
import RowIO
import Testing

@Suite struct RowInputTests {
    struct Detection: CustomTestStringConvertible {
        var name: String
        var text: String
        var format: RowFormat
        var testDescription: String { "\(name) \(text.debugDescription)" }

        init(_ name: String, _ text: String, _ format: RowFormat) {
            self.name = name
            self.text = text
            self.format = format
        }
    }

    static let detections = [
        Detection("x.csv", "a,b\n", .csv),
        Detection("x", "", .csv),
        Detection("x.jsonl", "", .jsonl),
        Detection("x.NDJSON.gz", " \n", .jsonl),
        Detection("x.tsv", "a\tb\n", .tsv),
        Detection("x.TSV.gz", "", .tsv),
        Detection("x.tsv", "\t\t{\"a\":1}", .jsonl),
        Detection("x.csv", "a\tb\n", .csv),
        Detection("x.csv", " \r\n\t{\"a\":1}", .jsonl),
        Detection("x.csv", "\u{FEFF}{\"a\":1}", .jsonl),
        Detection("x.jsonl", "a,b\n", .jsonl),
        Detection("x.csv", String(repeating: "\n", count: 100_000) + "{", .csv),
    ]

    @Test("The format is found by content, then by name", arguments: detections)
    func detects(_ test: Detection) throws {
        for readBytes in [1 << 18, 64] {
            var options = InputOptions()
            options.readBytes = readBytes
            let source = InputSource.bytes(Array(test.text.utf8), name: test.name)
            #expect(try RowInput.open(source, options: options).format == test.format)
        }
    }

    @Test(
        "Columns named from outside are for cells: what looks like JSON is refused with a way out"
    )
    func namedColumns() throws {
        var options = InputOptions()
        options.columns = ["a", "b"]
        for (name, text) in [("x.csv", "{\"a\":1}\n"), ("x.jsonl", "1,2\n")] {
            let source = InputSource.bytes(Array(text.utf8), name: name)
            let failure = Reading(source, options).failure
            #expect(failure?.code == .unsupportedFormat)
            #expect(failure?.message.contains("--format csv") == true)
            options.format = .tsv
            #expect(Reading(source, options).failure == nil)
            options.format = nil
        }
        options.format = .jsonl
        #expect(Reading("{}", options).failure?.code == .unsupportedFormat)
    }

    @Test("A format that was named is not looked for")
    func explicitFormat() throws {
        let bytes = Array("{\"a\":1}\n[1]\n".utf8)
        #expect(Reading(bytes: bytes).columns == ["{\"a\":1}"])
        #expect(Reading(bytes: Array("[1]".utf8), .jsonl()).rows.map(\.codes) == [["invalid_type"]])
    }

    @Test("What is no text is refused with advice, whatever its name")
    func unsupported() {
        let table: [([UInt8], String)] = [
            (Array("  [{\"a\":1}]".utf8), "one object a line"),
            ([0x50, 0x4B, 3, 4, 0, 0], "CSV UTF-8"),
            ([0xFF, 0xFE, 0x61, 0], "UTF-16"),
            ([0xFE, 0xFF, 0, 0x61], "UTF-16"),
            ([0x28, 0xB5, 0x2F, 0xFD, 0], "zstd"),
            (gzip(gzip("a\n")), "gzip inside gzip"),
            (gzip([0x50, 0x4B, 3, 4, 0, 0]), "CSV UTF-8"),
        ]
        for (bytes, advice) in table {
            let failure = Reading(.bytes(bytes, name: "x.csv")).failure
            #expect(failure?.code == .unsupportedFormat)
            #expect(failure?.message.contains(advice) == true)
        }
    }

    @Test("A file that cannot be read says why")
    func refusals() throws {
        let scratch = try Scratch()
        mkfifo(scratch.file("pipe"), 0o600)
        let table: [(String, InputError.Code, String)] = [
            (scratch.file("missing.csv"), .notFound, "check the path"),
            ("", .notFound, "check the path"),
            (scratch.path, .isDirectory, "folder"),
            (scratch.file("pipe"), .specialFile, "name - as the file"),
            ("/dev/null", .specialFile, "name - as the file"),
        ]
        for (path, code, advice) in table {
            let failure = Reading(.file(path)).failure
            #expect(failure?.code == code)
            #expect(failure?.path == path)
            #expect(failure?.message.contains(advice) == true)
        }
    }

    @Test("A link to a file is read, and a change of the file shows in its identity")
    func identity() throws {
        let scratch = try Scratch()
        let path = try scratch.write(Array("a\n1\n".utf8), to: "file.csv")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.file("link.csv"),
            withDestinationPath: path
        )
        let input = try RowInput.open(.file(scratch.file("link.csv")))
        #expect(try input.identity == FileIdentity.current(atPath: path))
        try scratch.write(Array("a\n1\n2\n".utf8), to: "file.csv")
        #expect(try input.identity != FileIdentity.current(atPath: path))
    }

    @Test("Bytes are counted as they are on disk", arguments: [3, 1 << 18])
    func bytesRead(_ readBytes: Int) throws {
        let scratch = try Scratch()
        let bytes = Array("\u{FEFF}a,b\n1,2\n\n".utf8)
        let path = try scratch.write(bytes, to: "file.csv")
        #expect(Reading(.file(path), .csv(readBytes: readBytes)).bytesRead == Int64(bytes.count))
    }
}
