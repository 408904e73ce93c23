extension FieldIssue {
    static func invalidType(_ field: String, found: String) -> FieldIssue {
        let message = "\(field): expected a text, a number, true or false, found \(found)"
        return FieldIssue(.invalidType, field: field, message: message)
    }

    static func invalidMetadata(_ fault: String) -> FieldIssue {
        let message = "metadata: expected a JSON object of texts; \(fault)"
        return FieldIssue(.invalidMetadata, field: CustomerColumns.metadata, message: message)
    }

    static func repeatedPair(_ key: String) -> FieldIssue {
        let field = CustomerColumns.metadata + "." + key
        return FieldIssue(.duplicateMember, field: field, message: "\(field): named twice")
    }

    static func invalidValue(ofPair key: some Collection<UInt8>, found: String) -> FieldIssue {
        let field = CustomerColumns.metadata + "." + String(decoding: key, as: UTF8.self)
        let message = "\(field): expected a text, a number, true or false, found \(found)"
        return FieldIssue(.invalidMetadata, field: field, message: message)
    }
}

extension [FieldIssue] {
    /// Adds an issue unless the row has it already: each member of an object where a text is
    /// expected comes as a cell of its own.
    mutating func add(_ issue: FieldIssue) {
        if !contains(issue) { append(issue) }
    }
}
