/// Where the next page begins: after this customer, in the order createdAt, then id.
struct PageCursor: Equatable, Sendable {
    let createdAt: Timestamp
    let id: String

    init(createdAt: Timestamp, id: String) {
        self.createdAt = createdAt
        self.id = id
    }

    /// Reads base64url JSON; nil when it is malformed, which a list answers with page one
    /// (contract, section 9).
    init?(text: String) {
        guard let bytes = Base64URL.decode(text),
            case .object(let members) = try? JSONParser.parse(bytes)
        else { return nil }
        var strings: [String: String] = [:]
        for member in members {
            guard case .string(let value) = member.value else { continue }
            strings[member.name] = value
        }
        guard let id = strings["id"], let moment = strings["createdAt"],
            let createdAt = Timestamp(iso8601: moment)
        else { return nil }
        self.init(createdAt: createdAt, id: id)
    }

    var text: String {
        var json = "{\"createdAt\":"
        json.appendJSON(createdAt.iso8601)
        json.appendJSON(member: "id", id)
        json += "}"
        return Base64URL.encode(json)
    }
}
