import BatchCore
import Testing

@Suite("Validation")
struct ValidatorTests {
    private func issues(
        _ fields: [CustomerField: String],
        metadata: [String: String]? = nil,
        given: [FieldIssue] = []
    ) -> [FieldIssue] {
        var draft = RowDraft()
        for (field, text) in fields {
            draft.set(field, to: 0..<text.utf8.count, of: Array(text.utf8).span)
        }
        if metadata != nil { draft.beginMetadata() }
        for (key, value) in metadata ?? [:] { draft.addPair(key: key.utf8, value: value.utf8) }
        var issues = given
        Validator().check(draft, issues: &issues)
        return issues
    }

    @Test(
        "A field may be as long as the API allows, in UTF-16 units, and no longer",
        arguments: [(.externalId, 255), (.name, 255), (.phone, 64), (.taxId, 64)]
            as [(CustomerField, Int)],
        ["a", "é", "茶", "\u{1F600}"]
    )
    func lengths(_ limit: (field: CustomerField, units: Int), _ character: String) {
        let width = character.utf16.count
        let longest = String(repeating: character, count: limit.units / width)
        #expect(issues([limit.field: longest]).isEmpty)
        let found = issues([limit.field: longest + character])
        #expect(found.map(\.code) == ["too_long"])
        #expect(found.first?.field == limit.field.label)
        let length = (limit.units / width + 1) * width
        let message = "at most \(limit.units) characters (UTF-16 units), found \(length)"
        #expect(found.first?.message == "\(limit.field.label): \(message)")
    }

    @Test("A payment token has no known limit")
    func token() {
        let token = String(repeating: "a", count: 1_000)
        #expect(issues([.defaultPaymentTokenId: token]).isEmpty)
    }

    @Test("Fifty metadata pairs pass, fifty-one do not")
    func metadataCount() {
        let pairs = { (count: Int) in
            Dictionary(uniqueKeysWithValues: (0..<count).map { ("\($0)", "") })
        }
        #expect(issues([:], metadata: pairs(50)).isEmpty)
        let found = issues([:], metadata: pairs(51))
        #expect(found.map(\.message) == ["metadata: at most 50 pairs, found 51"])
        #expect(found.map(\.code) == ["too_many_metadata"])
    }

    @Test("Every issue of a row is reported")
    func all() {
        let long = String(repeating: "1", count: 65)
        let found = issues([.email: "ada", .phone: long, .taxId: long])
        #expect(found.map(\.code) == ["too_long", "too_long", "invalid_email"])
        #expect(found.map(\.field) == ["phone", "taxId", "email"])
    }

    @Test("An address over 320 characters breaks both rules")
    func longAddress() {
        let address = String(repeating: "a", count: 310) + "@example.com"
        #expect(issues([.email: address]).map(\.code) == ["too_long", "invalid_email"])
    }

    @Test("A message never holds the value")
    func privacy() {
        let found = issues([.email: "ada.lovelace", .name: String(repeating: "Ada", count: 100)])
        #expect(found.count == 2)
        #expect(found.map { $0.message.lowercased().contains("ada") } == [false, false])
    }

    @Test("A row without a field and a pair is empty, unless another issue says why")
    func emptyRow() {
        #expect(issues([:]).map(\.code) == ["empty_row"])
        #expect(issues([:], metadata: [:]).map(\.code) == ["empty_row"])
        #expect(issues([:], metadata: ["a": ""]).isEmpty)
        let other = FieldIssue(.invalidType, field: "email", message: "")
        #expect(issues([:], given: [other]) == [other])
    }
}
