import Testing

@testable import Plugipay

@Suite struct EnvelopeTests {
    @Test("a record, its bytes and the meta data are found, whatever stands around them")
    func record() throws {
        let envelope = try parse(
            #"""
            { "api": [1, {"x": []}], "meta": {"requestId": "req_1", "extra": {"page": 1},
              "timestamp": "2026-05-12T10:42:00.123Z"}, "error": null,
              "data": {"id":"cus_1","later":{"a":[true]}} }
            """#
        )
        guard case .object(let range) = envelope.data else {
            Issue.record("no object")
            return
        }
        #expect(text(envelope.bytes(range)) == #"{"id":"cus_1","later":{"a":[true]}}"#)
        #expect(envelope.error == nil)
        #expect(envelope.meta.requestID == "req_1")
        #expect(envelope.meta.timestamp?.iso8601 == "2026-05-12T10:42:00.123Z")
        #expect(envelope.meta.isTimestampExact)
    }

    @Test(
        "both forms of list meta data are read, the real one first",
        arguments: [
            (#"{"cursor":"c1","hasMore":true}"#, "c1", true),
            (#"{"page":{"limit":100,"nextCursor":"c2","hasMore":true}}"#, "c2", true),
            (
                #"{"page":{"nextCursor":"c2","hasMore":true},"cursor":"c1","hasMore":false}"#, "c1",
                false
            ),
            (#"{"cursor":null,"hasMore":false}"#, nil, false),
            (#"{"cursor":"","hasMore":true}"#, nil, true),
            (#"{"cursor":"c1"}"#, "c1", nil),
            (#"{"page":null,"hasMore":"yes"}"#, nil, nil),
            ("null", nil, nil),
        ] as [(String, String?, Bool?)]
    )
    func lists(meta: String, cursor: String?, hasMore: Bool?) throws {
        let envelope = try parse(#"{"data":[{"id":"a"}, {"id":"b"}],"error":null,"meta":\#(meta)}"#)
        #expect(envelope.meta.cursor == cursor)
        #expect(envelope.meta.hasMore == hasMore)
        guard case .array(let items) = envelope.data else {
            Issue.record("no list")
            return
        }
        #expect(items.map { text(envelope.bytes($0)) } == [#"{"id":"a"}"#, #"{"id":"b"}"#])
    }

    @Test(
        "an error names the field as param or as field",
        arguments: [
            (#"{"code":"C","message":"m","param":"email","field":"x"}"#, "email"),
            (#"{"code":"C","message":"m","field":"x","details":{"a":[]}}"#, "x"),
            (#"{"code":"C","message":"m","param":null}"#, nil),
        ] as [(String, String?)]
    )
    func errors(error: String, field: String?) throws {
        let envelope = try parse(#"{"data":null,"error":\#(error)}"#)
        #expect(envelope.data == .none)
        #expect(envelope.error == .init(code: "C", message: "m", field: field))
    }

    @Test("an empty body is empty", arguments: ["", " \r\n", "\u{FEFF}"])
    func empty(body: String) {
        guard case .empty = Envelope.read(Array(body.utf8)) else {
            Issue.record("not empty")
            return
        }
    }

    @Test(
        "anything else is not the API's",
        arguments: [
            "<html><body>502</body></html>", "[]", "{}", #"{"meta":{}}"#, #"{"message":"no"}"#,
            #"{"error":"Bad Gateway"}"#, #"{"data":null"#, #"{"data":null}}"#, "null", "OK",
            #"{"data":[1,2,"#,
        ]
    )
    func other(body: String) {
        guard case .other = Envelope.read(Array(body.utf8)) else {
            Issue.record("taken for the API's")
            return
        }
    }

    @Test("a list with more items than any page has is refused")
    func tooMany() {
        let items = [String](repeating: "1", count: Envelope.maximumItems + 1)
        guard
            case .other = Envelope.read(Array(#"{"data":[\#(items.joined(separator: ","))]}"#.utf8))
        else {
            Issue.record("taken")
            return
        }
    }

    @Test("a customer is read with nulls, escapes, numbers and unknown members")
    func customer() throws {
        let json = Array(
            #"""
            {"id":"cus_1","arn":null,"accountId":"acc_1","externalId":7,"email":"a\u0040b.example",
             "na\u006de":"Caf\u00e9","phone":null,"extra":{"id":"no"},"taxId":["x"],
             "metadata":{"a":"1","b":2,"c":null,"d":[1, 2],"a":"3"},
             "createdAt":"2026-05-12T10:42:00Z","updatedAt":"yesterday"}
            """#.utf8
        )
        let customer = try #require(Customer(json: json))
        #expect(customer.id == "cus_1")
        #expect(customer.arn == nil)
        #expect(customer.accountId == "acc_1")
        #expect(customer.externalId == "7")
        #expect(customer.email == "a@b.example")
        #expect(customer.name == "Café")
        #expect(customer.phone == nil)
        #expect(customer.taxId == nil)
        #expect(customer.metadata == ["a": "3", "b": "2", "d": "[1, 2]"])
        #expect(customer.createdAt?.iso8601 == "2026-05-12T10:42:00.000Z")
        #expect(customer.updatedAt == nil)
        #expect(customer.updatedAtText == "yesterday")
    }

    @Test(
        "what has no id is no customer",
        arguments: ["{}", "[]", #"{"id":null}"#, #"{"id":"a"} x"#]
    )
    func noCustomer(json: String) {
        #expect(Customer(json: Array(json.utf8)) == nil)
    }

    private func parse(_ body: String) throws -> Envelope {
        guard case .envelope(let envelope) = Envelope.read(Array(body.utf8)) else {
            throw NotAnEnvelope()
        }
        return envelope
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private struct NotAnEnvelope: Error {}
}
