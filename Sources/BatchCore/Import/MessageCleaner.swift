package import Plugipay

/// Takes personal data out of a server's message: it may quote what was sent.
package enum MessageCleaner {
    /// Longer messages are cut.
    package static let longestMessage = 300

    /// Replaces each value of the row by `<field>`, and control characters by blanks.
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
        values += (draft.metadata ?? [:]).map { ($0.value, "metadata.\($0.key)") }
        // The longest first: a name may contain the first name that stands in metadata.
        values.sort { $0.value.utf8.count > $1.value.utf8.count }
        var text = message
        for (value, field) in values where !value.isEmpty {
            text = replacing(value, by: "<\(field)>", in: text)
        }
        let shown = text.unicodeScalars.prefix(longestMessage).map { scalar in
            scalar.properties.generalCategory == .control ? " " : Character(scalar)
        }
        return String(shown)
    }

    /// A value of one or two characters is replaced only where it stands alone: "a" is in every
    /// second word of any message.
    private static func replacing(_ value: String, by name: String, in text: String) -> String {
        let needle = Array(value.unicodeScalars)
        let hay = Array(text.unicodeScalars)
        let standsAlone = needle.count < 3
        var result = String.UnicodeScalarView()
        var place = 0
        while place < hay.count {
            let end = place + needle.count
            let isHit =
                end <= hay.count && hay[place..<end].elementsEqual(needle)
                && (!standsAlone || isBoundary(hay, place - 1) && isBoundary(hay, end))
            if isHit {
                result.append(contentsOf: name.unicodeScalars)
                place = end
            } else {
                result.append(hay[place])
                place += 1
            }
        }
        return String(result)
    }

    private static func isBoundary(_ text: [Unicode.Scalar], _ place: Int) -> Bool {
        guard text.indices.contains(place) else { return true }
        return !text[place].properties.isAlphabetic && !("0"..."9").contains(text[place])
    }
}
