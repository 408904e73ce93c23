/// Reads and checks the body of a create or an update (contract, sections 7 and 8).
struct CustomerBody {
    /// A create refuses the empty strings and nulls that an update takes as "clear this field".
    enum Purpose {
        case create
        /// An update of the first servers knows no `metadata` (contract, section 19, row 12).
        case update(takesMetadata: Bool)
    }

    private let purpose: Purpose

    /// The fields that `bytes` ask for; an empty body asks for nothing.
    static func read(
        _ bytes: [UInt8],
        for purpose: Purpose
    ) throws(APIError) -> [CustomerChange] {
        guard !bytes.isEmpty else { return [] }
        guard let json = try? JSONParser.parse(bytes) else {
            throw .malformed("The body is not JSON.")
        }
        guard case .object(let members) = json else {
            throw .validation(nil, "The body must be an object.")
        }
        let reader = CustomerBody(purpose: purpose)
        var changes: [CustomerChange] = []
        changes.reserveCapacity(members.count)
        for member in members { changes.append(try reader.change(member)) }
        return changes
    }

    private func change(_ member: JSONValue.Member) throws(APIError) -> CustomerChange {
        guard let field = CustomerField(wireName: member.name), isKnown(field) else {
            throw .validation(member.name, "Unknown field.")
        }
        let value =
            field == .metadata
            ? try metadata(member.value)
            : try string(member.value, field)
        return CustomerChange(field: field, value: value)
    }

    private func isKnown(_ field: CustomerField) -> Bool {
        if case .update(takesMetadata: false) = purpose { field != .metadata } else { true }
    }

    private var clearsFields: Bool {
        if case .update = purpose { true } else { false }
    }

    private func string(_ value: JSONValue, _ field: CustomerField) throws(APIError) -> String? {
        let name = field.wireName
        if case .null = value, clearsFields { return nil }
        guard case .string(let text) = value else {
            throw .validation(name, "\(name) must be a string.")
        }
        if text.isEmpty {
            guard clearsFields else {
                throw .validation(name, "\(name) must have at least 1 character.")
            }
            return nil
        }
        guard text.utf16.count <= field.maximumLength else {
            throw .validation(
                name,
                "\(name) must have at most \(field.maximumLength) characters."
            )
        }
        guard !text.utf8.contains(0) else {
            throw .validation(name, "\(name) must not hold U+0000.")
        }
        guard field != .email || Self.looksLikeEmail(text) else {
            throw .validation(name, "\(name) must be an e-mail address.")
        }
        return text
    }

    /// The service's own rule is not documented; this one refuses what none could take: a missing
    /// part, blanks and controls, a domain without a dot or with an empty label.
    private static func looksLikeEmail(_ text: String) -> Bool {
        guard let at = text.utf8.lastIndex(of: UInt8(ascii: "@")), at != text.startIndex,
            !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F })
        else { return false }
        let labels = text.utf8[text.utf8.index(after: at)...]
            .split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.count >= 2 && labels.allSatisfy { !$0.isEmpty }
    }
}

// MARK: - Metadata

extension CustomerBody {
    /// The object as compact JSON, members in the order they came; the last of a repeated name
    /// counts, as in JavaScript.
    private func metadata(_ value: JSONValue) throws(APIError) -> String? {
        if case .null = value { return nil }
        guard case .object(let members) = value else {
            throw .validation("metadata", "metadata must be an object of strings.")
        }
        var pairs: [(name: String, value: String)] = []
        for member in members {
            guard case .string(let text) = member.value else {
                throw .validation("metadata.\(member.name)", "A metadata value must be a string.")
            }
            // Compared as bytes: String equality would merge names that differ in normalisation.
            let known = pairs.firstIndex { $0.name.utf8.elementsEqual(member.name.utf8) }
            if let known {
                pairs[known].value = text
            } else {
                pairs.append((member.name, text))
            }
            guard pairs.count <= CustomerField.maximumPairs else {
                throw .validation(
                    "metadata",
                    "metadata must have at most \(CustomerField.maximumPairs) pairs."
                )
            }
        }
        return Self.object(pairs)
    }

    private static func object(_ pairs: [(name: String, value: String)]) -> String {
        var text = "{"
        for (index, pair) in pairs.enumerated() {
            if index > 0 { text += "," }
            text.appendJSON(pair.name)
            text += ":"
            text.appendJSON(pair.value)
        }
        text += "}"
        return text
    }
}
