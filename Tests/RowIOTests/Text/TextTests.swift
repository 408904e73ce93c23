import RowIO
import Testing

@Suite struct TextTests {
    /// Table 3-7 of the Unicode Standard: the ends of every range of well-formed sequences.
    static let wellFormed: [[UInt8]] = [
        [0x01], [0x7F], [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xE0, 0xBF, 0xBF],
        [0xE1, 0x80, 0x80], [0xEC, 0xBF, 0xBF], [0xED, 0x80, 0x80], [0xED, 0x9F, 0xBF],
        [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80], [0xF0, 0xBF, 0xBF, 0xBF],
        [0xF1, 0x80, 0x80, 0x80], [0xF3, 0xBF, 0xBF, 0xBF], [0xF4, 0x80, 0x80, 0x80],
        [0xF4, 0x8F, 0xBF, 0xBF],
    ]

    /// One step outside each of them, and sequences that are cut off.
    static let illFormed: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x7F], [0xC2, 0xC0],
        [0xE0, 0x9F, 0xBF], [0xE0, 0xA0], [0xE1, 0x80, 0x7F], [0xE1, 0x80, 0xC0],
        [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x90, 0x80],
        [0xF1, 0x80, 0x80, 0x41], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
    ]

    @Test("Well-formed UTF-8 is text wherever it stands", arguments: wellFormed)
    func valid(_ sequence: [UInt8]) {
        for place in 0..<70 {
            let cell = [UInt8](repeating: 0x78, count: place) + sequence + [0x79]
            let reading = Reading(bytes: Array("a\n".utf8) + cell + Array(",\n".utf8))
            #expect(reading.rows.map(\.codes) == [[]], "at \(place)")
        }
    }

    @Test("Ill-formed UTF-8 is refused wherever it stands", arguments: illFormed)
    func invalid(_ sequence: [UInt8]) {
        for place in 0..<70 {
            let cell = [UInt8](repeating: 0x78, count: place) + sequence
            let reading = Reading(bytes: Array("a\n".utf8) + cell + Array("\nb\n".utf8))
            #expect(reading.rows.map(\.codes) == [["invalid_utf8"], []], "at \(place)")
            let offset = "at byte offset \(place + 2) "
            #expect(reading.rows[0].messages[0].contains(offset), "at \(place)")
        }
    }

    @Test("NUL is found wherever it stands")
    func nul() {
        for place in 0..<70 {
            let cell = [UInt8](repeating: 0x78, count: place) + [0, 0x79]
            let reading = Reading(bytes: Array("a\n".utf8) + cell + Array("\nb\n".utf8))
            #expect(reading.rows.map(\.codes) == [["nul_byte"], []], "at \(place)")
        }
    }

    @Test("Cells end where they should at every place of a block")
    func cellsAcrossBlocks() {
        for length in 0..<140 {
            let long = String(repeating: "x", count: length)
            let text = "a,b,c\r\n\(long),\"\(long)\"\"\r\n,\",\(long)\r\n\(long)é,,\(long)\n"
            let reading = Reading(text)
            let expected = [
                ["a=\(long)", "b=\(long)\"\r\n,", "c=\(long)"],
                ["a=\(long)é", "b=", "c=\(long)"],
            ]
            #expect(reading.rows.map(\.cells) == expected, "length \(length)")
            #expect(reading.rows.map(\.position.line) == [2, 4], "length \(length)")
        }
    }
}
