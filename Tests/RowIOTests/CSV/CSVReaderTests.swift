import RowIO
import Testing

@Suite struct CSVReaderTests {
    struct Case: CustomTestStringConvertible {
        var testDescription: String
        var text: String
        /// The cells of each row; an unreadable row shows its codes.
        var rows: [[String]]

        init(_ description: String, _ text: String, _ rows: [[String]]) {
            testDescription = description
            self.text = text
            self.rows = rows
        }
    }

    static let cells: [Case] = [
        Case("LF", "a,b\n1,2\n3,4\n", [["a=1", "b=2"], ["a=3", "b=4"]]),
        Case("CRLF", "a,b\r\n1,2\r\n3,4\r\n", [["a=1", "b=2"], ["a=3", "b=4"]]),
        Case("CR", "a,b\r1,2\r3,4\r", [["a=1", "b=2"], ["a=3", "b=4"]]),
        Case("mixed line ends", "a\r1\n2\r\n3\r", [["a=1"], ["a=2"], ["a=3"]]),
        Case("no final line end", "a,b\n1,2", [["a=1", "b=2"]]),
        Case("no final line end after a quote", "a\n\"1\"", [["a=1"]]),
        Case("a final empty cell", "a,b\n1,", [["a=1", "b="]]),
        Case("empty lines", "\n\r\na\n\n1\r\n\r\n2\n\n", [["a=1"], ["a=2"]]),
        Case("a line of blanks is a row", "a\n \n", [["a= "]]),
        Case("an empty quoted cell is a row", "a\n\"\"\n", [["a="]]),
        Case("byte order mark", "\u{FEFF}a\n1\n", [["a=1"]]),
        Case("line ends in quotes", "a,b\n\"1\n2\r\n3\r4\",x\n", [["a=1\n2\r\n3\r4", "b=x"]]),
        Case("doubled quotes", "a,b\n\"\"\"x\"\"\",\"\"\"\"\n", [["a=\"x\"", "b=\""]]),
        Case("a delimiter in quotes", "a\n\"1,2\"\n", [["a=1,2"]]),
        Case("blanks around a quoted cell", "a,b\n \t\"1\"\t , \" 2 \" \n", [["a=1", "b= 2 "]]),
        Case("blanks are kept elsewhere", "a,b\n 1 ,\t2\n", [["a= 1 ", "b=\t2"]]),
        Case("a quote inside a cell", "a,b\n5\" pipe,x\"y\"\n", [["a=5\" pipe", "b=x\"y\""]]),
        Case("a short row", "a,b,c\n1\n", [["a=1"]]),
        Case("empty surplus", "a\n1,\n2, \t,\"\"\n", [["a=1"], ["a=2"]]),
        Case(
            "quotes in empty surplus and after",
            "a\n1,\"\",\" \"\n\"x\"\"y\"\n",
            [["a=1"], ["a=x\"y"]]
        ),
        Case("UTF-8", "a\nZoë 😀\n", [["a=Zoë 😀"]]),
        Case("a wide quote is a character", "a\n“x”\n", [["a=“x”"]]),
    ]

    @Test("A CSV is read to the letter", arguments: cells)
    func readsToTheLetter(_ test: Case) {
        let reading = Reading(test.text)
        #expect(reading.failure == nil)
        #expect(reading.rows.map(\.cells) == test.rows)
        #expect(reading.rows.allSatisfy { $0.codes.isEmpty && $0.isReadable })
    }

