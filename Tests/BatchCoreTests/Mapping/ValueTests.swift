import BatchCore
import Plugipay
import RowIO
import Testing

@Suite("Values")
struct ValueTests {
    @Test(
        "Blanks and tabs at both ends of a field are dropped, and nothing else",
        arguments: [
            (" Ada Lovelace\t", "Ada Lovelace"), ("\u{A0}Ada", "\u{A0}Ada"),
            ("Ada\n", "Ada\\n"), ("O'Neil \"Bob\"", "O'Neil \\\"Bob\\\""),
            ("Andre\u{301}", "Andre\u{301}"),
        ]
    )
    func trimming(_ text: String, _ value: String) throws {
        let rows = try SampleInput.csv(["name"], [[text]]).mapped()
        #expect(rows.map(\.body) == ["{\"name\":\"\(value)\"}"])
    }

    @Test("An empty cell, a blank one and a missing one are absent fields")
    func absent() throws {
        let input = SampleInput.csv(
            ["email", "name", "phone"],
            [["", " \t ", nil], ["a", "", "1"]]
        )
        #expect(try input.mapped().map(\.body) == ["{}", #"{"email":"a","phone":"1"}"#])
    }

    @Test("Members stand in the order of the canonical body, whatever the columns' order")
    func order() throws {
        let header = ["metadata.b", "taxId", "phone", "metadata.a", "name", "email", "externalId"]
        let rows = try SampleInput.csv(header, [["2", "t", "p", "1", "n", "e", "x"]]).mapped()
        let body = """
            {"externalId":"x","email":"e","name":"n","phone":"p","taxId":"t",\
            "metadata":{"a":"1","b":"2"}}
            """
        #expect(rows.map(\.body) == [body])
    }

    @Test("A row leaves nothing behind in the draft for the next one")
    func reuse() throws {
        let input = SampleInput.csv(
            ["email", "name", "metadata.a"],
            [["a@b.example", "Ada", "1"], ["c@d.example", "", ""], ["", "Bob", ""]]
        )
        #expect(
            try input.mapped().map(\.body) == [
                #"{"email":"a@b.example","name":"Ada","metadata":{"a":"1"}}"#,
                #"{"email":"c@d.example"}"#, #"{"name":"Bob"}"#,
            ]
        )
    }

    @Test("A row that could not be read is an empty draft and says nothing of its own")
    func unreadable() throws {
        var input = SampleInput.csv(["email"], [["a@b.example"]])
        input.batch.rows[0].isReadable = false
        #expect(try input.mapped() == [MappedRow(body: "{}", issues: [])])
    }

    @Test("Numbers and booleans are their literal text; arrays and objects are no text")
    func kinds() throws {
        let input = SampleInput.objects([
            [("externalId", .number("1.50e3")), ("name", .boolean(true))],
            [("email", .array("[1]")), ("name", .emptyObject), ("phone", .text(" 1 "))],
            [("taxId", .object([("a", .text("1")), ("b", .text("2"))]))],
        ])
        var mapper = try input.objectMapper()
        let rows = input.map(with: &mapper)
        #expect(rows[0] == MappedRow(body: #"{"externalId":"1.50e3","name":"true"}"#, issues: []))
        #expect(rows[1].body == #"{"phone":"1"}"#)
        #expect(rows[1].issues.map(\.field) == ["email", "name"])
        #expect(rows[1].codes == ["invalid_type", "invalid_type"])
        #expect(
            rows[2].issues.map(\.message) == [
                "taxId: expected a text, a number, true or false, found an object"
            ]
        )
        #expect(throws: Never.self) { try mapper.finish() }
    }

    @Test("The draft shows its fields and pairs by their places in its bytes")
    func places() throws {
        let input = SampleInput.csv(["email", "metadata.k"], [[" a@b.example ", " v "]])
        var mapper = try input.mapper()
        var draft = RowDraft()
        var issues: [FieldIssue] = []
        mapper.map(
            input.batch.rows[0],
            of: input.batch,
            columns: input.columns,
            into: &draft,
            issues: &issues
        )
        #expect(draft.text(of: .email) == "a@b.example")
        #expect(draft[.name] == nil)
        let pair = try #require(draft.metadata?.first)
        #expect(String(decoding: draft.bytes[pair.key], as: UTF8.self) == "k")
        #expect(String(decoding: draft.bytes[pair.value], as: UTF8.self) == " v ")
    }
}
