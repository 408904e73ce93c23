import BatchCore
import Plugipay
import TestSupport
import Testing

@Suite("Attempts")
struct AttemptTests {
    private let key = IdempotencyKey(
        operation: .create,
        scope: KeyScope(),
        ordinal: 0,
        epoch: 0,
        body: .sha256([])
    )
    private let now = Timestamp(millisecondsSince1970: 1_760_000_000_000)
    private let body = Array(#"{"email":"ada@example.com"}"#.utf8)

    @Test("A write carries key, body, trace id with the attempt's number, and its last moment")
    func write() {
        let draft = CustomerDraft(email: "ada@example.com")
        let create = Attempt.write(.create(draft), body: body, key: key, number: 3, signBy: now)
        #expect(create.operation.method == .post)
        #expect(create.operation.path == "/customers")
        #expect(create.operation.body == body)
        #expect(create.operation.idempotencyKey == key.text)
        #expect(create.operation.requestID == "\(key.traceID)-3")
        #expect(create.operation.signBy == now)
        #expect(create.purpose.isWrite)

        let id = "cus/1"
        let update = Attempt.write(.update(id: id), body: body, key: key, number: 1, signBy: now)
        #expect(update.operation.method == .patch)
        #expect(update.operation.path == "/customers/cus%2F1")
        #expect(update.purpose.isWrite)
    }

    @Test("A request's name has room in the 64 characters that the server adopts")
    func requestID() {
        let attempt = Attempt.write(.update(id: "c"), body: [], key: key, number: .max, signBy: now)
        #expect((attempt.operation.requestID?.utf8.count ?? 99) <= 64)
    }

    @Test("Reads are no writes, and the probe asks for one customer")
    func reads() {
        #expect(!Attempt.read(.id("cus_1")).purpose.isWrite)
        #expect(!Attempt.probe.purpose.isWrite)
        #expect(Attempt.probe.operation.path == "/customers")
        #expect(Attempt.probe.operation.query.map(\.name) == ["limit"])
        #expect(Attempt.probe.operation.query.map(\.value) == ["1"])
    }

    @Test(
        "It sends once, whatever comes back",
        arguments: [200, 301, 400, 401, 404, 409, 422, 429, 500, 503]
    )
    func once(_ status: Int) async {
        let transport = ScriptedTransport(answers: [.failure(status, "rate_limited")])
        let client = client(transport)
        let draft = CustomerDraft(email: "ada@example.com")
        let attempt = Attempt.write(.create(draft), body: body, key: key, number: 1, signBy: now)
        let answer = await attempt.run(with: client)
        #expect(answer.status == status)
        #expect(transport.requests.count == 1)
        #expect(transport.requests.first?.body == body)
        _ = await Attempt.read(.email("ada@example.com")).run(with: client)
        _ = await Attempt.probe.run(with: client)
        #expect(transport.requests.count == 3)
    }

    @Test("An intent that is too old is not sent")
    func expired() async {
        let transport = ScriptedTransport(answers: [.failure(500, "x")])
        let early = now - .milliseconds(1)
        let attempt = Attempt.write(
            .update(id: "c"),
            body: body,
            key: key,
            number: 1,
            signBy: early
        )
        let answer = await attempt.run(with: client(transport))
        guard case .intentExpired = answer.meaning else {
            Issue.record("\(answer.meaning)")
            return
        }
        #expect(transport.requests.isEmpty)
    }

    private func client(_ transport: ScriptedTransport) -> PlugipayClient {
        let time = ManualLocalClock(.milliseconds(now.millisecondsSince1970))
        return PlugipayClient(
            configuration: .scripted,
            transport: transport,
            clock: ServerClock(local: time.local)
        )
    }
}
