import BatchCore
import RowIO
import Testing

@Suite("Metadata")
struct MetadataTests {
    @Test(
        "A cell with a JSON object becomes pairs of texts",
        arguments: [
            (#"{"plan":"gold"}"#, #"{"plan":"gold"}"#),
            (#" { "b" : 1.50 , "a" : true } "#, #"{"a":"true","b":"1.50"}"#),
            (#"{"a":""}"#, #"{"a":""}"#),
            (#"{"a":" x "}"#, #"{"a":" x "}"#),
            (#"{"a":null,"b":"1"}"#, #"{"b":"1"}"#),
            (#"{"\u00e9\n":"\ud83d\ude00"}"#, #"{"é\n":"😀"}"#),
            (#"{"b":"1","10":"2","9":"3","a":"4"}"#, #"{"9":"3","10":"2","a":"4","b":"1"}"#),
            ("{}", "{}"), (" { } ", "{}"),
        ]
    )
    func cell(_ text: String, _ metadata: String) throws {
        let rows = try SampleInput.csv(["metadata"], [[text]]).mapped()
        #expect(rows == [MappedRow(body: #"{"metadata":\#(metadata)}"#, issues: [])])
    }

    @Test(
        "An empty cell, and an object of nulls only, say nothing",
        arguments: ["", "  ", #"{"a":null}"#]
    )
    func absent(_ text: String) throws {
        let rows = try SampleInput.csv(["metadata"], [[text]]).mapped()
        #expect(rows == [MappedRow(body: "{}", issues: [])])
    }

    @Test(
        "What is no object of texts is refused",
        arguments: [
            ("gold", "invalid_metadata"), (#""gold""#, "invalid_metadata"),
            ("[]", "invalid_metadata"), ("12", "invalid_metadata"), ("null", "invalid_metadata"),
            (#"{"a":"1""#, "invalid_metadata"), (#"{"a":"1"} x"#, "invalid_metadata"),
            (#"{a:1}"#, "invalid_metadata"), (#"{"a":{"b":"1"}}"#, "invalid_metadata"),
            (#"{"a":{}}"#, "invalid_metadata"), (#"{"a":[]}"#, "invalid_metadata"),
            (#"{"a":["1"]}"#, "invalid_metadata"), (#"{"a":"1","a":"1"}"#, "duplicate_member"),
            (#"{"a":"1","\u0061":"2"}"#, "duplicate_member"),
        ]
    )
    func refused(_ text: String, _ code: String) throws {
        let rows = try SampleInput.csv(["metadata"], [[text]]).mapped()
        #expect(rows.first?.codes == [code])
    }

    @Test("A message names the pair and never the value")
    func message() throws {
        let input = SampleInput.csv(["metadata"], [[#"{"plan":["gold"]}"#]])
        let issue = try #require(try input.mapped().first?.issues.first)
        #expect(issue.field == "metadata.plan")
        #expect(!issue.message.contains("gold"))
    }

    @Test("Columns of their own add pairs; their empty cells are none, their blanks stay")
    func columns() throws {
        let input = SampleInput.csv(
            ["metadata", "metadata.plan", "Metadata.Tier x"],
            [[#"{"a":"1"}"#, " gold ", "2"], ["", "", "2"], ["", "", ""]]
        )
        #expect(
            try input.mapped().map(\.body) == [
                #"{"metadata":{"Tier x":"2","a":"1","plan":" gold "}}"#,
                #"{"metadata":{"Tier x":"2"}}"#, "{}",
            ]
        )
    }

    @Test("A key that object and column both fill is refused; one of the two may be empty")
    func merge() throws {
        let input = SampleInput.csv(
            ["metadata", "metadata.plan"],
            [[#"{"plan":"gold"}"#, "gold"], [#"{"plan":"gold"}"#, ""]]
        )
        let rows = try input.mapped()
        #expect(rows[0].issues.map(\.field) == ["metadata.plan"])
        #expect(rows[0].codes == ["invalid_metadata"])
        #expect(rows[1] == MappedRow(body: #"{"metadata":{"plan":"gold"}}"#, issues: []))
    }

    @Test("An object in JSON Lines is the same as one in a cell")
    func nested() throws {
        let input = SampleInput.objects([
            [
                (
                    "metadata",
                    .object([("plan", .text("")), ("n", .number("1")), ("b", .boolean(true))])
                )
            ],
            [("metadata", .emptyObject)],
            [("metadata", .text(#"{"plan":"gold"}"#))],
            [("metadata", .object([("a", .object([("b", .text("1"))])), ("c", .array("[]"))]))],
            [("metadata", .array("[]"))], [("metadata", .number("1"))],
        ])
        var mapper = try input.objectMapper()
        let rows = input.map(with: &mapper)
        #expect(
            rows.prefix(3).map(\.body) == [
                #"{"metadata":{"b":"true","n":"1","plan":""}}"#, #"{"metadata":{}}"#,
                #"{"metadata":{"plan":"gold"}}"#,
            ]
        )
        #expect(rows[3].issues.map(\.field) == ["metadata.a", "metadata.c"])
        #expect(rows[4].codes == ["invalid_metadata"] && rows[5].codes == ["invalid_metadata"])
    }
}
