/// Who asks: the book that a request works on, and what it may do there.
struct Principal: Sendable {
    let book: Book
    let scopes: SandboxKey.Scopes
}
