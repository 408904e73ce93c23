import RowIO
import Testing

@Suite struct RecordLimitTests {
    static let readSizes = [1, 2, 7, 31, 64, 1 << 18]

    @Test("A record of exactly the limit is read, one byte more is too long", arguments: readSizes)
    func boundary(_ readBytes: Int) {
        for end in ["\n", "\r", "\r\n", ""] {
            let fits = String(repeating: "x", count: 20)
            let text = "a\n\(fits)\r\n\(fits)y\nz\n\(fits)y\r\n\(fits)\(end)"
            let reading = Reading(text, .csv(readBytes: readBytes, recordBytes: 20))
            #expect(
                reading.rows.map(\.codes) == [[], ["record_too_long"], [], ["record_too_long"], []]
            )
            #expect(reading.rows.map(\.position.line) == [2, 3, 4, 5, 6])
            #expect(reading.rows.map(\.position.offset) == [2, 24, 46, 48, 71])
            #expect(reading.rows.map(\.position.length) == [22, 22, 2, 23, 20 + end.utf8.count])
        }
    }

    @Test("A quote that stays open to the limit gives up its first line only", arguments: readSizes)
    func unclosedAtLimit(_ readBytes: Int) {
        let rest = (1...9).map { "row \($0)\n" }.joined()
        let reading = Reading("a\n\"open\r\n" + rest, .csv(readBytes: readBytes, recordBytes: 20))
        #expect(reading.rows.count == 10)
        #expect(reading.rows[0].codes == ["unclosed_quote"])
        #expect(reading.rows[0].position == RowPosition(row: 1, line: 2, offset: 2, length: 7))
        #expect(reading.rows[9].cells == ["a=row 9"])
        #expect(reading.rows[9].position.line == 11)
    }

    @Test(
        "A long record counts the lines in its quotes and ends with its line",
        arguments: readSizes
    )
    func longWithLines(_ readBytes: Int) {
        let long = String(repeating: "x", count: 40)
        let text = "a,b\n\"1\r\n2\n3\",\(long)\n4,5\n"
        let reading = Reading(text, .csv(readBytes: readBytes, recordBytes: 20))
        #expect(reading.rows.map(\.codes) == [["record_too_long"], []])
        #expect(reading.rows.map(\.position.line) == [2, 5])
        #expect(reading.rows[1].cells == ["a=4", "b=5"])
    }

    @Test("A long record is not kept, also where the others are")
    func longIsNotKept() {
        let text = "a\n\(String(repeating: "x", count: 40))\ny\n"
        let reading = Reading(text, .csv(recordBytes: 20, keepsRawBytes: true))
        #expect(reading.rows.map(\.raw) == [nil, Array("y\n".utf8)])
    }

    @Test("A JSON line beyond the limit is skipped", arguments: readSizes)
    func longJSON(_ readBytes: Int) {
        let text = "{\"a\":\"\(String(repeating: "x", count: 40))\"}\r\n{\"a\":1}"
        let reading = Reading(text, .jsonl(readBytes: readBytes, recordBytes: 20))
        #expect(reading.rows.map(\.codes) == [["record_too_long"], []])
        #expect(reading.rows[1].position == RowPosition(row: 2, line: 2, offset: 50, length: 7))
    }
}
