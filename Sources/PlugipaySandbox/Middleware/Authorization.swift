/// The two forms of the `Authorization` header (contract, sections 2 and 3).
enum Authorization: Equatable, Sendable {
    case signature(keyID: String, signature: String)
    case bearer(String)

    init?(header: String) {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "Plugipay-HMAC-SHA256": self.init(parameters: parts[1])
        case "Bearer": self = .bearer(String(parts[1]))
        default: return nil
        }
    }

    private init?(parameters: Substring) {
        var values: [Substring: Substring] = [:]
        for parameter in parameters.split(separator: ",") {
            let pair = parameter.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { return nil }
            values[pair[0]] = pair[1]
        }
        guard let keyID = values["keyId"], let signature = values["signature"] else { return nil }
        self = .signature(keyID: String(keyID), signature: String(signature))
    }
}
