import Plugipay

extension RowDraft {
    /// The draft with its values as texts.
    var customerDraft: CustomerDraft {
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        return CustomerDraft(
            externalId: self.text(of: .externalId),
            email: self.text(of: .email),
            name: self.text(of: .name),
            phone: self.text(of: .phone),
            taxId: self.text(of: .taxId),
            defaultPaymentTokenId: self.text(of: .defaultPaymentTokenId),
            metadata: metadata.map { pairs in
                Dictionary(
                    pairs.map { (text($0.key), text($0.value)) },
                    uniquingKeysWith: { first, _ in first }
                )
            }
        )
    }
}
