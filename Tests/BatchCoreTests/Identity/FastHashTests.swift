import Plugipay
import Testing

@testable import BatchCore

@Suite("The hash that tells rows apart within a process")
struct FastHashTests {
    private let start = FastHash()

    @Test("Texts of every length differ from their neighbours, and from themselves one byte longer")
    func lengths() {
        var seen: [UInt64: [UInt8]] = [:]
        for length in 0..<70 {
            for mark in -1..<length {
                var text = [UInt8](repeating: UInt8(ascii: "0"), count: length)
                if mark >= 0 { text[mark] = UInt8(ascii: "1") }
                #expect(seen.updateValue(text, forKey: hash([text])) == nil, "\(text)")
            }
        }
    }

    @Test("Words that overlap do not make texts of two lengths alike")
    func overlap() {
        #expect(hash(["A30000001"]) != hash(["A300000001"]))
    }

    @Test("A list of texts is not the list with its texts cut elsewhere, or in another order")
    func lists() {
        let lists = [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], ["c", "ab"]]
        #expect(Set(lists.map { hash($0) }).count == lists.count)
        #expect(lists.allSatisfy { hash($0) == hash($0) })
    }

    @Test("Half the bits turn when one bit of the text does")
    func spread() {
        let text = Array("customer-000001@example.com".utf8)
        var turned = 0
        for bit in 0..<(text.count * 8) {
            var other = text
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            turned += (hash([text]) ^ hash([other])).nonzeroBitCount
        }
        let share = Double(turned) / Double(text.count * 8 * 64)
        #expect((0.45...0.55).contains(share))
    }

    @Test("Drafts are alike if their canonical bodies are, in whatever order their cells came")
    func drafts() {
        let drafts = [
            draft([(.email, "a@b.example"), (.name, "Ada")], [("plan", "x"), ("note", "y")]),
            draft([(.name, "Ada"), (.email, "a@b.example")], [("note", "y"), ("plan", "x")]),
            draft([(.name, "Ada"), (.email, "a@b.example")], [("note", "x"), ("plan", "y")]),
            draft([(.name, "Ada"), (.email, "a@b.example")], []),
            draft([(.name, "Ada"), (.email, "a@b.example")], nil),
            draft([(.name, "a@b.example"), (.email, "Ada")], nil),
            draft([(.name, "Ada")], nil),
            draft([(.phone, "Ada")], nil),
        ]
        for left in drafts {
            for right in drafts {
                #expect((hash(left) == hash(right)) == (body(left) == body(right)))
            }
        }
    }

    private func hash(_ texts: [String]) -> UInt64 { hash(texts.map { Array($0.utf8) }) }

    private func hash(_ texts: [[UInt8]]) -> UInt64 {
        var hash = start
        for text in texts { hash.combine(text.span) }
        return hash.value
    }

    private func hash(_ draft: RowDraft) -> UInt64 {
        var hash = start
        draft.hash(into: &hash)
        return hash.value
    }

    private func body(_ draft: RowDraft) -> [UInt8] {
        var body = CanonicalBody()
        draft.encodeBody(into: &body)
        return body.bytes
    }

    private func draft(
        _ fields: [(CustomerField, String)],
        _ pairs: [(String, String)]?
    ) -> RowDraft {
        var draft = RowDraft()
        for (field, text) in fields {
            let bytes = Array(text.utf8)
            draft.set(field, to: bytes.indices, of: bytes.span)
        }
        if pairs != nil { draft.beginMetadata() }
        for (key, value) in pairs ?? [] { draft.addPair(key: key.utf8, value: value.utf8) }
        _ = draft.orderMetadata()
        return draft
    }
}
