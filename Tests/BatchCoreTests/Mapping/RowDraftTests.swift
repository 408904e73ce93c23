import BatchCore
import Testing

@Suite("Drafts")
struct RowDraftTests {
    @Test("A row is empty without a field and a pair; a mere {} is nothing")
    func emptiness() {
        var draft = RowDraft()
        #expect(draft.isEmpty && draft.metadata == nil)
        draft.beginMetadata()
        #expect(draft.isEmpty && draft.metadata?.isEmpty == true)
        draft.addPair(key: "a".utf8, value: "".utf8)
        #expect(!draft.isEmpty)
        draft.reset()
        draft.set(.phone, to: 0..<1, of: [0x31].span)
        #expect(!draft.isEmpty && draft.metadata == nil)
    }

    @Test("Repeated keys are found by their bytes, each once")
    func repeatedKeys() {
        var draft = RowDraft()
        for key in ["b", "a", "é", "b", "e\u{301}", "b", ""] {
            draft.addPair(key: key.utf8, value: "1".utf8)
        }
        #expect(draft.orderMetadata() == ["b"])
    }
}
