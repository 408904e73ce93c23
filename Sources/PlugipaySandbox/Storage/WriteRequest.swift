/// A write as the single writer gets it: already authenticated and parsed.
struct WriteRequest: Sendable {
    enum Operation: Sendable {
        case create([CustomerChange])
        case update(id: String, [CustomerChange])
        case delete(id: String)
        /// The body is refused, unless the key is known: then its stored answer counts.
        case refuse(APIError)
    }

    let book: Book
    let operation: Operation
    let method: String
    /// The path as sent, without the query.
    let path: String
    let idempotencyKey: String?
    /// Lower-case hex SHA-256 of the body as sent.
    let bodyHash: String
    let requestID: String
    var forgetsKey = false
    var lowercasesEmail = false
}

/// What a request is answered with: the bytes that a repeat of its key gets again.
struct StoredAnswer: Sendable {
    let status: Int
    /// Empty for 204.
    let body: String
}
