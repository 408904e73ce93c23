import HTTPTypes
import Hummingbird
import NIOCore

/// What really happened, for tests that see the server from outside.
///
/// No part of the service: unauthenticated, outside `/api`, and open to this machine only.
///
/// * `GET /sandbox/creates?after=SEQUENCE`: the log of creates as JSON lines, oldest first.
/// * `GET /sandbox/requests`: how many requests this run has answered, by method and status;
///   status `0` counts connections that a fault cut before any answer.
struct OracleRoutes: Sendable {
    static let prefix = "/sandbox"
    /// Lines that are read and sent at a time.
    static let chunk = 1_000

    let store: CustomerStore
    let tally: RequestTally

    func add(to router: Router<SandboxContext>) {
        let group = router.group("sandbox").add(middleware: LoopbackMiddleware())
        group.get("requests") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(string: tally.json + "\n"))
            )
        }
        group.get("creates", use: creates)
    }

    @Sendable private func creates(_ request: Request, _ context: SandboxContext) -> Response {
        let query = QueryString(target: request.head.path ?? "")
        let start = query["after"].flatMap { Int64($0) } ?? 0
        let body = ResponseBody { writer in
            var last = start
            while true {
                let creates = try await store.creates(after: last, limit: Self.chunk)
                guard let end = creates.last?.sequence else { break }
                last = end
                try await writer.write(ByteBuffer(string: creates.map(\.jsonLine).joined()))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
    }
}

extension SandboxCreate {
    fileprivate var jsonLine: String {
        var line = "{\"sequence\":\(sequence)"
        line.appendJSON(member: "time", Timestamp(milliseconds: time).iso8601)
        line.appendJSON(member: "workspace", workspace)
        line.appendJSON(member: "mode", mode.rawValue)
        line.appendJSON(member: "customerId", customerID)
        line.appendJSON(member: "externalId", externalID)
        line.appendJSON(member: "idempotencyKey", idempotencyKey)
        line.appendJSON(member: "bodySha256", bodySHA256)
        line.appendJSON(member: "requestId", requestID)
        line += "}\n"
        return line
    }
}
