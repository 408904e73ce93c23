/// The one table of column names: what an input may call a field, and what an export calls it.
package enum CustomerColumns {
    /// The columns of a CSV export, in their order.
    package static let export = [
        "id", "externalId", "email", "name", "phone", "taxId", "defaultPaymentTokenId", "metadata",
        "createdAt", "updatedAt", "accountId",
    ]

    /// The column that holds all metadata as a JSON object, and the first part of `metadata.KEY`.
    package static let metadata = "metadata"

    /// What the names of a command line or a message may be told to fill.
    static let targets = CustomerField.allCases.map(\.label) + [metadata, "metadata.KEY"]

    /// What other systems and people call a field.
    ///
    /// Left out on purpose: a bare `id` (two systems may both count from 1), and `contact`, a phone
    /// number at one provider and a person at others. First and last names and companies are parts
    /// of a name, not names, and are not put together here.
    static func synonyms(of field: CustomerField) -> [String] {
        switch field {
        case .externalId:
            [
                "external id", "customer id", "client id", "account number", "account code",
                "reference id", "member id", "kode pelanggan", "id pelanggan",
            ]
        case .email:
            [
                "e-mail", "email address", "mail", "customer email", "account email",
                "primary email", "surel", "alamat email",
            ]
        case .name:
            [
                "full name", "customer name", "customer full name", "display name",
                "contact name", "nama", "nama lengkap", "nama pelanggan",
            ]
        case .phone:
            [
                "phone number", "telephone", "tel", "mobile", "mobile number", "cell", "no hp",
                "nomor hp", "no telepon", "telepon", "whatsapp", "wa",
            ]
        case .taxId:
            [
                "tax id", "tax number", "vat", "vat id", "vat number", "business vat id", "gstin",
                "gst number", "abn", "ein", "npwp", "no npwp", "nik npwp",
            ]
        case .defaultPaymentTokenId: []
        }
    }

    /// How closely a header matched a field; the smaller, the closer.
    enum Closeness: Int, Sendable, Comparable {
        case exact, loose, synonym

        static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    /// The field that a header names, to the letter, else loosely, else by a synonym.
    static func field(named header: String) -> (field: CustomerField, closeness: Closeness)? {
        let folded = LooseName(header)
        guard let field = fields[folded] else { return nil }
        if header == field.label { return (field, .exact) }
        return (field, folded == LooseName(field.label) ? .loose : .synonym)
    }

    /// The field whose names come nearest to a header that names none.
    static func nearestField(to header: String) -> String? {
        guard let nearest = LooseName(header).nearest(among: known) else { return nil }
        return fields[nearest]?.label ?? metadata
    }

    private static let fields: [LooseName: CustomerField] = {
        var fields: [LooseName: CustomerField] = [:]
        for field in CustomerField.allCases {
            fields[LooseName(field.label)] = field
            for synonym in synonyms(of: field) { fields[LooseName(synonym)] = field }
        }
        return fields
    }()

    /// Canonical names first: where two are equally near, the plain one is proposed.
    private static let known: [LooseName] =
        CustomerField.allCases.map { LooseName($0.label) } + [LooseName(metadata)]
        + CustomerField.allCases.flatMap { synonyms(of: $0).map { LooseName($0) } }
}
