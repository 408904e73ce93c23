/// What makes a row the same customer wherever it stands: the namespace, and its externalId if it
/// has one, else the hash of its body and an ordinal.
package struct RowIdentity: Sendable, Hashable {
    /// The hash that stands for the identity in the journal.
    package let digest: Digest

    private static let domain = "plugipay-batch/identity/1"

    /// The identity of a row that has an externalId.
    ///
    /// - Parameters:
    ///   - externalId: The externalId's UTF-8 bytes.
    ///   - namespace: The job's namespace.
    package init(externalId: some Collection<UInt8>, namespace: String) {
        var message = Self.message(kind: "externalId", namespace: namespace)
        message.append(externalId)
        digest = .sha256(message.bytes)
    }

    /// The identity of a row that has none.
    ///
    /// - Parameters:
    ///   - body: The SHA-256 of the canonical body.
    ///   - ordinal: How many identical bodies came before it in the job.
    ///   - namespace: The job's namespace.
    package init(body: Digest, ordinal: Int, namespace: String) {
        var message = Self.message(kind: "body", namespace: namespace)
        message.append(body.bytes)
        message.append(String(ordinal))
        digest = .sha256(message.bytes)
    }

    private static func message(kind: String, namespace: String) -> LengthPrefixed {
        var message = LengthPrefixed()
        message.append(domain)
        message.append(namespace)
        message.append(kind)
        return message
    }
}
