package import Plugipay

/// Takes personal data out of a server's message: it may quote what was sent.
package enum MessageCleaner {
    /// Longer messages are cut.
    package static let longestMessage = 300

    /// Replaces each value of the row by `<field>`, and control characters by blanks.
    ///
    /// Case does not count: servers quote an e-mail in lower case, as they store it.
    ///
    /// - Parameters:
    ///   - message: The server's words.
    ///   - draft: What was sent.
    /// - Returns: Words that may be filed.
    package static func clean(_ message: String, of draft: CustomerDraft) -> String {
        var values: [(value: String, field: String)] = [
            ("externalId", draft.externalId), ("email", draft.email), ("name", draft.name),
            ("phone", draft.phone), ("taxId", draft.taxId),
            ("defaultPaymentTokenId", draft.defaultPaymentTokenId),
        ].compactMap { field, value in value.map { ($0, field) } }
        let pairs = (draft.metadata ?? [:]).sorted { $0.key < $1.key }
        values += pairs.map { ($0.value, "metadata.\($0.key)") }
        // The longest first: a name may contain the first name that stands in metadata.
        values.sort { $0.value.utf8.count > $1.value.utf8.count }
        var text = Array(message.utf8)
        for (value, field) in values where !value.isEmpty {
            let name = Array("<\(field)>".utf8)
            for form in forms(of: value) { text = replacing(form, by: name, in: text) }
        }
        let cleaned = String(decoding: text, as: UTF8.self)
        let shown = cleaned.unicodeScalars.prefix(longestMessage).map { scalar in
            scalar.properties.generalCategory == .control ? " " : Character(scalar)
        }
        return String(shown)
    }

    /// Whether a refusal is about metadata: by the field that the server names, else by its words.
    ///
    /// Servers of the first generation know no metadata in an update; what they say of a member
    /// that they do not know is not settled, and may name it in the message alone.
    ///
    /// - Parameters:
    ///   - fault: The refusal of a body that has metadata.
    ///   - draft: What the row asks for; a value of it that is quoted counts for nothing.
    /// - Returns: Whether the body may be taken without metadata.
    package static func namesMetadata(_ fault: Answer.Fault, of draft: CustomerDraft) -> Bool {
        let name = PendingPatch.metadata
        if let field = fault.field, !field.isEmpty {
            return field.lowercased().split { ".[]/".contains($0) }.contains { $0 == name }
        }
        return clean(fault.message, of: draft).lowercased().contains(name)
    }

    /// How a server may quote a value: as it stands, or from inside a JSON text.
    private static func forms(of value: String) -> [[UInt8]] {
        let plain = Array(value.utf8)
        var body = CanonicalBody()
        body.begin()
        body.member("v", value: value)
        body.end()
        // {"v":"…"}
        let escaped = Array(body.bytes.dropFirst(6).dropLast(2))
        return escaped == plain ? [plain] : [escaped, plain]
    }

    /// Replaces a value whatever the case of its ASCII letters: servers fold e-mails.
    ///
    /// A value of one or two characters is replaced only where it stands alone: "a" is in every
    /// second word of any message.
    private static func replacing(
        _ value: [UInt8],
        by name: [UInt8],
        in text: [UInt8]
    ) -> [UInt8] {
        let needle = value.map(folded)
        let standsAlone = needle.count < 3
        var result: [UInt8] = []
        var place = 0
        while place < text.count {
            let end = place + needle.count
            let isHit =
                end <= text.count && text[place..<end].lazy.map(folded).elementsEqual(needle)
                && (!standsAlone || isBoundary(text, place - 1) && isBoundary(text, end))
            result.append(contentsOf: isHit ? name[...] : text[place...place])
            place = isHit ? end : place + 1
        }
        return result
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private static func isBoundary(_ text: [UInt8], _ place: Int) -> Bool {
        guard text.indices.contains(place) else { return true }
        let byte = folded(text[place])
        let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte >= 0x80
        return !isLetter && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
