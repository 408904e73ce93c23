/// The values of a customer's writable fields; metadata is kept as the JSON text of its object.
struct CustomerFields: Sendable {
    private var values: [String?]

    init() {
        values = Array(repeating: nil, count: CustomerField.allCases.count)
    }

    subscript(field: CustomerField) -> String? {
        get { values[field.rawValue] }
        set { values[field.rawValue] = newValue }
    }

    mutating func apply(_ changes: [CustomerChange]) {
        for change in changes { self[change.field] = change.value }
    }
}

/// One field of a request body: its new value, or nil to clear it.
struct CustomerChange: Sendable {
    let field: CustomerField
    let value: String?
}
