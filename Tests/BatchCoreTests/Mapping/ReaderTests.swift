import BatchCore
import Plugipay
import RowIO
import Testing

@Suite("Mapping of what the readers deliver")
struct ReaderTests {
    @Test("A CSV and the same objects in JSON Lines make the same bodies")
    func sameBodies() throws {
        let csv = #"""
            external_id,E-Mail,Full Name,metadata.plan,metadata
            u1, ada@example.com ,"Lovelace, ""Ada""",gold,"{""n"":1.50}"
            u2,,Bob,,{}
            """#
        let lines = #"""
            {"external_id":"u1","E-Mail":"ada@example.com","Full Name":"Lovelace, \"Ada\"",\#
            "metadata":{"plan":"gold","n":1.50}}
            {"metadata":{},"Full Name":" Bob","E-Mail":null,"external_id":"u2"}
            """#
        let bodies = try bodies(of: csv, .csv)
        #expect(bodies == (try self.bodies(of: lines, .jsonl)))
        #expect(bodies.last == #"{"externalId":"u2","name":"Bob","metadata":{}}"#)
    }

    private func bodies(of text: String, _ format: RowFormat) throws -> [String] {
        let source = InputSource.bytes(Array(text.utf8), name: "people")
        let input = try RowInput.open(source, options: InputOptions(format: format))
        let mapping = FieldMapping()
        var mapper =
            format == .csv
            ? try mapping.mapper(forHeader: input.reader.columns, of: "people")
            : mapping.mapper(forObjectsOf: "people", unknown: .refuseRun)
        var (reader, draft, body) = (input.reader, RowDraft(), CanonicalBody())
        var bodies: [String] = []
        while let batch = try reader.next() {
            for row in batch.rows {
                var issues: [FieldIssue] = []
                let columns = reader.columns
                mapper.map(row, of: batch, columns: columns, into: &draft, issues: &issues)
                #expect(issues.isEmpty && row.issues.isEmpty)
                draft.encodeBody(into: &body)
                bodies.append(String(decoding: body.bytes, as: UTF8.self))
            }
        }
        try mapper.finish()
        return bodies
    }
}
