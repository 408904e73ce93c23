import RowIO
import Testing

@Suite struct RawRecordsTests {
    static let text = "\u{FEFF}a,b\r\n1,\"x\ny\"\n2,\"open\n3,z"

    @Test("Records are copied as they stand, from plain and compressed files")
    func copies() throws {
        let scratch = try Scratch()
        for bytes in [Array(Self.text.utf8), gzip(Self.text)] {
            let path = try scratch.write(bytes, to: "input")
            let reading = Reading(.file(path))
            let header = try #require(reading.header)
            let sink = MemorySink()
            let positions = [header, reading.rows[0].position, reading.rows[2].position]
            try RawRecords.copy(positions.map { .init($0) }, fromFile: path, to: sink)
            #expect(String(decoding: sink.bytes, as: UTF8.self) == "a,b\r\n1,\"x\ny\"\n3,z")
        }
    }

    @Test("Records from all over a large file are copied", arguments: [false, true])
    func largeFile(_ isCompressed: Bool) throws {
        let scratch = try Scratch()
        let text = "n\n" + (0..<100_000).map { "row number \($0)\n" }.joined()
        let bytes = isCompressed ? gzip(text) : Array(text.utf8)
        let path = try scratch.write(bytes, to: "input")
        let rows = Reading(.file(path)).rows.filter { $0.position.row % 9_973 == 0 }
        let sink = MemorySink()
        try RawRecords.copy(rows.map { .init($0.position) }, fromFile: path, to: sink)
        let expected = rows.map { $0.cells[0].dropFirst(2) + "\n" }.joined()
        #expect(String(decoding: sink.bytes, as: UTF8.self) == expected)
    }

    @Test("A file that has changed or become shorter is refused")
    func changedFile() throws {
        let scratch = try Scratch()
        let path = try scratch.write(Array(Self.text.utf8), to: "input")
        let identity = try FileIdentity.current(atPath: path)
        try scratch.write(Array("a\n".utf8), to: "input")
        let extent = RawRecords.Extent(offset: 8, length: 4)
        for known in [identity, nil] {
            let error = #expect(throws: InputError.self) {
                try RawRecords.copy([extent], fromFile: path, identity: known, to: MemorySink())
            }
            #expect(error?.code == .changed)
        }
    }
}