    static let flaws: [Case] = [
        Case("surplus", "a\n1,2\n3\n", [["too_many_cells"], []]),
        Case("text after a quote", "a,b\n\"1\"x,2\n3,4\n", [["bad_quote"], []]),
        Case("a quote after a quote", "a\n\"1\" \"2\"\n3\n", [["bad_quote"], []]),
        Case("the structure after a bad quote", "a,b\n\"1\"x\",\"2\n3\"\n", [["bad_quote"]]),
        Case("never closed", "a,b\n1,\"2\n3,4\n5,6\n", [["unclosed_quote"], [], []]),
        Case("doubled quotes in surplus", "a\n1,\"2\"\"\"\n3\n", [["too_many_cells"], []]),
        Case("never closed, no line end", "a\n\"1", [["unclosed_quote"]]),
        Case("closed by another cell", "a,b\n1,\"2\n3,\"4\"\n5,6\n", [["unclosed_quote"], [], []]),
        Case("the last of two quotes", "a,b\n\"1\n2\",\"3\n4,5\n", [["unclosed_quote"], []]),
        Case("NUL", "a\n1\u{0}\n2\n", [["nul_byte"], []]),
        Case("two flaws", "a\n1\u{0},2\n3\n", [["too_many_cells", "nul_byte"], []]),
    ]

    @Test("A flaw makes its row invalid and leaves the next ones alone", arguments: flaws)
    func isolatesFlaws(_ test: Case) {
        let reading = Reading(test.text)
        #expect(reading.failure == nil)
        #expect(reading.rows.map(\.codes) == test.rows)
    }

    @Test("A row with surplus cells or NUL still shows its cells")
    func keepsReadableCells() {
        let reading = Reading("a,b\n1,2,3\n4\u{0},5\n\"6\"x,7\n")
        #expect(reading.rows.map(\.isReadable) == [true, true, false])
        #expect(reading.rows.map(\.cells) == [["a=1", "b=2"], ["a=4\u{0}", "b=5"], []])
    }

