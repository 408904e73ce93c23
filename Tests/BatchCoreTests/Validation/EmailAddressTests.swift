import TestSupport
import Testing

@testable import BatchCore

@Suite("E-mail addresses")
struct EmailAddressTests {
    private func fault(_ text: String) -> EmailAddress.Fault? {
        EmailAddress.fault(in: Array(text.utf8).span)
    }

    @Test(
        "What some server could take passes",
        arguments: [
            "ada@example.com", "Ada.Lovelace+tag@mail.example.co.id", "a@b.c", "a@1.2",
            "\"ada lovelace\"@example.com", "\"a@b\"@example.com", "\"a\\\"@\"@example.com",
            "ada..l@example.com", ".ada@example.com", "ada.@example.com", "a!#$%&'*+/=?^_`{|}~@b.c",
            "ada@[192.0.2.1]", "ada@[IPv6:2001:db8::1]", "ada@bücher.example", "茶@例え.テスト",
            "ada@xn--bcher-kva.example", "a,b@example.com", "ada@a-b--c.example",
        ]
    )
    func passes(_ text: String) {
        #expect(fault(text) == nil)
    }

    @Test(
        "What no server could take is refused",
        arguments: [
            ("ada", .noAt), ("ada.example.com", .noAt), ("\"ada@example.com", .noAt),
            ("@example.com", .emptyLocalPart), ("@", .emptyLocalPart), ("ada@", .emptyDomain),
            ("ada@b@example.com", .severalAts), ("a@x.com,b@y.com", .severalAts),
            ("ada@[x@y]", .severalAts),
            ("ada lovelace@example.com", .blank), ("Ada <ada@example.com>", .blank),
            ("ada@exam ple.com", .blank), ("ada@example.com b@c.d", .blank),
            ("ada\t@example.com", .blank), ("ada@exa\tmple.com", .blank),
            ("a\u{0}da@example.com", .controlCharacter), ("ada@ex\nample.com", .controlCharacter),
            ("a\u{7F}@example.com", .controlCharacter), ("a\u{85}@example.com", .controlCharacter),
            ("a@ex\u{85}mple.com", .controlCharacter), ("\"a\tb\"@example.com", .controlCharacter),
            ("\"a\\\nb\"@example.com", .controlCharacter),
            ("ada@localhost", .noDot), ("ada@example..com", .emptyLabel),
            ("ada@.example.com", .emptyLabel), ("ada@example.com.", .emptyLabel),
            ("ada@.", .emptyLabel), ("ada@-example.com", .hyphenAtEdge),
            ("ada@example-.com", .hyphenAtEdge), ("ada@example.com-", .hyphenAtEdge),
            ("ada@exam_ple.com", .badCharacter), ("<ada@example.com>", .badCharacter),
            ("ada@example.com;", .badCharacter), ("ada@[192.0.2.1", .badCharacter),
            ("ada@[]", .badCharacter), ("ada@exa\"mple.com", .badCharacter),
        ] as [(String, EmailAddress.Fault)]
    )
    func refused(_ text: String, _ expected: EmailAddress.Fault) {
        #expect(fault(text) == expected)
    }

    @Test("Lengths are counted to the unit, in UTF-16 units")
    func lengths() {
        let label = String(repeating: "a", count: 63)
        let local = String(repeating: "a", count: 64)
        let domain = [label, label, label, String(repeating: "b", count: 61)].joined(separator: ".")
        #expect(fault("\(local)@\(domain)") == nil)
        #expect(fault("\(local)a@\(domain)") == .longLocalPart(found: 65))
        #expect(fault("\(local)@\(domain)b") == .longDomain(found: 254))
        #expect(fault("a@\(label)a.example") == .longLabel(found: 64))
        #expect(fault(String(repeating: "茶", count: 64) + "@example.com") == nil)
        let astral = String(repeating: "\u{1F600}", count: 33) + "@example.com"
        #expect(fault(astral) == .longLocalPart(found: 66))
        let bracketed = "\(local)@[\(String(repeating: "1", count: 254))]"
        #expect(fault(bracketed) == .tooLong(found: 321))
    }

    @Test("No bytes make the scan leave its bounds", arguments: [UInt64(20_260_512)])
    func randomBytes(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        let alphabet = Array("a@.\"\\- [\u{E9}\u{85}\n".utf8)
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...12, using: &generator)
            let text = (0..<count).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            let first = EmailAddress.fault(in: text.span)
            let hasAt = text.contains(UInt8(ascii: "@"))
            #expect(first != nil || hasAt, "seed \(seed): \(text)")
        }
    }
}
