import Foundation
import Testing

@testable import PlugipaySandbox

@Suite("JSONParser")
struct JSONParserTests {
    private func string(_ text: String) -> String? {
        guard case .string(let value) = try? JSONParser.parse(Array(text.utf8)) else { return nil }
        return value
    }

    @Test(
        "It reads strings with every escape",
        arguments: [
            (#""""#, ""), (#""a b""#, "a b"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u00e9\u8336""#, "é茶"), (#""\ud83d\ude00""#, "😀"), (#""\ud83d""#, "\u{FFFD}"),
            (#""\ud83dx""#, "\u{FFFD}x"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
            (#""\ude00""#, "\u{FFFD}"), (#" "é" "#, "é"),
        ]
    )
    func strings(text: String, expected: String) {
        #expect(string(text)?.unicodeScalars.elementsEqual(expected.unicodeScalars) == true)
    }

    @Test(
        "It refuses what is no JSON",
        arguments: [
            "", " ", "nul", "truex", "{", "}", "[1,]", #"{"a":1,}"#, #"{"a"}"#, #"{a:1}"#, "01",
            "1.", ".5", "-", "1e", "+1", "'a'", #""a"#, "\"\n\"", #""\x""#, #""\u12""#, "1 2",
            #"{"a":1 "b":2}"#,
        ]
    )
    func refusals(text: String) {
        #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test("It refuses bytes that are no UTF-8, and nesting without end")
    func bounds() {
        #expect(throws: JSONParser.Failure.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
        let deep = Array(repeating: UInt8(ascii: "["), count: 100_000)
        #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(deep) }
    }

    @Test("What it writes, Foundation reads, and it reads itself", arguments: 0..<30)
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let scalars = (0..<40).compactMap { _ in
            Unicode.Scalar(UInt32.random(in: 0...0x2FF, using: &random))
        }
        let text = String(String.UnicodeScalarView(scalars))
        var json = ""
        json.appendJSON(text)
        let read = try JSONSerialization.jsonObject(with: Data("[\(json)]".utf8)) as? [String]
        #expect(read == [text], "seed \(seed)")
        #expect(string(json) == text, "seed \(seed)")
    }
}
