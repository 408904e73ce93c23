import Foundation
import TestSupport
import Testing

@testable import Plugipay

@Suite struct JSONReaderTests {
    @Test(
        "valid JSON is read to its end",
        arguments: [
            "null", "true", " false ", "0", "-0.5e+10", "12", #""""#, #""a\u00e9\n""#, "[]",
            "[1,[2]]",
            "{}", #"{"a":{"b":[1,"x",null]},"a":2}"#, "\t[ 1 , 2 ]\r\n",
        ]
    )
    func valid(text: String) throws {
        #expect(isValid(Array(text.utf8)))
    }

    @Test(
        "what is no JSON is refused",
        arguments: [
            "", " ", "nul", "tru e", "01", "-", "1.", ".5", "1e", "+1", "\"", #""\x""#,
            #""\u12g4""#,
            "\"\n\"", "[", "[1", "[1,]", "[1 2]", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{1:2}",
            "[]]", "1 2", "<html>", #""\u00"#, #"{"a":1"#,
        ]
    )
    func invalid(text: String) {
        #expect(!isValid(Array(text.utf8)))
    }

    @Test("nesting is bounded")
    func depth() {
        let deepest = JSONReader.maximumDepth
        #expect(
            isValid(
                Array(String(repeating: "[", count: deepest).utf8)
                    + Array(String(repeating: "]", count: deepest).utf8)
            )
        )
        #expect(!isValid([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)))
        #expect(!isValid(Array(String(repeating: #"{"a":"#, count: 100_000).utf8)))
    }

    @Test(
        "escapes and surrogates become their characters, halves of a pair U+FFFD",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""caf\u00e9""#, "café"),
            (#""\ud83d\ude00""#, "😀"),
            (#""\ud83dx""#, "\u{FFFD}x"),
            (#""\ud83d\n""#, "\u{FFFD}\n"),
            (#""\ude00""#, "\u{FFFD}"),
            (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
            (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
            (#""\u0000""#, "\u{0}"),
        ]
    )
    func text(json: String, text: String) throws {
        let bytes = Array(json.utf8)
        var reader = JSONReader(bytes)
        #expect(try reader.value().text(in: bytes) == text)
    }

    @Test(
        "random bytes and damaged answers never crash; what is taken is JSON for Foundation, too"
    )
    func fuzz() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(seed: seed)
        let sample = Array(
            #"{"data":[{"id":"a\u00e9","n":-12,"m":{"k":"v"}},[]],"meta":{"hasMore":true}}"#.utf8
        )
        for _ in 0..<20_000 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(sample[place % sample.count], at: place)
                default: bytes = Array(bytes[..<max(1, place)])
                }
            }
            _ = Envelope.read(bytes)
            _ = Customer(json: bytes)
            guard let text = String(validating: bytes, as: UTF8.self), !text.contains(#"\ud"#)
            else {
                continue  // Foundation has its own view of broken UTF-8 and lone surrogates.
            }
            let object = try? JSONSerialization.jsonObject(
                with: Data(bytes),
                options: .fragmentsAllowed
            )
            #expect(object != nil || !isValid(bytes), "seed \(seed): \(text)")
        }
    }

    private func isValid(_ bytes: [UInt8]) -> Bool {
        var reader = JSONReader(bytes)
        return (try? reader.value()) != nil && reader.isAtEnd()
    }
}
