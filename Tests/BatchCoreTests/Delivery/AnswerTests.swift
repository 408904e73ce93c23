import Plugipay
import Testing

@testable import BatchCore

@Suite("What an answer means")
struct AnswerTests {
    private let draft = CustomerDraft(externalId: "user_1", email: "ada@example.com")
    private static let ours = SampleBody.data(#"{"id":"cus_1","externalId":"user_1"}"#)

    // MARK: Writes

    /// The table of the design, line by line.
    static let writes: [(Int, SampleBody, MeaningKind)] =
        [
            (200, ours, .applied), (201, ours, .applied),
            // A success that does not speak of this row, or cannot be read.
            (201, .data(#"{"id":"cus_1","externalId":"user_2"}"#), .inDoubt),
            (201, .data(#"{"id":"cus_1"}"#), .inDoubt),
            (201, .data(#"{"externalId":"user_1"}"#), .inDoubt),
            (201, .data(#"{"id":"","externalId":"user_1"}"#), .inDoubt),
            (201, .data(#"[{"id":"cus_1","externalId":"user_1"}]"#), .inDoubt),
            (201, .data("null"), .inDoubt), (201, .data(#""cus_1""#), .inDoubt),
            (201, .error("conflict"), .inDoubt), (202, .html, .inDoubt), (204, .empty, .inDoubt),
            (200, .raw(#"{"id":"cus_1","externalId":"user_1"}"#), .inDoubt),
            (200, .raw(#"{"data":{"id":"cus_1","externalId":"user_1"}"#), .inDoubt),
            // The row.
            (400, .error("validation_error"), .rejected), (413, .error("too_large"), .rejected),
            (422, .error("validation_error"), .rejected),
            (402, .error("plan_limit"), .rejected), (410, .error("gone"), .rejected),
            // The externalId, the key.
            (409, .error("conflict"), .taken), (409, .error("CONFLICT"), .taken),
            (409, .error("idempotency_mismatch"), .keyMismatch),
            (409, .error("IDEMPOTENCY_KEY_IN_USE"), .keyMismatch),
            (422, .error("idempotency_mismatch"), .keyMismatch),
            // The run.
            (401, .error("invalid_signature"), .refused), (401, .html, .refused),
            (401, .empty, .refused), (403, .error("insufficient_scope"), .refused),
            (403, .html, .refused), (405, .html, .refused), (415, .html, .refused),
            (404, .error("not_found"), .refused), (404, .html, .refused),
            // The clock.
            (401, .error("timestamp_skew"), .clockRefused),
            (401, .error("INVALID_TIMESTAMP"), .clockRefused),
            (403, .error("timestamp_skew"), .refused),
            // The pace.
            (429, .error("rate_limited"), .throttled), (429, .html, .throttled),
            (429, .empty, .throttled),
        ] + doubts

    /// Whatever may come from something between us and the API.
    static let doubts: [(Int, SampleBody, MeaningKind)] =
        [400, 402, 409, 410, 413, 422].flatMap { status in
            [SampleBody.html, .empty].map { (status, $0, MeaningKind.inDoubt) }
        }
        + [300, 301, 302, 307, 308, 408, 500, 502, 503, 504, 599].flatMap { status in
            [SampleBody.html, .error("internal_error")].map { (status, $0, MeaningKind.inDoubt) }
        }

    @Test("A create", arguments: writes)
    func create(_ status: Int, _ body: SampleBody, _ kind: MeaningKind) {
        let answer = Answer.toCreate(of: draft, .success(body.answer(status)))
        #expect(MeaningKind(answer) == kind)
        #expect(answer.status == status)
    }

    @Test("A PATCH", arguments: writes.filter { $0.2 != .applied })
    func update(_ status: Int, _ body: SampleBody, _ kind: MeaningKind) {
        // An update knows its customer by the id, whatever the externalId is.
        guard status >= 300 else { return }
        let answer = Answer.toUpdate(
            of: "cus_1",
            .success(body.answer(status, method: .patch))
        )
        #expect(MeaningKind(answer) == kind)
    }

    @Test(
        "A PATCH is answered with the customer that was to be changed, or is in doubt",
        arguments: [
            (#"{"id":"cus_1"}"#, .applied), (#"{"id":"cus_2"}"#, .inDoubt),
            (#"{"id":"CUS_1"}"#, .inDoubt), ("null", .inDoubt),
        ] as [(String, MeaningKind)]
    )
    func updatedCustomer(_ json: String, _ kind: MeaningKind) {
        let response = SampleBody.data(json).answer(200, method: .patch)
        #expect(MeaningKind(Answer.toUpdate(of: "cus_1", .success(response))) == kind)
    }

    @Test(
        "A row without an externalId knows its customer by e-mail, else name, else all it sent",
        arguments: [
            (CustomerDraft(email: "Ada@Example.com"), #""email":" ada@example.com""#, .applied),
            (CustomerDraft(email: "a@example.com"), #""email":"b@example.com""#, .inDoubt),
            (
                CustomerDraft(email: "a@example.com", name: "A"), #""email":"a@example.com""#,
                .applied
            ),
            (CustomerDraft(name: "Ada", phone: "1"), #""name":"Ada""#, .applied),
            (CustomerDraft(name: "Ada"), #""name":"ada""#, .inDoubt),
            (CustomerDraft(phone: "1", taxId: "2"), #""phone":"1","taxId":"2""#, .applied),
            (CustomerDraft(phone: "1", taxId: "2"), #""phone":"1""#, .inDoubt),
        ] as [(CustomerDraft, String, MeaningKind)]
    )
    func anchor(_ draft: CustomerDraft, _ members: String, _ kind: MeaningKind) {
        let response = SampleBody.data(#"{"id":"cus_1",\#(members)}"#).answer(201)
        #expect(MeaningKind(Answer.toCreate(of: draft, .success(response))) == kind)
    }

    // MARK: Look-ups

    @Test(
        "A look-up",
        arguments: [
            (200, .data("[]"), .found), (200, .data(#"[{"id":"cus_1"}]"#), .found),
            (200, .data(#"{"id":"cus_1"}"#), .found), (200, .data("null"), .inDoubt),
            (200, .data("7"), .inDoubt), (200, .data(#"[{"id":"cus_1"},{}]"#), .inDoubt),
            (200, .html, .inDoubt), (204, .empty, .inDoubt), (200, .error("x"), .inDoubt),
            (302, .html, .refused), (308, .error("moved"), .refused), (401, .html, .refused),
            (403, .error("insufficient_scope"), .refused), (404, .error("not_found"), .refused),
            (408, .html, .inDoubt), (429, .html, .throttled), (500, .html, .inDoubt),
            (503, .error("service_unavailable"), .inDoubt),
            (401, .error("timestamp_skew"), .clockRefused),
        ] as [(Int, SampleBody, MeaningKind)]
    )
    func lookUp(_ status: Int, _ body: SampleBody, _ kind: MeaningKind) {
        let response = body.answer(status, method: .get)
        #expect(MeaningKind(Answer.toLookUp(.email("a@b.example"), .success(response))) == kind)
    }

    @Test("Not found by its id is an answer, unless something else than the API says so")
    func lookUpOfID() {
        let absent = SampleBody.error("not_found").answer(404, method: .get)
        let answer = Answer.toLookUp(.id("cus_1"), .success(absent))
        guard case .found(let records, let hasMore) = answer.meaning else {
            Issue.record("\(answer.meaning)")
            return
        }
        #expect(records.isEmpty && !hasMore)
        let page = SampleBody.html.answer(404, method: .get)
        #expect(MeaningKind(Answer.toLookUp(.id("cus_1"), .success(page))) == .refused)
    }

    @Test(
        "Whether there is more is told, or follows from the cursor",
        arguments: [
            (#"{"hasMore":true,"cursor":"c"}"#, true), (#"{"hasMore":false}"#, false),
            (#"{"hasMore":false,"cursor":"c"}"#, false), (#"{"cursor":"c"}"#, true), ("{}", false),
            (#"{"page":{"hasMore":true}}"#, true), (#"{"page":{"nextCursor":"c"}}"#, true),
        ]
    )
    func more(_ meta: String, _ expected: Bool) {
        let body = SampleBody.raw(#"{"data":[{"id":"cus_1"}],"error":null,"meta":\#(meta)}"#)
        let answer = Answer.toLookUp(.externalID("x"), .success(body.answer(200, method: .get)))
        guard case .found(let records, let hasMore) = answer.meaning else {
            Issue.record("\(answer.meaning)")
            return
        }
        #expect(records.map(\.id) == ["cus_1"])
        #expect(hasMore == expected)
    }

    // MARK: No answer

    @Test(
        "Without an answer it counts whether anything can have left this machine",
        arguments: [
            (.networkError, true, .inDoubt), (.networkError, false, .unsent),
            (.timeout, true, .inDoubt), (.timeout, false, .unsent),
            (.canceled, true, .inDoubt), (.canceled, false, .unsent),
            (.responseTooLarge, true, .inDoubt), (.invalidResponse, true, .inDoubt),
            (.invalidCertificate, false, .refused), (.invalidRequest, false, .refused),
            (.signingExpired, false, .intentExpired),
        ] as [(PlugipayError.Code, Bool, MeaningKind)]
    )
    func failures(_ code: PlugipayError.Code, _ mayHaveReached: Bool, _ kind: MeaningKind) {
        let error = PlugipayError(code: code, message: "m", mayHaveReachedServer: mayHaveReached)
        for answer in [
            Answer.toCreate(of: draft, .failure(error)),
            .toUpdate(of: "cus_1", .failure(error)),
            .toLookUp(.id("cus_1"), .failure(error)),
        ] {
            #expect(MeaningKind(answer) == kind)
            #expect(answer.status == 0)
            #expect(answer.requestID == nil)
            if let fault = answer.fault { #expect(fault.code == code.name) }
        }
    }

    // MARK: What is filed

    @Test("An error is filed with status, lower-case code, message and field")
    func fault() {
        let response = SampleBody.error("VALIDATION_ERROR").answer(422)
        let answer = Answer.toCreate(of: draft, .success(response))
        let expected = Answer.Fault(
            status: 422,
            code: "validation_error",
            message: "m",
            field: "email"
        )
        #expect(answer.fault == expected)
    }

    @Test("A 429 tells how long to wait, if the server says")
    func retryAfter() {
        for (value, expected) in [("7", Duration.seconds(7)), ("soon", nil)] {
            let response = SampleBody.html.answer(429, headers: ["Retry-After": value])
            let answer = Answer.toCreate(of: draft, .success(response))
            guard case .throttled(let wait) = answer.meaning else {
                Issue.record("\(answer.meaning)")
                continue
            }
            #expect(wait == expected)
        }
    }

    @Test("The record of a success and the server's name for the request are kept")
    func applied() {
        let answer = Answer.toCreate(of: draft, .success(Self.ours.answer(201)))
        guard case .applied(let record) = answer.meaning else {
            Issue.record("\(answer.meaning)")
            return
        }
        #expect(record.id == "cus_1")
        #expect(answer.requestID == "req_1")
    }
}
