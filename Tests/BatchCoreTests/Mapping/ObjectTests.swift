import BatchCore
import RowIO
import Testing

@Suite("Members of JSON Lines")
struct ObjectTests {
    private static let email = ("email", SampleInput.Value.text("a@b.example"))

    @Test("Unknown members refuse the run, each named where it first appeared")
    func refusedRun() throws {
        let input = SampleInput.objects([
            [Self.email], [("emial", .text("a")), Self.email],
            [("emial", .text("a")), ("address", .object([("city", .text("x"))]))],
        ])
        var mapper = try input.objectMapper()
        #expect(input.map(with: &mapper).map(\.codes) == [[], [], []])
        let error = try #require(throws: MappingError.self) { try mapper.finish() }
        #expect(error.code == .unknownColumn)
        #expect(
            error.message.hasPrefix(
                """
                people.jsonl: 2 unknown columns: "emial" (row 2, line 3; did you mean email?), \
                "address.city" (row 3, line 4).
                """
            )
        )
    }

    @Test("In a stream an unknown member makes its row invalid, and only that")
    func refusedRow() throws {
        let input = SampleInput.objects([[Self.email], [("emial", .text("a"))], [Self.email]])
        var mapper = try input.objectMapper(unknown: .refuseRow)
        let rows = input.map(with: &mapper)
        #expect(rows.map(\.codes) == [[], ["unknown_column"], []])
        #expect(rows[1].issues[0].field == "emial")
        #expect(rows[1].issues[0].message.contains("did you mean email?"))
        #expect(throws: Never.self) { try mapper.finish() }
    }

    @Test("Unknown members are left out on request, each told once")
    func ignored() throws {
        let input = SampleInput.objects([
            [("x", .text("1")), Self.email], [("x", .text("1")), Self.email],
        ])
        var mapper = try input.objectMapper(ignoring: true)
        #expect(input.map(with: &mapper).map(\.codes) == [[], []])
        #expect(mapper.leftOut == [LeftOutColumn(name: "x", reason: .unknown)])
        #expect(throws: Never.self) { try mapper.finish() }
    }

    @Test("Each object decides by itself whether it is an export of ours")
    func ownExport() throws {
        let record: [(String, SampleInput.Value)] = [
            ("id", .text("cus_1")), ("tier", .number("1")), Self.email, ("mobile", .text("2")),
            ("phone", .text("1")), ("accountId", .text("acc_1")), ("createdAt", .text("2026")),
        ]
        let input = SampleInput.objects([record, [("id", .text("7")), Self.email]])
        var mapper = try input.objectMapper(unknown: .refuseRow)
        let rows = input.map(with: &mapper)
        #expect(
            rows[0] == MappedRow(body: #"{"email":"a@b.example","phone":"1"}"#, issues: [])
        )
        #expect(rows[1].codes == ["unknown_column"])
        #expect(rows[1].issues[0].message.contains("--map externalId=id"))
        #expect(mapper.leftOut.isEmpty)
    }

    @Test("An id is left out beside an externalId, in that object")
    func idBesideExternalId() throws {
        let input = SampleInput.objects([
            [("id", .number("7")), ("externalId", .text("u7"))], [("id", .text(" ")), Self.email],
            [("id", .number("8")), ("externalId", .text(""))],
        ])
        var mapper = try input.objectMapper(unknown: .refuseRow)
        #expect(input.map(with: &mapper).map(\.codes) == [[], [], ["unknown_column"]])
        #expect(mapper.leftOut == [LeftOutColumn(name: "id", reason: .writtenByServer)])
    }

    @Test("The server's members are left out of other objects, and told")
    func otherObjects() throws {
        let input = SampleInput.objects([
            [("arn", .text("a")), ("createdAt", .text("2026")), Self.email]
        ])
        var mapper = try input.objectMapper()
        _ = input.map(with: &mapper)
        #expect(mapper.leftOut.map(\.name) == ["arn", "createdAt"])
    }

    @Test("Two members that fill one field refuse the run, or their row in a stream")
    func conflict() throws {
        let input = SampleInput.objects([
            [("mobile", .text("1")), ("phone", .text("2"))],
            [("mobile", .text("1")), ("phone", .text(""))],
        ])
        var mapper = try input.objectMapper()
        #expect(input.map(with: &mapper).map(\.codes) == [[], []])
        let error = try #require(throws: MappingError.self) { try mapper.finish() }
        #expect(error.code == .conflictingColumns)
        #expect(error.message.contains(#"row 1, line 2: the columns "mobile" and "phone""#))

        var streaming = try input.objectMapper(unknown: .refuseRow)
        let rows = input.map(with: &streaming)
        #expect(rows.map(\.codes) == [["duplicate_member"], []])
        #expect(rows[1].body == #"{"phone":"1"}"#)
    }

    @Test("A mapped member that no object has is told at the end")
    func missing() throws {
        let input = SampleInput.objects([[Self.email]])
        var mapper = try input.objectMapper(["externalId=key"])
        _ = input.map(with: &mapper)
        let error = try #require(throws: MappingError.self) { try mapper.finish() }
        #expect(error.code == .missingColumn)
    }

    @Test("Columns that appear in a later batch get their roles then")
    func growth() throws {
        let first = SampleInput.objects([[Self.email]])
        let both = SampleInput.objects([[Self.email], [("name", .text("Ada"))]])
        var mapper = try first.objectMapper()
        #expect(first.map(with: &mapper).map(\.body) == [#"{"email":"a@b.example"}"#])
        #expect(both.map(with: &mapper).last?.body == #"{"name":"Ada"}"#)
    }
}
