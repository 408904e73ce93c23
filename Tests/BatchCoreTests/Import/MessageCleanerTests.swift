import BatchCore
import Plugipay
import Testing

@Suite("What may be filed of a server's message")
struct MessageCleanerTests {
    private static let ada = CustomerDraft(
        externalId: "user_1",
        email: "Ada@Example.com",
        name: "Ada Lovelace",
        phone: "+44 20 7946 0000",
        taxId: "12.345",
        defaultPaymentTokenId: "tok_9",
        metadata: ["first": "Ada", "size": "XL", "empty": ""]
    )

    @Test(
        "Each value of the row is replaced by the name of its field",
        arguments: [
            ("Ada@Example.com is no address", "<email> is no address"),
            ("user_1 is taken by tok_9", "<externalId> is taken by <defaultPaymentTokenId>"),
            ("(+44 20 7946 0000, 12.345)", "(<phone>, <taxId>)"),
            // The longest first, so that no part of a value is left.
            ("Ada Lovelace, Ada", "<name>, <metadata.first>"),
            // As a server stores it.
            ("ada@example.com exists", "<email> exists"),
            ("ADA LOVELACE exists", "<name> exists"),
            // Short values only where they stand alone.
            ("XL, XLS, xl", "<metadata.size>, XLS, <metadata.size>"),
            ("nothing of the row", "nothing of the row"),
            ("", ""),
        ]
    )
    func values(_ message: String, _ cleaned: String) {
        #expect(MessageCleaner.clean(message, of: Self.ada) == cleaned)
    }

    @Test("A value that is quoted from inside a JSON text is found, too")
    func escaped() {
        let draft = CustomerDraft(name: #"Ada "Countess" \ Lovelace"#)
        let quoted = #"{"name":"Ada \"Countess\" \\ Lovelace"}"#
        #expect(MessageCleaner.clean(quoted, of: draft) == #"{"name":"<name>"}"#)
        #expect(MessageCleaner.clean(draft.name ?? "", of: draft) == "<name>")
    }

    @Test("No value is left at either end, twice in a row, or across another's edge")
    func edges() {
        let draft = CustomerDraft(email: "aab@c.example", name: "aaab")
        let cleaned = MessageCleaner.clean("aaabaaab aab@c.exampleaaab", of: draft)
        #expect(cleaned == "<name><name> <email><name>")
    }

    @Test("Letters that fold to several, or stand beside combining marks, do no harm")
    func unicode() {
        let draft = CustomerDraft(email: "STRASSE@İ.example", name: "Zoe\u{301}")
        let message = "İİ ß Zoe\u{301}\u{301} strasse@İ.example"
        let cleaned = MessageCleaner.clean(message, of: draft)
        #expect(Array(cleaned.utf8) == Array("İİ ß <name>\u{301} <email>".utf8))
    }

    @Test("Control characters become blanks, and a long message is cut")
    func controls() {
        let message = "a\u{0}b\r\nc\u{1B}[31m" + String(repeating: "x", count: 1000)
        let cleaned = MessageCleaner.clean(message, of: CustomerDraft())
        #expect(cleaned.hasPrefix("a b  c [31mx"))
        #expect(cleaned.unicodeScalars.count == MessageCleaner.longestMessage)
    }

    @Test("A value at the cut is replaced before it could be cut in two")
    func cut() {
        let filler = String(repeating: "x ", count: 148)
        let cleaned = MessageCleaner.clean(filler + "Ada@Example.com", of: Self.ada)
        #expect(cleaned == filler + "<ema")
    }
}
