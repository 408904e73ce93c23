import RowIO
import TestSupport
import Testing

@Suite struct ReadSizeTests {
    static let pieces: [String] = [
        "a", "bc", ",", ",", "\"", "\"", "\"\"", "\n", "\r", "\r\n", " ", "\t", "é", "😀",
        "\u{0}", "{\"a\":", "{\"b\":{\"c\":", "1", "}", "}\n", "[", "]", "\\\"", "\\u00e9",
        "null", "\"x\"",
    ]

    /// Bytes that look like rows, and now and then do not look like text.
    static func soup(_ generator: inout SplitMix) -> [UInt8] {
        var bytes = Array("a,b\r\n".utf8)
        for _ in 0..<Int.random(in: 0...60, using: &generator) {
            if Int.random(in: 0..<50, using: &generator) == 0 {
                bytes.append(UInt8.random(in: 0x80...0xFF, using: &generator))
            } else {
                bytes += Array((pieces.randomElement(using: &generator) ?? "").utf8)
            }
        }
        return bytes
    }

    @Test("The size of a read changes nothing", arguments: [RowFormat.csv, .jsonl])
    func readSizeDoesNotMatter(_ format: RowFormat) {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SplitMix(seed: seed)
        for _ in 0..<200 {
            let bytes = Self.soup(&generator)
            let limit = Bool.random(using: &generator) ? 1 << 20 : 24
            var options = InputOptions.csv(recordBytes: limit, keepsRawBytes: true)
            options.format = format
            let whole = Reading(.bytes(bytes, name: "soup"), options)
            for readBytes in 1...bytes.count {
                options.readBytes = readBytes
                let pieces = Reading(.bytes(bytes, name: "soup"), options)
                #expect(pieces.rows == whole.rows, "seed \(seed), read size \(readBytes)")
                #expect(pieces.columns == whole.columns, "seed \(seed), read size \(readBytes)")
            }
        }
    }

    @Test("Positions tile the input: only empty lines lie between records")
    func positionsTile() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SplitMix(seed: seed)
        for _ in 0..<500 {
            let bytes = Self.soup(&generator)
            let reading = Reading(bytes: bytes, .csv(readBytes: 16, keepsRawBytes: true))
            guard let header = reading.header else { continue }
            var end = Int(header.offset) + header.length
            for row in reading.rows {
                let start = Int(row.position.offset)
                let gap = bytes[end..<start]
                #expect(gap.allSatisfy { $0 == 0x0A || $0 == 0x0D }, "seed \(seed)")
                end = start + row.position.length
                #expect(row.raw == Array(bytes[start..<end]), "seed \(seed)")
            }
            #expect(bytes[end...].allSatisfy { $0 == 0x0A || $0 == 0x0D }, "seed \(seed)")
        }
    }

    @Test("A batch that is kept does not change when the reader goes on")
    func keptBatches() throws {
        let text = "a\n" + (0..<1000).map { "row \($0)\n" }.joined()
        var input = try RowInput.open(.bytes(Array(text.utf8), name: "test"))
        var batches: [RowBatch] = []
        while let batch = try input.next() { batches.append(batch) }
        #expect(batches.map(\.rows.count) == [256, 256, 256, 232])
        let texts = batches.flatMap { batch in
            batch.cells.map { String(decoding: batch.bytes[$0.range], as: UTF8.self) }
        }
        #expect(texts == (0..<1000).map { "row \($0)" })
    }
}
