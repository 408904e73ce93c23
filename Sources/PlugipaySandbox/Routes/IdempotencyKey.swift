import HTTPTypes
import Hummingbird

/// The `Idempotency-Key` header of a write (contract, section 10).
enum IdempotencyKey {
    /// The longest key; the service's own limit is not documented.
    static let maximumLength = 255

    static func read(_ request: Request, isRequired: Bool) throws(APIError) -> String? {
        guard let key = request.headers[.idempotencyKey], !key.isEmpty else {
            guard isRequired else { return nil }
            throw .validation("Idempotency-Key", "This route needs an Idempotency-Key header.")
        }
        guard key.utf8.count <= maximumLength, key.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) else {
            throw .validation(
                "Idempotency-Key",
                "It must be printable ASCII of at most \(maximumLength) characters."
            )
        }
        return key
    }
}
