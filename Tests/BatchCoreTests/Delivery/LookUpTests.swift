import Plugipay
import Testing

@testable import BatchCore

@Suite("Look-ups")
struct LookUpTests {
    private static let time = Timestamp(millisecondsSince1970: 10_000)

    @Test(
        "Each asks for a full page by its own filter; a customer is asked for by its path",
        arguments: [
            (.id("cus/1"), "/customers/cus%2F1", nil),
            (.externalID("user 1"), "/customers", "externalId=user 1"),
            (.email("a+b@example.com"), "/customers", "email=a+b@example.com"),
            (.createdAfter(time), "/customers", "createdAfter=1970-01-01T00:00:10.000Z"),
        ] as [(LookUp, String, String?)]
    )
    func operation(_ lookUp: LookUp, _ path: String, _ filter: String?) {
        let operation = lookUp.operation
        #expect(operation.method == .get)
        #expect(operation.path == path)
        let query = operation.query.map { "\($0.name)=\($0.value)" }
        #expect(query == (filter.map { [$0, "limit=100"] } ?? []))
    }

    @Test(
        "A server may ignore a filter: only what fits the question is believed",
        arguments: [
            (.id("cus_1"), .sample(), true), (.id("cus_2"), .sample(), false),
            (.externalID("a"), .sample(externalId: "a"), true),
            (.externalID("a"), .sample(externalId: "A"), false),
            (.externalID("a"), .sample(), false),
            (.externalID("\u{E9}"), .sample(externalId: "e\u{301}"), false),
            (.email("Ada@example.com"), .sample(email: "ada@example.com"), true),
            (.email("ada@example.com"), .sample(email: "bob@example.com"), false),
            (.email("ada@example.com"), .sample(), false),
            (.createdAfter(time), .sample(createdAt: 10_000), true),
            (.createdAfter(time), .sample(createdAt: 9_999), false),
            (.createdAfter(time), .sample(createdAt: nil), false),
        ] as [(LookUp, Customer, Bool)]
    )
    func matches(_ lookUp: LookUp, _ record: Customer, _ isMatch: Bool) {
        #expect(lookUp.matches(record) == isMatch)
    }
}
