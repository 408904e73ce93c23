import BatchCore
import Plugipay

/// Customers with everything that files are bad at: what a round trip must bring back unchanged.
///
/// Left out is what the import changes or refuses by its contract: blanks at the ends of a field,
/// and a customer of whom nothing is known.
struct EndToEndDifficultBook {
    private(set) var drafts: [CustomerDraft] = []
    private var generator: SeededGenerator

    /// The contract, section 7.
    private static let mostPairs = 50

    /// The members of a customer that are plain text.
    private static let members: [any WritableKeyPath<CustomerDraft, String?> & Sendable] = [
        \.name, \.phone, \.taxId, \.externalId, \.defaultPaymentTokenId,
    ]

    /// Texts that mean something to a reader, a shell, a spreadsheet, a database or a screen.
    private static let texts = [
        "a\nb", "a\r\nb", "a\rb", "\nfirst", "last\n", "\r\n", "\n\n", "say \"hi\"", "\"", "\"\"",
        "\"quoted\"", "\",\"", "a,b", ",", ",,", ";", "a\tb", "a  b", "=1+1", "+62 812", "-5", "@a",
        "=HYPERLINK(\"http://example.com\",\"x\")", "'", "'=1", "null", "NULL", "true", "0",
        "00812",
        "1e5", "1.0", "-0", "NaN", "{}", "[]", "{\"a\":1}", "[1,2]", "\\", "\\n", "\\u0041", "\\\"",
        "/", "</script>", "<b>&amp;", "%s%d", "$(id)", "`id`", "é", "e\u{301}", "ﬁ", "日本語", "ไทย",
        "العربية", "😀", "👨‍👩‍👧‍👦", "🇮🇩", "\u{1F3F4}\u{200D}\u{2620}\u{FE0F}", "\u{FEFF}bom", "bom\u{FEFF}",
        "a\u{2028}b", "\u{202E}rtl", "a\u{A0}b", "\u{A0}", "\u{3000}", "\u{1}", "\u{B}",
        "\u{1B}[31m",
        "\u{7F}", "\u{85}", "\u{FFFD}", "\u{FFFF}", "\u{10FFFF}", "#comment", "--", ".", "..",
    ]

    /// Names of metadata pairs that mean something to a reader of paths, columns or objects.
    private static let names = [
        "plan", "Plan", "PLAN", "pl an", " plan", "plan ", "", " ", "10", "9", "010", "-1", "1.5",
        "4294967294", "4294967295", "a.b", ".a", "a.", "a..b", "a[0]", "$.a", "/a/b", "metadata",
        "metadata.plan", "id", "email", "externalId", "accountId", "createdAt", "__proto__",
        "constructor", "toString", "größe", "日本", "😀", "e\u{301}", "é", "\"", "a\nb", "a,b", "\\",
        "{}", "null", "\u{FEFF}x", "\u{1}",
    ]

    /// Makes a book: every text in every place, then mixtures.
    init(mixtures: Int, seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        addFields()
        addMetadata()
        addLimits()
        addAbsences()
        for number in 0..<mixtures { addMixture(number) }
    }

    private mutating func add(_ id: String, _ change: (inout CustomerDraft) -> Void) {
        var draft = CustomerDraft(externalId: id)
        change(&draft)
        drafts.append(draft)
    }

    /// Each text in each member, five members a customer.
    private mutating func addFields() {
        for (number, _) in Self.texts.enumerated() {
            var draft = CustomerDraft(email: "field\(number)@example.com")
            for (offset, member) in Self.members.enumerated() {
                draft[keyPath: member] = Self.texts[(number + offset) % Self.texts.count]
            }
            drafts.append(draft)
        }
        let emails = [
            "=cmd@example.com", "+a@example.com", "-a@example.com", "UPPER.Case@Example.COM",
            "a+b@example.co.id", "'a'@example.com", "ü@exämple.de", "a/b=c@example.com",
            "{a}@example.com", "1e5@example.com", "a@xn--exmple-cua.de", "`$a`@example.com",
        ]
        for email in emails { add("e-mail \(email)") { $0.email = email } }
    }

    private mutating func addMetadata() {
        for (number, text) in (Self.texts + ["", " ", "\t", " a ", "\ta\t"]).enumerated() {
            add("value \(number)") { $0.metadata = ["note": text] }
        }
        for (number, name) in Self.names.enumerated() {
            add("key \(number)") { $0.metadata = [name: "value \(number)"] }
        }
        // Names that are the same for `String` cannot be together in a draft.
        add("all keys") { draft in
            draft.metadata = Dictionary(
                Self.names.prefix(Self.mostPairs).map { ($0, $0) },
                uniquingKeysWith: { first, _ in first }
            )
        }
    }

    /// Values as long as the service takes them, counted in UTF-16 units.
    private mutating func addLimits() {
        let label = String(repeating: "d", count: 63)
        let domain = [label, label, label, String(repeating: "e", count: 61)].joined(separator: ".")
        add("longest e-mail") { $0.email = String(repeating: "l", count: 64) + "@" + domain }
        add("longest, ASCII") { $0.name = String(repeating: "x", count: 255) }
        add("longest, quotes") { $0.name = String(repeating: "\"", count: 255) }
        add("longest, two bytes") { $0.name = String(repeating: "é", count: 255) }
        add("longest, emoji") { $0.name = String(repeating: "😀", count: 127) + "x" }
        add("longest, lines") { $0.name = String(repeating: "\r\n", count: 127) + "x" }
        add("longest, phone and tax") {
            $0.phone = String(repeating: "1", count: 64)
            $0.taxId = String(repeating: "\n", count: 64)
        }
        add(String(repeating: "i", count: 255)) { $0.name = "longest externalId" }
        add("50 pairs") { draft in
            draft.metadata = Dictionary(
                uniqueKeysWithValues: (1...Self.mostPairs).map { ("k\($0)", "v\($0)") }
            )
        }
        add("long metadata") {
            $0.metadata = ["text": String(repeating: "0123456789\n\"\\é😀", count: 4_000)]
        }
    }

    private mutating func addAbsences() {
        add("nothing else") { _ in }
        add("empty metadata") { $0.metadata = [:] }
        drafts.append(CustomerDraft(name: "only a name"))
        drafts.append(CustomerDraft(email: "only@example.com"))
        drafts.append(CustomerDraft(phone: "only a phone"))
        drafts.append(CustomerDraft(metadata: ["only": "metadata"]))
        // Two who cannot be told apart.
        for _ in 1...2 { drafts.append(CustomerDraft(email: "twin@example.com", name: "Twin")) }
    }

    // MARK: Mixtures

    private mutating func addMixture(_ number: Int) {
        var draft = CustomerDraft()
        if Bool.random(using: &generator) { draft.externalId = "m\(number) " + text(8) }
        draft.email = "mixture\(number)@example.com"
        if Bool.random(using: &generator) { draft.name = text(12) }
        if Bool.random(using: &generator) { draft.phone = text(3) }
        if Bool.random(using: &generator) { draft.taxId = text(3) }
        let pairs = Int.random(in: -1...6, using: &generator)
        if pairs >= 0 {
            draft.metadata = [:]
            for _ in 0..<pairs { draft.metadata?[text(4)] = text(10) }
        }
        drafts.append(draft)
    }

    /// Some texts one behind the other, of a length that every member takes.
    private mutating func text(_ most: Int) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 1...most, using: &generator) {
            let next = Self.texts.randomElement(using: &generator) ?? ""
            guard text.utf16.count + next.utf16.count <= 60 else { break }
            text += next
        }
        return text.isEmpty ? "x" : text
    }
}
