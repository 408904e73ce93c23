import RowIO
import Testing

@Suite struct JSONScannerTests {
    static let answer = #"""
        {"data":[{"id":"cus_1","name":"A\u00e9"}, {"id":"cus_2"} ],"meta":{"cursor":null,"n":2}}
        """#

    @Test("Members and elements are found as the ranges of their own bytes")
    func ranges() throws {
        let bytes = Array(Self.answer.utf8)
        var scanner = JSONScanner()
        let root = try scanner.scan(bytes, in: bytes.indices)
        let data = try #require(scanner.member("data", of: root, in: bytes))
        let items = scanner.elements(of: data)
        #expect(
            items.map { String(decoding: bytes[$0.range], as: UTF8.self) } == [
                #"{"id":"cus_1","name":"A\u00e9"}"#, #"{"id":"cus_2"}"#,
            ]
        )
        let name = try #require(scanner.member("name", of: items[0], in: bytes))
        #expect(scanner.string(of: name, in: bytes) == "Aé")
        #expect(String(decoding: bytes[name.content], as: UTF8.self) == #"A\u00e9"#)
        let meta = try #require(scanner.member("meta", of: root, in: bytes))
        let members = scanner.members(of: meta)
        #expect(members.map { scanner.string(of: $0.name, in: bytes) } == ["cursor", "n"])
        #expect(members.map(\.value.kind) == [.null, .number])
        #expect(scanner.member("nothing", of: root, in: bytes) == nil)
    }

    @Test("A range of a larger buffer is scanned in place")
    func insideABuffer() throws {
        let bytes = Array(#"xx {"a":"1"} yy"#.utf8)
        var scanner = JSONScanner()
        let root = try scanner.scan(bytes, in: 2..<13)
        #expect(root.range == 3..<12)
        let value = try #require(scanner.members(of: root).first?.value)
        #expect(value.content == 9..<10)
    }

    @Test("A repeated name is found after unescaping, in its own object only")
    func repeatedName() throws {
        let bytes = Array(#"{"a":{"b":1,"c":2},"b":1,"\u0062":2}"#.utf8)
        var scanner = JSONScanner()
        let root = try scanner.scan(bytes, in: bytes.indices)
        let name = try #require(scanner.firstRepeatedName(of: root, in: bytes))
        #expect(scanner.string(of: name, in: bytes) == "b")
        let inner = try #require(scanner.member("a", of: root, in: bytes))
        #expect(scanner.firstRepeatedName(of: inner, in: bytes) == nil)
    }

    @Test(
        "Any single value is JSON",
        arguments: ["0", "-0.5E-2", "\"\"", "true", " null ", "[]", "[[],{}]", "\n{}\r\t"]
    )
    func values(_ text: String) throws {
        let bytes = Array(text.utf8)
        var scanner = JSONScanner()
        _ = try scanner.scan(bytes, in: bytes.indices)
    }

    @Test("Problems carry a code and an index")
    func problems() {
        let table: [([UInt8], JSONProblem.Code, Int)] = [
            (Array("".utf8), .syntax, 0),
            (Array("{\"a\" }".utf8), .syntax, 5),
            (Array("[1 2]".utf8), .syntax, 3),
            ([0x22, 0xFF, 0x22], .invalidUTF8, 1),
            ([0x22, 0x00, 0x22], .nulByte, 1),
            (Array("[[[1]]]".utf8), .tooDeep, 2),
        ]
        for (bytes, code, index) in table {
            var scanner = JSONScanner(maximumDepth: 2)
            let problem = #expect(throws: JSONProblem.self) {
                try scanner.scan(bytes, in: bytes.indices)
            }
            #expect(problem?.code == code)
            #expect(problem?.index == index)
        }
    }

    @Test("Special bytes are found wherever they stand in a word", arguments: 0..<20)
    func specialBytes(_ place: Int) throws {
        for special in [#"\""#, #"\\"#, #"\n"#, #"\u00e9"#] {
            let before = String(repeating: "x", count: place)
            let bytes = Array("\"\(before)\(special)é\"".utf8)
            var scanner = JSONScanner()
            let value = try scanner.scan(bytes, in: bytes.indices)
            let decoded = ["\\\"": "\"", "\\\\": "\\", "\\n": "\n", "\\u00e9": "é"][special] ?? ""
            #expect(scanner.string(of: value, in: bytes) == before + decoded + "é")
        }
    }
}
