/// The local rules: what no server that follows the contract would take.
package struct Validator: Sendable {
    private let rules: [ValidationRule]

    /// A validator of some rules, in their order.
    package init(rules: [ValidationRule] = [.length, .email, .metadataCount, .notEmpty]) {
        self.rules = rules
    }

    /// Adds every rule that a row breaks to its issues.
    ///
    /// - Parameters:
    ///   - draft: the row's draft.
    ///   - issues: the issues of this row alone, the mapper's among them: a row that is empty
    ///     because its values were refused is not called empty as well.
    package func check(_ draft: RowDraft, issues: inout [FieldIssue]) {
        // Not a loop over the rules themselves, which would retain and release the list.
        for index in rules.indices { rules[index].check(draft, &issues) }
    }
}
