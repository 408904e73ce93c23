import RowIO
import TestSupport
import Testing

@Suite struct JSONLinesReaderTests {
    @Test("Members become cells, nested ones under their path")
    func cells() {
        let text = """
            {"email":"a@b.co","n":-1.50e+3,"on":true,"off":false,"none":null}
            {"metadata":{"plan":"x","deep":{"er":1}},"empty":{},"list":[1,{"a":2}],"email":""}
            {}
            """
        let reading = Reading(text, .jsonl())
        #expect(
            reading.columns == [
                "email", "n", "on", "off", "none", "metadata.plan", "metadata.deep.er", "empty",
                "list",
            ]
        )
        #expect(
            reading.rows.map(\.cells) == [
                ["email=a@b.co", "n=-1.50e+3", "on=true", "off=false"],
                [
                    "metadata.plan=x", "metadata.deep.er=1", "empty={}", "list=[1,{\"a\":2}]",
                    "email=",
                ],
                [],
            ]
        )
        #expect(reading.rows[0].kinds == [.text, .number, .boolean, .boolean])
        #expect(reading.rows[1].kinds == [.text, .number, .emptyObject, .array, .text])
        #expect(reading.rows.allSatisfy { $0.isReadable && $0.codes.isEmpty })
    }

    @Test("Escapes are decoded, in names too")
    func escapes() {
        let text = #"{"\u0061\"b":"\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00z","a\"b ":"é😀"}"#
        let reading = Reading(text, .jsonl())
        #expect(reading.columns == ["a\"b", "a\"b "])
        #expect(reading.rows[0].cells[0] == "a\"b=\"\\/\u{8}\u{C}\n\r\té😀z")
        #expect(reading.rows[0].cells[1] == "a\"b =é😀")
    }

    @Test("LF, CRLF and a CR outside strings end a line; blank lines are no rows")
    func lines() {
        let text = "\u{FEFF}{\"a\":1}\r\n \t\n{\"a\":2}\r{\"a\":\"\\\"3\"}\n\n{\"a\":4}"
        let reading = Reading(text, .jsonl())
        #expect(reading.rows.map(\.cells) == [["a=1"], ["a=2"], ["a=\"3"], ["a=4"]])
        #expect(
            reading.rows.map(\.position) == [
                RowPosition(row: 1, line: 1, offset: 3, length: 9),
                RowPosition(row: 2, line: 3, offset: 15, length: 8),
                RowPosition(row: 3, line: 4, offset: 23, length: 12),
                RowPosition(row: 4, line: 6, offset: 36, length: 7),
            ]
        )
    }

    struct Flaw: CustomTestStringConvertible {
        var line: String
        var code: String
        /// A part of the message.
        var message: String
        var testDescription: String { line }

        init(_ line: String, _ code: String, _ message: String = "") {
            self.line = line
            self.code = code
            self.message = message
        }
    }

    static let flaws: [Flaw] = [
        Flaw(#"{"a":1"#, "invalid_json", "expected a comma or }, found the end, at byte 7"),
        Flaw(#"{"a" 1}"#, "invalid_json", "expected a colon after the member name, found a digit"),
        Flaw(#"{"a":1,}"#, "invalid_json", "expected a member name in double quotes, found }"),
        Flaw(#"{a:1}"#, "invalid_json", "found a letter, at byte 2"),
        Flaw(#"{'a':1}"#, "invalid_json", "found ', at byte 2"),
        Flaw(#"{"a":01}"#, "invalid_json", "found a digit"),
        Flaw(#"{"a":1.}"#, "invalid_json", "expected a digit, found }"),
        Flaw(#"{"a":-}"#, "invalid_json", "expected a digit"),
        Flaw(#"{"a":1e}"#, "invalid_json", "expected a digit"),
        Flaw(#"{"a":.5}"#, "invalid_json", "expected a value, found ."),
        Flaw(#"{"a":+1}"#, "invalid_json", "expected a value, found +"),
        Flaw(#"{"a":NaN}"#, "invalid_json", "expected a value, found a letter"),
        Flaw(#"{"a":tru}"#, "invalid_json", "true?"),
        Flaw(#"{"a":"x}"#, "invalid_json", "expected the string's closing quote, found the end"),
        Flaw("{\"a\":\"x\ty\"}", "invalid_json", "found the control character 9, at byte 8"),
        Flaw("{\"a\":\"x\ry\"}", "invalid_json", "found the control character 13"),
        Flaw(#"{"a":"\x"}"#, "invalid_json", "none of JSON's"),
        Flaw(#"{"a":"\u12g4"}"#, "invalid_json", "none of JSON's"),
        Flaw(#"{"a":"\ud800"}"#, "invalid_json", "half a surrogate pair, at byte 7"),
        Flaw(#"{"a":"\udc00\ud800"}"#, "invalid_json", "half a surrogate pair"),
        Flaw(#"{"a":"\ud800\u0041"}"#, "invalid_json", "half a surrogate pair"),
        Flaw(#"{"a":[1,]}"#, "invalid_json", "expected a value, found ]"),
        Flaw(#"{"a":[1}"#, "invalid_json", "expected a comma or ], found }"),
        Flaw(#"{"a":1} x"#, "invalid_json", "expected nothing after the value"),
        Flaw(#"{"a":1}{"a":2}"#, "invalid_json", "expected nothing after the value, found {"),
        Flaw(#"{"a":1,"a":2}"#, "duplicate_member", "byte 8"),
        Flaw(#"{"a":1,"\u0061":2}"#, "duplicate_member"),
        Flaw(#"{"m":{"a":1,"a":null}}"#, "duplicate_member"),
        Flaw(#"{"m":{"a":1},"m":"x"}"#, "duplicate_member"),
        Flaw(#"[{"a":1}]"#, "invalid_type", "an array"),
        Flaw("\"a\"", "invalid_type", "a string"),
        Flaw("1", "invalid_type", "a number"),
        Flaw("null", "invalid_type", "null"),
        Flaw("{\"a\":\"\u{0}\"}", "nul_byte", "byte offset 6"),
    ]

    @Test("A bad line is an invalid row, and the next one is read", arguments: flaws)
    func flaw(_ flaw: Flaw) {
        let reading = Reading(flaw.line + "\n{\"ok\":1}\n", .jsonl())
        #expect(reading.rows.map(\.codes) == [[flaw.code], []])
        #expect(
            reading.rows[0].messages.first?.contains(flaw.message) == true || flaw.message == ""
        )
        #expect(!reading.rows[0].isReadable && reading.rows[0].cells.isEmpty)
        #expect(reading.rows[1].cells == ["ok=1"])
    }

    @Test("The same name in different objects is no repetition")
    func sameNameElsewhere() {
        let reading = Reading(#"{"a":1,"m":{"a":2,"n":{"a":3}}}"#, .jsonl())
        #expect(reading.rows[0].cells == ["a=1", "m.a=2", "m.n.a=3"])
    }

    @Test("An escaped NUL is an issue of a readable row")
    func escapedNUL() {
        let reading = Reading("{\"ok\":1}\n" + #"{"a":"x\u0000"}"#, .jsonl())
        #expect(reading.rows[1].codes == ["nul_byte"])
        #expect(reading.rows[1].messages[0].contains("byte offset 16"))
        #expect(reading.rows[1].isReadable)
    }

    @Test("Bytes that are not UTF-8 are named with their offset")
    func invalidUTF8() {
        let reading = Reading(bytes: Array("{\"a\":\"".utf8) + [0xC3] + Array("\"}".utf8), .jsonl())
        #expect(reading.rows.map(\.codes) == [["invalid_utf8"]])
        #expect(reading.rows[0].messages[0].contains("the byte C3 at byte offset 6"))
    }

    @Test("Sixty-four levels are read, one more is too deep, 100,000 do no harm")
    func depth() {
        func nested(_ levels: Int) -> String {
            String(repeating: "{\"a\":", count: levels - 1) + "{\"b\":1}"
                + String(repeating: "}", count: levels - 1)
        }
        let array = "{\"a\":" + String(repeating: "[", count: 100_000)
        let text = [nested(64), nested(65), array, "{\"ok\":1}"].joined(separator: "\n")
        let reading = Reading(text, .jsonl())
        #expect(reading.rows.map(\.codes) == [[], ["too_deep"], ["too_deep"], []])
        #expect(reading.rows[0].cells.count == 1)
    }

    @Test("Paths are bounded in number and in bytes; known ones go on")
    func boundedColumns() {
        var options = InputOptions.jsonl()
        options.limits.columns = 3
        options.limits.columnNameBytes = 10
        let text = """
            {"a":1,"b":2}
            {"c":1,"d":2}
            {"a":1,"c":3}
            {"b":1,"m":{"x":2}}
            """
        let reading = Reading(text, options)
        #expect(reading.rows.map(\.codes) == [[], ["too_many_cells"], [], ["too_many_cells"]])
        #expect(reading.rows[2].cells == ["a=1", "c=3"])
        let long = Reading(#"{"a name that is long":1}"#, options)
        #expect(long.rows.map(\.codes) == [["too_many_cells"]])
    }

    @Test("An object that may have any members is one cell once they are too many for columns")
    func packedMember() {
        var options = InputOptions.jsonl()
        options.limits.columns = 6
        options.packedMember = "m"
        let text = #"""
            {"a":1,"m":{"x":"1"}}
            {"a":2,"m":{"y":"\n", "z":"3"}}
            {"a":3,"m":{}}
            {"a":4,"b":{"m":{"x":"1","y":"2","z":"3"}}}
            """#
        let reading = Reading(text, options)
        #expect(reading.rows.map(\.codes) == [[], [], [], ["too_many_cells"]])
        #expect(reading.rows[0].cells == ["a=1", "m.x=1"])
        #expect(reading.rows[1].cells == ["a=2", #"m={"y":"\n", "z":"3"}"#])
        #expect(reading.rows[2].cells == ["a=3", "m={}"])
    }

    @Test("Many columns in changing order keep their numbers")
    func manyColumns() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SplitMix(seed: seed)
        let names = (0..<300).map { "member \($0)" }
        let lines = (0..<20).map { _ in
            let members = names.shuffled(using: &generator).prefix(200).map {
                "\"\($0)\":\"\($0)\""
            }
            return "{" + members.joined(separator: ",") + "}"
        }
        let reading = Reading(lines.joined(separator: "\n"), .jsonl())
        #expect(Set(reading.columns).count == reading.columns.count)
        for row in reading.rows {
            #expect(row.cells.count == 200 && row.codes.isEmpty, "seed \(seed)")
            let isRight = row.cells.allSatisfy { cell in
                let parts = cell.split(separator: "=")
                return parts[0] == parts[1]
            }
            #expect(isRight, "seed \(seed)")
        }
    }
}
