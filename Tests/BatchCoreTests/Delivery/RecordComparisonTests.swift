import Plugipay
import Testing

@testable import BatchCore

@Suite("Whether a record is what a row asks for")
struct RecordComparisonTests {
    @Test(
        "Only e-mails are compared without case and blanks around; all else byte by byte",
        arguments: [
            (CustomerDraft(email: "Ada@Example.com"), .sample(email: "ada@example.com"), []),
            (CustomerDraft(email: "ada@example.com"), .sample(email: "\t ADA@example.com "), []),
            (CustomerDraft(email: "É@example.com"), .sample(email: "é@example.com"), []),
            (
                CustomerDraft(email: "e\u{301}@example.com"),
                .sample(email: "\u{E9}@example.com"),
                ["email"]
            ),
            (CustomerDraft(email: "a@example.com"), .sample(email: "b@example.com"), ["email"]),
            (CustomerDraft(email: "a@example.com"), .sample(), ["email"]),
            (CustomerDraft(name: "Ada"), .sample(name: "Ada"), []),
            (CustomerDraft(name: "Ada"), .sample(name: "ada"), ["name"]),
            (CustomerDraft(name: "Ada"), .sample(name: "Ada "), ["name"]),
            (CustomerDraft(name: "Zoe\u{301}"), .sample(name: "Zo\u{E9}"), ["name"]),
            (CustomerDraft(externalId: "A1"), .sample(externalId: "a1"), ["externalId"]),
            // What the row leaves open may be anything.
            (CustomerDraft(name: "Ada"), .sample(email: "ada@example.com", name: "Ada"), []),
            (CustomerDraft(), .sample(name: "Ada", metadata: ["k": "v"]), []),
            (
                CustomerDraft(
                    externalId: "a",
                    email: "b",
                    name: "c",
                    phone: "d",
                    taxId: "e",
                    defaultPaymentTokenId: "f",
                    metadata: ["g": "h"]
                ),
                .sample(),
                [
                    "externalId", "email", "name", "phone", "taxId", "defaultPaymentTokenId",
                    "metadata",
                ]
            ),
        ] as [(CustomerDraft, Customer, [String])]
    )
    func differences(_ draft: CustomerDraft, _ record: Customer, _ names: [String]) {
        #expect(RecordComparison.differences(draft, record) == names)
        #expect(RecordComparison.isEqual(draft, record) == names.isEmpty)
    }

    @Test(
        "Metadata is compared as a whole",
        arguments: [
            ([:], nil, true), ([:], [:], true), (["a": "1"], ["a": "1"], true),
            (["a": "1"], nil, false), (["a": "1"], ["a": "2"], false),
            (["a": "1"], ["a": "1", "b": "2"], false), ([:], ["a": "1"], false),
            (["a": "1", "b": "2"], ["a": "1"], false), (["a": "1"], ["A": "1"], false),
            (["\u{E9}": "1"], ["e\u{301}": "1"], false),
            (["a": "\u{E9}"], ["a": "e\u{301}"], false),
        ] as [([String: String], [String: String]?, Bool)]
    )
    func metadata(_ asked: [String: String], _ stored: [String: String]?, _ isSame: Bool) {
        let draft = CustomerDraft(metadata: asked)
        #expect(RecordComparison.isEqual(draft, .sample(metadata: stored)) == isSame)
    }

    @Test("A record with an externalId never stands for a row without one")
    func foreignExternalID() {
        let draft = CustomerDraft(email: "ada@example.com")
        let record = Customer.sample(externalId: "user_1", email: "ada@example.com")
        #expect(RecordComparison.differences(draft, record).isEmpty)
        #expect(!RecordComparison.isEqual(draft, record))
    }

    @Test("A patch holds what differs and nothing else, metadata whole")
    func patch() {
        let draft = CustomerDraft(
            externalId: "user_1",
            email: "Ada@example.com",
            name: "Ada",
            phone: "1",
            metadata: ["a": "1", "b": "2"]
        )
        var record = Customer.sample(
            externalId: "user_1",
            email: "ada@example.com",
            name: "Ada L.",
            metadata: ["a": "1", "c": "3"]
        )
        record.taxId = "stays"
        let names = RecordComparison.differences(draft, record)
        let body = RecordComparison.patch(draft, of: names).canonicalBody()
        #expect(
            String(decoding: body, as: UTF8.self)
                == #"{"name":"Ada","phone":"1","metadata":{"a":"1","b":"2"}}"#
        )
        record.name = "Ada"
        record.phone = "1"
        record.metadata = draft.metadata
        #expect(RecordComparison.differences(draft, record).isEmpty)
        #expect(RecordComparison.patch(draft, of: []).canonicalBody() == Array("{}".utf8))
    }
}
