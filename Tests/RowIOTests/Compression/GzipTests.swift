import RowIO
import Testing

@Suite struct GzipTests {
    static let text = "a,b\n" + (0..<50).map { "row \($0),\"x\ny\"\n" }.joined()

    @Test(
        "Gzip is known by its bytes, and reads as the text in it",
        arguments: [1, 3, 100, 1 << 18]
    )
    func readsGzip(_ readBytes: Int) throws {
        let scratch = try Scratch()
        let packed = gzip(Self.text)
        let path = try scratch.write(packed, to: "plain-name.csv")
        let reading = Reading(.file(path), .csv(readBytes: readBytes))
        #expect(reading.failure == nil)
        #expect(reading.rows == Reading(Self.text).rows)
        #expect(reading.bytesRead == Int64(packed.count))
        #expect(try RowInput.open(.file(path)).isCompressed)
    }

    @Test("Every member is read, empty ones too", arguments: [1, 2, 5, 1 << 18])
    func members(_ readBytes: Int) throws {
        let scratch = try Scratch()
        let packed = gzip("a,b\n1,") + gzip("") + gzip("2\r") + gzip("\n3,4") + gzip("")
        let path = try scratch.write(packed, to: "input")
        let reading = Reading(.file(path), .csv(readBytes: readBytes))
        #expect(reading.failure == nil)
        #expect(reading.rows.map(\.cells) == [["a=1", "b=2"], ["a=3", "b=4"]])
    }

    @Test("Gzip of nothing is nothing")
    func empty() {
        let reading = Reading(bytes: gzip(""))
        #expect(reading.failure == nil && reading.columns.isEmpty)
    }

    @Test("Cut anywhere, it is damage, and only complete rows before the cut are given")
    func truncation() {
        let packed = gzip(Self.text)
        let whole = Reading(Self.text).rows
        for count in 1..<packed.count {
            let reading = Reading(bytes: Array(packed.prefix(count)))
            #expect(reading.failure?.code == .damaged, "cut at \(count)")
            #expect(reading.failure?.offset == Int64(count), "cut at \(count)")
            #expect(reading.rows == Array(whole.prefix(reading.rows.count)), "cut at \(count)")
        }
    }

    @Test("A row that the cut touches is not given, though its last line looks complete")
    func cutRow() {
        let packed = gzip("a\n1\n2\n") + gzip("3").prefix(15)
        let reading = Reading(bytes: packed)
        #expect(reading.rows.map(\.cells) == [["a=1"], ["a=2"]])
        #expect(reading.failure?.code == .damaged)
        #expect(reading.failure?.message.contains("cut off") == true)
    }

    @Test("A wrong checksum or size is damage, whichever byte is wrong", arguments: 1...8)
    func wrongTrailer(_ place: Int) {
        var packed = gzip(Self.text)
        packed[packed.count - place] ^= 0x10
        let reading = Reading(bytes: packed)
        #expect(reading.failure?.code == .damaged)
        #expect(reading.rows.isEmpty)
    }

    @Test("A changed byte anywhere is damage, unless nothing depends on it")
    func changedByte() {
        let packed = gzip(Self.text)
        let whole = Reading(Self.text).rows
        for index in packed.indices.dropFirst(2) {
            var changed = packed
            changed[index] ^= 0xFF
            let reading = Reading(bytes: changed)
            // Bytes 4 to 9 are time, flags and system.
            if (4...9).contains(index) {
                #expect(reading.failure == nil && reading.rows == whole)
            } else {
                #expect(reading.failure?.code == .damaged, "byte \(index)")
            }
        }
    }

    @Test(
        "Bytes after the last member are damage, padding and half a magic too",
        arguments: [[0], [0, 0, 0, 0], Array("text".utf8), [0x1F], [0x1F, 0x00]] as [[UInt8]]
    )
    func trailingBytes(_ extra: [UInt8]) {
        let packed = gzip("a\n1\n")
        let reading = Reading(bytes: packed + extra)
        #expect(reading.failure?.code == .damaged)
        #expect(reading.failure?.offset == Int64(packed.count))
        #expect(reading.failure?.message.contains("after the end") == true)
        #expect(reading.rows.map(\.cells) == [["a=1"]])
    }

    @Test("Damage is reported again by every later call")
    func damageStays() throws {
        let packed = gzip("a\n1\n2").dropLast()
        var input = try RowInput.open(.bytes(Array(packed), name: "test"))
        #expect(try input.next()?.rows.count == 1)
        for _ in 0..<3 {
            let error = #expect(throws: InputError.self) { try input.next() }
            #expect(error?.code == .damaged)
        }
    }

    @Test("What stands before a later, damaged member is given")
    func laterMember() {
        var bad = gzip("2\n3\n")
        bad[bad.count - 5] ^= 1
        let reading = Reading(bytes: gzip("a\n1\n") + bad)
        #expect(reading.rows.map(\.cells) == [["a=1"]])
        #expect(reading.failure?.code == .damaged)
    }
}
