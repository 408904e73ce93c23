import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore

/// What the sandbox answered, and the parts of the envelope that tests look at.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let text: String

    init(_ response: TestClient.Response) {
        status = response.status.code
        headers = response.headers
        text = response.body.map { String(buffer: $0) } ?? ""
    }

    var json: [String: Any] {
        get throws {
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
        }
    }

    var customer: [String: Any] {
        get throws { try json["data"] as? [String: Any] ?? [:] }
    }

    var customers: [[String: Any]] {
        get throws { try json["data"] as? [[String: Any]] ?? [] }
    }

    var meta: [String: Any] {
        get throws { try json["meta"] as? [String: Any] ?? [:] }
    }

    var id: String {
        get throws { try customer["id"] as? String ?? "" }
    }

    /// `400 validation_error name`, or only the status where there is no error.
    var verdict: String {
        get throws {
            let error = try text.isEmpty ? nil : json["error"] as? [String: Any]
            return [String(status), error?["code"] as? String, error?["param"] as? String]
                .compactMap { $0 }
                .joined(separator: " ")
        }
    }

    var headerNames: [String] { headers.map(\.name.rawName) }

    func header(_ name: String) -> String? {
        headers[.named(name)]
    }
}
