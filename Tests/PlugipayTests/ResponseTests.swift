import Testing

@testable import Plugipay

@Suite struct ResponseTests {
    @Test(
        "Retry-After is read as seconds or as a date from the answer's own Date, and bounded",
        arguments: [
            ("0", .zero), ("7", .seconds(7)), (" 120\t", .seconds(120)),
            ("Thu, 01 Jan 2026 00:01:30 GMT", .seconds(90)),
            ("Wed, 31 Dec 2025 00:00:00 GMT", .zero),
            ("99999999999999999999999", Response.longestRetryAfter),
            ("100000000", Response.longestRetryAfter),
            ("Thu, 01 Jan 2099 00:00:00 GMT", Response.longestRetryAfter),
            ("-1", nil), ("1.5", nil), ("soon", nil), ("", nil), ("١", nil),
        ] as [(String, Duration?)]
    )
    func retryAfter(text: String, wait: Duration?) {
        let response = response(headers: [
            "retry-after": text, "DATE": "Thu, 01 Jan 2026 00:00:00 GMT",
        ])
        #expect(response.retryAfter == wait)
    }

    @Test("rate limit headers are integers or nothing")
    func rateLimit() {
        let limit = response(headers: [
            "x-ratelimit-limit": "20", "X-RateLimit-Remaining": " 3 ", "X-RateLimit-Reset": "soon",
        ]).rateLimit
        #expect(limit == RateLimit(limit: 20, remaining: 3, reset: nil))
        #expect(response().rateLimit == RateLimit())
    }

    @Test("the request id is that of the header, else that of the body")
    func requestID() {
        let body = #"{"data":null,"meta":{"requestId":"req_body"}}"#
        #expect(response(200, body, headers: ["x-request-id": "req_1"]).requestID == "req_1")
        #expect(response(200, body).requestID == "req_body")
        #expect(response(200, "<html>").requestID == nil)
    }

    @Test(
        "an error answer becomes an error with the server's code, whatever the status",
        arguments: [
            (409, #"{"data":null,"error":{"code":"CONFLICT","message":"taken"}}"#, "conflict"),
            (200, #"{"data":null,"error":{"code":"not_found"}}"#, "not_found"),
            (500, #"{"data":null,"error":{}}"#, "unknown"),
            (418, #"{"data":null,"error":{"code":"Teapot"}}"#, "teapot"),
            (404, "", "unknown"),
            (302, "", "unknown"),
            (502, "<html>Bad Gateway</html>", "invalid_response"),
            (200, "<html>Log in</html>", "invalid_response"),
            (201, #"{"data":{"id":"#, "invalid_response"),
        ]
    )
    func errors(status: Int, body: String, code: String) throws {
        let error = try #require(response(status, body).failure)
        #expect(error.status == status)
        #expect(error.code.name == code)
        #expect(error.mayHaveReachedServer)
    }

    @Test("codes are equal whatever their case, and keep their text")
    func codes() {
        #expect(PlugipayError.Code("CONFLICT") == .conflict)
        #expect(PlugipayError.Code("CONFLICT").text == "CONFLICT")
        #expect(Set([PlugipayError.Code("Conflict"), .conflict]).count == 1)
        #expect(PlugipayError.Code("IDEMPOTENCY_KEY_IN_USE").isAboutIdempotency)
        #expect(!PlugipayError.Code.conflict.isAboutIdempotency)
        #expect(PlugipayError.Code("TIMESTAMP_SKEW").isAboutTimestamp)
    }

    @Test("an error says all that support needs, in one line")
    func description() throws {
        let error = try #require(
            response(
                400,
                #"{"error":{"code":"Validation_Error","message":"too long","param":"name"}}"#,
                headers: ["X-Request-Id": "req_9", "Retry-After": "2"]
            ).failure
        )
        #expect(
            error.description
                == "plugipay: Validation_Error: too long (status=400, field=name, requestId=req_9)"
        )
        #expect(error.retryAfter == .seconds(2))
    }

    @Test("a strange body is quoted, at most 200 characters of it")
    func quoted() throws {
        let body = String(repeating: "é", count: 1000)
        let error = try #require(response(502, body).failure)
        #expect(error.message.filter { $0 == "é" }.count == 200)
    }

    @Test("a success without a body is a success without data", arguments: [200, 204])
    func empty(status: Int) throws {
        #expect(try response(status, "").checked().data == .none)
    }

    private func response(
        _ status: Int = 200,
        _ body: String = "",
        headers: Headers = Headers()
    ) -> Response {
        Response(
            method: .get,
            status: status,
            headers: headers,
            body: Array(body.utf8),
            sentAt: Timestamp(millisecondsSince1970: 0),
            receivedAt: Timestamp(millisecondsSince1970: 0),
            roundTrip: .zero
        )
    }
}
