/// What a column can fill.
package enum MappingTarget: Sendable, Hashable {
    /// A text field.
    case field(CustomerField)
    /// All of the metadata, from a JSON object.
    case metadata
    /// One pair of the metadata.
    case metadataPair(key: String)

    /// Reads the `FIELD` of `--map FIELD=COLUMN`: a field's own name, `metadata` or `metadata.KEY`.
    ///
    /// - Parameter name: the name; case, blanks and punctuation do not matter, but in a `KEY`.
    package init?(named name: String) {
        if let key = Self.metadataKey(of: name) {
            self = .metadataPair(key: key)
        } else if LooseName(name) == LooseName(CustomerColumns.metadata) {
            self = .metadata
        } else if let (field, closeness) = CustomerColumns.field(named: name), closeness < .synonym
        {
            self = .field(field)
        } else {
            return nil
        }
    }

    /// The `KEY` of `metadata.KEY`, to the letter.
    static func metadataKey(of name: String) -> String? {
        let prefix = CustomerColumns.metadata + "."
        guard name.count > prefix.count, name.prefix(prefix.count).lowercased() == prefix else {
            return nil
        }
        return String(name.dropFirst(prefix.count))
    }

    /// The target's name in messages.
    package var label: String {
        switch self {
        case .field(let field): field.label
        case .metadata: CustomerColumns.metadata
        case .metadataPair(let key): CustomerColumns.metadata + "." + key
        }
    }
}
