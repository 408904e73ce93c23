import RowIO
import TestSupport
import Testing

@Suite struct CSVWriterTests {
    static let cells: [(String, String)] = [
        ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""),
        ("a\nb", "\"a\nb\""), ("a\rb", "\"a\rb\""), (" a", "\" a\""), ("a\t", "\"a\t\""),
        ("é😀", "é😀"), ("=1", "=1"), ("a b", "a b"),
    ]

    @Test("A cell is quoted where it must be", arguments: cells)
    func quotes(_ cell: String, _ written: String) {
        var writer = CSVWriter()
        writer.appendRow([cell, "x"])
        #expect(String(decoding: writer.bytes, as: UTF8.self) == written + ",x\n")
    }

    static let formulas: [(String, String)] = [
        ("=1", "'=1"), ("+62 8", "'+62 8"), ("-1", "'-1"), ("@a", "'@a"), ("\tx", "\"'\tx\""),
        ("\rx", "\"'\rx\""), ("=\"a\"", "\"'=\"\"a\"\"\""), ("a=1", "a=1"), ("", ""),
    ]

    @Test("A cell that a spreadsheet would calculate gets an apostrophe", arguments: formulas)
    func spreadsheetSafe(_ cell: String, _ written: String) {
        var writer = CSVWriter(isSpreadsheetSafe: true)
        writer.appendRow([cell, "x"])
        #expect(String(decoding: writer.bytes, as: UTF8.self) == written + ",x\n")
    }

    @Test("A row of one empty cell is no empty line")
    func emptyCell() {
        var writer = CSVWriter()
        writer.appendRow([""])
        writer.appendRow(["", ""])
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "\"\"\n,\n")
        writer.removeAll()
        #expect(writer.bytes.isEmpty)
    }

    @Test("What is written reads back")
    func roundTrip() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SplitMix(seed: seed)
        let pieces = ["a", ",", "\"", "\n", "\r", " ", "\t", "é", "\u{FEFF}", "'", "=", ""]
        for _ in 0..<300 {
            let width = Int.random(in: 1...4, using: &generator)
            let rows = (0..<5).map { _ in
                (0..<width).map { _ in
                    (0..<Int.random(in: 0...4, using: &generator))
                        .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
                }
            }
            var writer = CSVWriter()
            writer.appendRow((0..<width).map { "c\($0)" })
            for row in rows { writer.appendRow(row) }
            let reading = Reading(bytes: writer.bytes)
            let expected = rows.map { row in row.enumerated().map { "c\($0.offset)=\($0.element)" }
            }
            #expect(reading.rows.map(\.cells) == expected, "seed \(seed)")
        }
    }

    @Test("A first cell that begins with a byte order mark keeps it")
    func byteOrderMark() {
        var writer = CSVWriter()
        writer.appendRow(["\u{FEFF}a"])
        #expect(
            Reading(bytes: writer.bytes).columns.map { Array($0.utf8) } == [
                [0xEF, 0xBB, 0xBF, 0x61]
            ]
        )
    }
}
