extension Response {
    /// How much of a strange body an error quotes, in characters.
    private static let quotedCharacters = 200

    /// What the call asked for.
    ///
    /// An answer is an error when its status is 300 or above, or when `error` is not `null`,
    /// whatever the status. A success without a body is an envelope without data.
    ///
    /// - Throws: The server's error, or `invalid_response`.
    public func checked() throws(PlugipayError) -> Envelope {
        switch content {
        case .envelope(let envelope):
            if let error = envelope.error { throw serverError(error) }
            guard isSuccess else { throw serverError(Envelope.ErrorObject()) }
            return envelope
        case .empty:
            guard isSuccess else { throw serverError(Envelope.ErrorObject()) }
            return Envelope(body: [], data: .none, error: nil, meta: Envelope.Meta())
        case .other:
            throw strangeAnswer()
        }
    }

    /// The server's error as a ``PlugipayError``; `nil` where the answer is a success.
    public var failure: PlugipayError? {
        do throws(PlugipayError) {
            _ = try checked()
            return nil
        } catch {
            return error
        }
    }

    private func serverError(_ error: Envelope.ErrorObject) -> PlugipayError {
        PlugipayError(
            status: status,
            code: PlugipayError.Code(error.code ?? "unknown"),
            message: error.message ?? "HTTP \(status)",
            field: error.field,
            requestID: requestID,
            retryAfter: retryAfter,
            mayHaveReachedServer: true
        )
    }

    /// The error for an answer in the API's form that does not hold what it must.
    func invalid(_ message: String) -> PlugipayError {
        PlugipayError(
            status: status,
            code: .invalidResponse,
            message: message,
            requestID: requestID,
            mayHaveReachedServer: true
        )
    }

    private func strangeAnswer() -> PlugipayError {
        // Enough bytes for the characters, whatever their length; a cut one is repaired at the end.
        let start = String(decoding: body.prefix(Self.quotedCharacters * 4), as: UTF8.self)
        return PlugipayError(
            status: status,
            code: .invalidResponse,
            message: "HTTP \(status) without the API's envelope, beginning with: "
                + String(start.prefix(Self.quotedCharacters)),
            requestID: requestID,
            retryAfter: retryAfter,
            mayHaveReachedServer: true
        )
    }
}
