/// The `data`, `error`, `meta` object that every answer is (contract, section 6).
struct Envelope {
    let requestID: String
    let time: Timestamp
    let profile: SandboxProfile

    /// A single object; `data` is JSON text.
    func success(data: String) -> String {
        var text = "{\"data\":\(data),\"error\":null,\"meta\":"
        appendMeta(to: &text)
        text += "}}"
        return text
    }

    /// A page of a list; each element of `items` is JSON text.
    func page(items: [String], limit: Int, cursor: String?) -> String {
        var text = "{\"data\":[\(items.joined(separator: ","))],\"error\":null,\"meta\":"
        appendMeta(to: &text)
        if profile.hasPlainListMeta {
            text.appendJSON(member: "cursor", cursor)
            text += ",\"hasMore\":\(cursor != nil)"
        }
        text += ",\"page\":{\"limit\":\(limit),\"hasMore\":\(cursor != nil)"
        text.appendJSON(member: "nextCursor", cursor)
        text += "}}}"
        return text
    }

    func failure(_ error: APIError) -> String {
        var text = "{\"data\":null,\"error\":{\"code\":"
        text.appendJSON(profile.shoutsCodes ? error.code.uppercased() : error.code)
        text.appendJSON(member: "message", error.message)
        if let field = error.field {
            text.appendJSON(member: "param", field)
            text.appendJSON(member: "field", field)
        }
        text += "},\"meta\":"
        appendMeta(to: &text)
        text += "}}"
        return text
    }

    /// Leaves the object open for further members.
    private func appendMeta(to text: inout String) {
        text += "{\"requestId\":"
        text.appendJSON(requestID)
        text.appendJSON(member: "timestamp", time.iso8601)
    }
}
