import BatchCore
import Testing

@Suite("Identities of rows")
struct RowIdentityTests {
    private let body = Digest.sha256(Array("{}".utf8))

    @Test("Kinds, values, ordinals and namespaces never meet in one identity")
    func apart() {
        let identities = [
            externalID("a"), externalID("b"), externalID("A"), externalID("a "), externalID(""),
            externalID("a", "n"), externalID("n", "a"), externalID("an"), externalID("", "an"),
            RowIdentity(externalId: body.bytes, namespace: ""),
            RowIdentity(externalId: body.bytes + Array("0".utf8), namespace: ""),
            RowIdentity(body: body, ordinal: 0, namespace: ""),
            RowIdentity(body: body, ordinal: 1, namespace: ""),
            RowIdentity(body: body, ordinal: 10, namespace: ""),
            RowIdentity(body: body, ordinal: 0, namespace: "0"),
            RowIdentity(body: body, ordinal: 0, namespace: "1"),
            RowIdentity(body: .sha256([]), ordinal: 0, namespace: ""),
        ]
        #expect(Set(identities.map(\.digest)).count == identities.count)
    }

    @Test("The bytes decide: a composed and a decomposed letter are two identities")
    func normalization() {
        #expect(externalID("caf\u{E9}") != externalID("cafe\u{301}"))
    }

    @Test("The same row has the same identity in every process")
    func stable() {
        // Stored in journals: a change of the recipe would make strangers of all their rows.
        #expect(externalID("user_1").digest.prefix == 0xe32f_86d1_4785_c3d8)
        let first = RowIdentity(body: body, ordinal: 0, namespace: "")
        #expect(first.digest.prefix == 0xab01_60ac_9056_b1bf)
    }

    private func externalID(_ text: String, _ namespace: String = "") -> RowIdentity {
        RowIdentity(externalId: text.utf8, namespace: namespace)
    }
}
