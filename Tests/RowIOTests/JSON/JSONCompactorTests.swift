import RowIO
import Testing
import TestSupport

@Suite struct JSONCompactorTests {
    private func compact(_ text: String) -> String {
        var output: [UInt8] = []
        let bytes = Array(text.utf8)
        JSONCompactor.append(bytes, bytes.indices, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test(
        "Blanks between tokens go, everything else stays",
        arguments: [
            (#"{"a":1}"#, #"{"a":1}"#),
            (" {\t\"a\" :\r\n [ 1 , 2.50E+01 ] } \n", #"{"a":[1,2.50E+01]}"#),
            (
                #"{ "a b" : " c \" d , e \\" , "f" : "\u0020\n" }"#,
                #"{"a b":" c \" d , e \\","f":"\u0020\n"}"#
            ),
            (
                #"[ "Zoë 🦊 " , "\\\\" , "" , null , true ]"#,
                #"["Zoë 🦊 ","\\\\","",null,true]"#
            ),
            ("", ""), (" ", ""), ("\" ", "\" "), ("\" \\", "\" \\"),
        ]
    )
    func examples(_ text: String, _ expected: String) {
        #expect(compact(text) == expected)
    }

    @Test("Only the range is read, and the output is added to")
    func range() {
        let bytes = Array("x [ 1 ] y".utf8)
        var output = Array("before".utf8)
        JSONCompactor.append(bytes, 2..<7, to: &output)
        #expect(output == Array("before[1]".utf8))
    }

    @Test("Generated texts come out as a plain loop over bytes says")
    func generated() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(seed: seed)
        for _ in 0..<2000 {
            var text: [UInt8] = []
            appendValue(to: &text, depth: 4, &random)
            var output: [UInt8] = []
            JSONCompactor.append(text, text.indices, to: &output)
            #expect(output == reference(text), "seed \(seed)")
            var again: [UInt8] = []
            JSONCompactor.append(output, output.indices, to: &again)
            #expect(again == output, "seed \(seed)")
        }
    }

    private func reference(_ text: [UInt8]) -> [UInt8] {
        var isInString = false
        var isEscaped = false
        return text.filter { byte in
            if !isInString {
                isInString = byte == UInt8(ascii: "\"")
                return ![0x20, 0x09, 0x0A, 0x0D].contains(byte)
            }
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            }
            return true
        }
    }

    private func appendBlanks(to text: inout [UInt8], _ random: inout SplitMix) {
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            text.append([0x20, 0x09, 0x0A, 0x0D].randomElement(using: &random) ?? 0x20)
        }
    }

    private func appendString(to text: inout [UInt8], _ random: inout SplitMix) {
        let pieces = [
            "a", " ", "\\\"", "\\\\", "\\u0020", "{", "}", ",", ": ", "é", "🦊", "longer text",
        ]
        text.append(UInt8(ascii: "\""))
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            text += (pieces.randomElement(using: &random) ?? "").utf8
        }
        text.append(UInt8(ascii: "\""))
    }

    private func appendValue(to text: inout [UInt8], depth: Int, _ random: inout SplitMix) {
        appendBlanks(to: &text, &random)
        switch Int.random(in: 0..<(depth > 0 ? 6 : 3), using: &random) {
        case 0: text += "-1.50e+3".utf8
        case 1: text += "null".utf8
        case 2: appendString(to: &text, &random)
        case 3: appendList("[", "]", hasNames: false, to: &text, depth: depth, &random)
        default: appendList("{", "}", hasNames: true, to: &text, depth: depth, &random)
        }
        appendBlanks(to: &text, &random)
    }

    private func appendList(
        _ open: String,
        _ close: String,
        hasNames: Bool,
        to text: inout [UInt8],
        depth: Int,
        _ random: inout SplitMix
    ) {
        text += open.utf8
        for place in 0..<Int.random(in: 0...4, using: &random) {
            if place > 0 { text += ",".utf8 }
            appendBlanks(to: &text, &random)
            if hasNames {
                appendString(to: &text, &random)
                appendBlanks(to: &text, &random)
                text += ":".utf8
            }
            appendValue(to: &text, depth: depth - 1, &random)
        }
        appendBlanks(to: &text, &random)
        text += close.utf8
    }
}
