import Plugipay

/// What to tell a user whose credentials, scope or address the server refuses.
enum Refusal {
    /// An answer that is never about a row.
    static func error(
        _ fault: Answer.Fault,
        _ response: Response?,
        at endpoint: String = ""
    ) -> BatchError {
        let place = endpoint.isEmpty ? "the server" : endpoint
        guard let response else {
            return BatchError(.refused, "\(place): \(fault.message)")
        }
        let words = fault.message.hasSuffix(".") ? String(fault.message.dropLast()) : fault.message
        let found = "\(place) answered \(response.status) \(fault.code): \(words)"
        return BatchError(.refused, found + advice(response))
    }

    /// An answer that is not the API's.
    static func strange(_ response: Response, at endpoint: String) -> BatchError {
        BatchError(
            .refused,
            "\(endpoint) answers, but not as the Plugipay API does (status \(response.status), "
                + "\(response.headers["Content-Type"] ?? "no content type")). Check --base-url"
        )
    }

    /// Credentials that belong to somebody else than before.
    static func otherAccount(_ found: String, expected: String) -> BatchError {
        BatchError(
            .otherTarget,
            "the server answers for account \(found), but this job belongs to \(expected). "
                + "Use the job's own credentials, or another --job"
        )
    }

    private static func advice(_ response: Response) -> String {
        switch response.status {
        case 300...399:
            let location = response.headers["Location"] ?? "nowhere"
            return ". It redirects to \(location); redirects are never followed. Check --base-url"
        case 401:
            return ". Check PLUGIPAY_KEY_ID and PLUGIPAY_SECRET, or PLUGIPAY_API_KEY"
        case 403:
            return ". The key lacks a right that this command needs"
        case 404, 405, 415:
            return ". There is no customers API at this address; check --base-url"
        default:
            return ""
        }
    }
}
