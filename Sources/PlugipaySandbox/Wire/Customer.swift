/// A customer as the service keeps it.
struct Customer: Sendable {
    let id: String
    let workspace: String
    var fields: CustomerFields
    let createdAt: Timestamp
    var updatedAt: Timestamp

    /// The object of the answer, with every member of the newest servers (contract, section 7).
    var json: String {
        var text = "{\"id\":"
        text.appendJSON(id)
        text.appendJSON(
            member: "arn",
            "forjio:plugipay:sgp1:\(workspace):customer/\(id)"
        )
        text.appendJSON(member: "accountId", workspace)
        for field in CustomerField.allCases where field != .metadata {
            text += ",\"\(field.wireName)\":"
            text.appendJSON(fields[field])
        }
        text += ",\"metadata\":\(fields[.metadata] ?? "null")"
        text.appendJSON(member: "createdAt", createdAt.iso8601)
        text.appendJSON(member: "updatedAt", updatedAt.iso8601)
        text += "}"
        return text
    }
}
