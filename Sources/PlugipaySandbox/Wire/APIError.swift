import HTTPTypes

/// A refusal, as the envelope tells it (contract, section 11).
struct APIError: Error {
    let status: Int
    /// In lower case; the `docs` profile shouts it.
    let code: String
    let message: String
    /// The offending field or header.
    var field: String?
    /// Headers that belong to this refusal alone, such as `Retry-After`.
    var headers: HTTPFields = [:]

    static func validation(_ field: String?, _ message: String) -> APIError {
        APIError(status: 400, code: "validation_error", message: message, field: field)
    }

    static func malformed(_ message: String) -> APIError {
        APIError(status: 400, code: "invalid_request", message: message)
    }

    static func unauthorized(_ code: String, _ message: String) -> APIError {
        APIError(status: 401, code: code, message: message)
    }

    static func insufficientScope(_ message: String) -> APIError {
        APIError(status: 403, code: "insufficient_scope", message: message)
    }

    static let noCustomer = APIError(
        status: 404,
        code: "not_found",
        message: "No such customer in this workspace and mode."
    )

    static let noRoute = APIError(
        status: 404,
        code: "not_found",
        message: "There is no such route; customers are at /api/v1/customers."
    )

    static let externalIDTaken = APIError(
        status: 409,
        code: "conflict",
        message: "A customer with this externalId already exists.",
        field: "externalId"
    )

    static let keyMismatch = APIError(
        status: 409,
        code: "idempotency_mismatch",
        message: "This Idempotency-Key was used with another body.",
        field: "Idempotency-Key"
    )

    static let bodyTooLarge = APIError(
        status: 413,
        code: "payload_too_large",
        message: "The body is larger than 1 MB."
    )

    static let internalError = APIError(
        status: 500,
        code: "internal_error",
        message: "The sandbox failed; its log says why."
    )
}