    @Test("Rows, lines, offsets and lengths are exact")
    func positions() {
        let reading = Reading(
            "\u{FEFF}a,b\r\n\r\n\"1\n2\",3\r4,5\n\n6,\"7",
            .csv(keepsRawBytes: true)
        )
        #expect(reading.header == RowPosition(row: 0, line: 1, offset: 3, length: 5))
        #expect(reading.rawHeader == Array("a,b\r\n".utf8))
        #expect(
            reading.rows.map(\.position) == [
                RowPosition(row: 1, line: 3, offset: 10, length: 8),
                RowPosition(row: 2, line: 5, offset: 18, length: 4),
                RowPosition(row: 3, line: 7, offset: 23, length: 4),
            ]
        )
        #expect(
            reading.rows.map(\.raw) == ["\"1\n2\",3\r", "4,5\n", "6,\"7"].map { Array($0.utf8) }
        )
        #expect(reading.bytesRead == 27)
    }

    @Test("An unclosed quote names the line on which it opened")
    func namesTheLine() {
        let reading = Reading("a,b\n1,2\n\"3\n4\",\"5\n6,7\n")
        #expect(reading.rows[1].codes == ["unclosed_quote"])
        #expect(reading.rows[1].messages[0].contains("line 4 (byte offset 14)"))
        #expect(reading.rows[1].position == RowPosition(row: 2, line: 3, offset: 8, length: 9))
        #expect(reading.rows[2].position == RowPosition(row: 3, line: 5, offset: 17, length: 4))
    }

    @Test("Bytes that are not UTF-8 are named with their offset")
    func invalidUTF8() {
        let reading = Reading(bytes: Array("a\nZo".utf8) + [0xEB] + Array("\nb\n".utf8))
        #expect(reading.rows.map(\.codes) == [["invalid_utf8"], []])
        #expect(reading.rows[0].messages[0].contains("the byte EB at byte offset 4"))
        #expect(!reading.rows[0].isReadable)
        #expect(reading.rows[1].cells == ["a=b"])
    }

    @Test("Header names are unquoted and trimmed, and stay as they are otherwise")
    func headerNames() {
        let reading = Reading(" Email , \"Full \"\"Name\"\"\",,Zoë\t\n")
        #expect(reading.columns == ["Email", "Full \"Name\"", "", "Zoë"])
        #expect(reading.rows.isEmpty)
    }

    @Test("Nothing, a byte order mark and empty lines hold no columns and no rows")
    func nothing() {
        for text in ["", "\u{FEFF}", "\n\r\n\r"] {
            let reading = Reading(text)
            #expect(reading.failure == nil)
            #expect(reading.columns.isEmpty && reading.rows.isEmpty && reading.header == nil)
        }
    }

    @Test(
        "A header that cannot be trusted is refused",
        arguments: ["a,\"b\n1,2\n", "\"a\"b,c\n", "a\u{0}\n1\n", String(repeating: "x", count: 40)]
    )
    func badHeader(_ text: String) {
        let reading = Reading(text, .csv(recordBytes: 30))
        #expect(reading.failure?.code == .badHeader)
        #expect(reading.failure?.message.contains("line 1") == true)
    }

    @Test("A header has at most as many columns as the limit says")
    func tooManyColumns() {
        let limit = RowLimits().columns
        let most = String(repeating: "c,", count: limit - 1) + "c\n"
        #expect(Reading(most).columns.count == limit)
        #expect(Reading("c," + most).failure?.code == .badHeader)
    }

    @Test("A TSV has TAB between its cells and the quotes of a CSV; TAB is no blank then")
    func tsv() {
        let text = "a\tb\tc\n1,2\t \"x\ty\"\"\" \t\n\t\t\n\"p\"q\t2\n1\t2\t3\t4\n"
        let reading = Reading(text, InputOptions(format: .tsv))
        #expect(reading.format == .tsv)
        #expect(reading.columns == ["a", "b", "c"])
        #expect(
            reading.rows.map(\.cells) == [
                ["a=1,2", "b=x\ty\"", "c="], ["a=", "b=", "c="], [], ["a=1", "b=2", "c=3"],
            ]
        )
        #expect(reading.rows.map(\.codes) == [[], [], ["bad_quote"], ["too_many_cells"]])
    }

    @Test("Without a header line the first record is row 1, and the columns are those named")
    func noHeader() {
        for (format, delimiter) in [(RowFormat.csv, ","), (.tsv, "\t")] {
            var options = InputOptions(format: format, keepsRawBytes: true)
            options.columns = ["a", "b"]
            let lines = ["\u{FEFF}", "\n", "1|2\n", "3\r\n", "4|5|6\n", "7||\n", "8|\"9\n10\""]
            let text = lines.joined().replacing("|", with: delimiter)
            let reading = Reading(text, options)
            #expect(reading.columns == ["a", "b"])
            #expect(reading.header == nil && reading.rawHeader == nil)
            #expect(
                reading.rows.map(\.cells) == [
                    ["a=1", "b=2"], ["a=3"], ["a=4", "b=5"], ["a=7", "b="], ["a=8", "b=9\n10"],
                ]
            )
            #expect(reading.rows.map(\.codes) == [[], [], ["too_many_cells"], [], []])
            #expect(reading.rows.map(\.position.row) == [1, 2, 3, 4, 5])
            #expect(reading.rows.map(\.position.line) == [2, 3, 4, 5, 6])
            #expect(reading.rows.map(\.position.offset) == [4, 8, 11, 17, 21])
            #expect(reading.rows.first?.raw == Array("1\(delimiter)2\n".utf8))
            #expect(Reading("", options).rows.isEmpty && Reading("", options).failure == nil)
        }
    }

    @Test("There are no more named columns than the limit says")
    func tooManyNames() {
        var options = InputOptions.csv()
        options.columns = Array(repeating: "c", count: RowLimits().columns)
        #expect(Reading("1\n", options).failure == nil)
        options.columns?.append("c")
        #expect(Reading("1\n", options).failure?.code == .badHeader)
    }

    @Test("Another delimiter leaves commas alone and makes TAB no blank")
    func tabs() {
        var options = InputOptions.csv()
        options.dialect = CSVDialect(delimiter: UInt8(ascii: "\t"))
        let reading = Reading("a\tb\n1,2\t\"x\"\t\n", options)
        #expect(reading.rows.map(\.cells) == [["a=1,2", "b=x"]])
    }
}
