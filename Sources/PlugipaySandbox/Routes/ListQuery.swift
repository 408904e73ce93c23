/// What a list asks for (contract, sections 8.5 and 9).
struct ListQuery: Sendable {
    var limit = ListQuery.defaultLimit
    var isAscending = false
    var cursor: PageCursor?
    var email: String?
    var externalID: String?
    /// Exclusive; the contract leaves that open.
    var createdAfter: Timestamp?

    static let defaultLimit = 25
    static let limits = 1...100

    init(_ query: QueryString, profile: SandboxProfile) throws(APIError) {
        if let number = query["limit"].flatMap({ Int($0) }) {
            limit = min(max(number, Self.limits.lowerBound), Self.limits.upperBound)
        }
        cursor = query["cursor"].flatMap { PageCursor(text: $0) }
        email = query["email"]
        guard profile.filtersAreComplete else { return }
        externalID = query["externalId"]
        isAscending = try Self.isAscending(query)
        createdAfter = try Self.createdAfter(query)
    }

    private static func isAscending(_ query: QueryString) throws(APIError) -> Bool {
        let name = query["order"] == nil ? "direction" : "order"
        switch query[name] {
        case "asc": return true
        case "desc", nil: return false
        default: throw .validation(name, "\(name) must be asc or desc.")
        }
    }

    private static func createdAfter(_ query: QueryString) throws(APIError) -> Timestamp? {
        guard let text = query["createdAfter"] else { return nil }
        guard let time = Timestamp(iso8601: text) else {
            throw .validation("createdAfter", "createdAfter must be an ISO 8601 date and time.")
        }
        return time
    }
}
