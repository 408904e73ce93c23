/// One thing that is checked of every row.
package struct ValidationRule: Sendable {
    /// Adds what is wrong with a row to its issues.
    package let check: @Sendable (_ draft: borrowing RowDraft, _ issues: inout [FieldIssue]) -> Void

    /// A rule that checks as given.
    package init(
        check:
            @escaping @Sendable (
                _ draft: borrowing RowDraft, _ issues: inout [FieldIssue]
            ) -> Void
    ) {
        self.check = check
    }

    /// The row fills at least one field or pair.
    ///
    /// A row whose values were all refused is not empty as well: this rule speaks only where no
    /// other did, so it comes last.
    package static let notEmpty = ValidationRule { draft, issues in
        guard issues.isEmpty, draft.isEmpty else { return }
        let message = "the row fills no field of a customer"
        issues.append(FieldIssue(.emptyRow, field: nil, message: message))
    }

    /// No field is longer than the API allows.
    package static let length = ValidationRule { draft, issues in
        for field in CustomerField.allCases {
            guard let limit = FieldLimits.utf16Units(of: field), let range = draft[field],
                draft.bytes.span.extracting(range).isLonger(than: limit)
            else { continue }
            let length = draft.bytes.span.extracting(range).utf16Length
            let message =
                "\(field.label): at most \(limit) characters (UTF-16 units), found \(length)"
            issues.append(FieldIssue(.tooLong, field: field.label, message: message))
        }
    }

    /// The e-mail address is one that some server could take.
    package static let email = ValidationRule { draft, issues in
        guard let range = draft[.email],
            let fault = EmailAddress.fault(in: draft.bytes.span.extracting(range))
        else { return }
        let label = CustomerField.email.label
        issues.append(
            FieldIssue(.invalidEmail, field: label, message: "\(label): \(fault.description)")
        )
    }

    /// There are no more metadata pairs than the API allows.
    package static let metadataCount = ValidationRule { draft, issues in
        let count = draft.pairCount
        guard count > FieldLimits.metadataPairs else { return }
        let label = CustomerColumns.metadata
        let message = "\(label): at most \(FieldLimits.metadataPairs) pairs, found \(count)"
        issues.append(FieldIssue(.tooManyMetadata, field: label, message: message))
    }
}
