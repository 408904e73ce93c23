import Crypto
import Foundation
import Testing

@testable import Plugipay

@Suite struct CanonicalBodyTests {
    /// The members of a vector's body, by a parser that is not ours.
    private struct Members: Decodable {
        var externalId: String?
        var email: String?
        var name: String?
        var phone: String?
        var taxId: String?
        var defaultPaymentTokenId: String?
        var metadata: [String: String]?
    }

    @Test("a draft made from each key vector's body gives the same bytes")
    func drafts() throws {
        let vectors = try Vectors.keys()
        #expect(vectors.count >= 28)
        for vector in vectors {
            let members = try members(vector)
            let draft = CustomerDraft(
                externalId: members.externalId,
                email: members.email,
                name: members.name,
                phone: members.phone,
                taxId: members.taxId,
                defaultPaymentTokenId: members.defaultPaymentTokenId,
                metadata: members.metadata
            )
            let body = draft.canonicalBody()
            #expect(String(decoding: body, as: UTF8.self) == vector.body, "\(vector.title)")
            #expect(body == Array(vector.body.utf8), "\(vector.title)")
            #expect(hex(SHA256.hash(data: body)) == vector.body_sha256, "\(vector.title)")
        }
    }

    @Test("a patch that sets the members of each update vector gives the same bytes")
    func patches() throws {
        let updates = try Vectors.keys().filter { $0.operation.hasPrefix("customer.update") }
        #expect(!updates.isEmpty)
        for vector in updates {
            let members = try members(vector)
            let patch = CustomerPatch(
                externalId: members.externalId.map { .set($0) } ?? .absent,
                email: members.email.map { .set($0) } ?? .absent,
                name: members.name.map { .set($0) } ?? .absent
            )
            #expect(patch.canonicalBody() == Array(vector.body.utf8), "\(vector.title)")
        }
    }

    @Test("a patch clears a text with an empty one and metadata with null")
    func clearing() {
        let patch = CustomerPatch(email: .clear, phone: .set("1"), metadata: .clear)
        #expect(text(patch.canonicalBody()) == #"{"email":"","phone":"1","metadata":null}"#)
        #expect(text(CustomerPatch().canonicalBody()) == "{}")
        #expect(
            text(CustomerPatch(metadata: .set(["b": "1", "10": "2", "9": "3"])).canonicalBody())
                == #"{"metadata":{"9":"3","10":"2","b":"1"}}"#
        )
    }

    @Test("bytes that are fed in give the same body as texts, and a reset keeps nothing")
    func bytes() {
        let slab = Array("ada@example.complan\"gold".utf8)
        var body = CanonicalBody()
        body.begin()
        body.member("name", value: "left over")
        body.reset()
        body.begin()
        body.member("email", value: slab.span.extracting(0..<15))
        body.metadata([(15..<20, 20..<24)], in: slab)
        body.end()
        let draft = CustomerDraft(email: "ada@example.com", metadata: [#"plan""#: "gold"])
        #expect(body.bytes == draft.canonicalBody())
    }

    @Test("drafts that differ only in Unicode normalisation are different drafts")
    func normalisation() {
        let composed = CustomerDraft(name: "Andr\u{E9}")
        let decomposed = CustomerDraft(name: "Andre\u{301}")
        #expect(composed.name == decomposed.name)
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, composed]).count == 2)
    }

    private func members(_ vector: Vectors.Key) throws -> Members {
        try JSONDecoder().decode(Members.self, from: Data(vector.body.utf8))
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private func hex(_ digest: SHA256.Digest) -> String {
        var bytes: [UInt8] = []
        bytes.appendHex(digest)
        return text(bytes)
    }
}
