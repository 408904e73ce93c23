import BatchCore
import RowIO
import Testing

@Suite("--map")
struct MapFlagTests {
    @Test("--map wins over names, and the losing column is left out and named")
    func wins() throws {
        let input = SampleInput.csv(
            ["email", "work", "id"],
            [["home@b.example", "work@b.example", "7"]]
        )
        var mapper = try input.mapper(["email=work", "externalId=id"])
        #expect(mapper.leftOut == [LeftOutColumn(name: "email", reason: .superseded)])
        let body = #"{"externalId":"7","email":"work@b.example"}"#
        #expect(input.map(with: &mapper).map(\.body) == [body])
    }

    @Test("A column used by --map is not matched by its name as well")
    func usedOnce() throws {
        let input = SampleInput.csv(["phone"], [["0812"]])
        #expect(try input.mapped(["name=phone"]).map(\.body) == [#"{"name":"0812"}"#])
    }

    @Test("One column may fill several fields")
    func several() throws {
        let input = SampleInput.csv(["id"], [["7"]])
        let rows = try input.mapped(["externalId=id", "metadata.crm=id"])
        #expect(rows.map(\.body) == [#"{"externalId":"7","metadata":{"crm":"7"}}"#])
    }

    @Test("--map fills metadata from any column")
    func metadata() throws {
        let input = SampleInput.csv(["attributes", "Tier"], [[#"{"a":"1"}"#, "gold"]])
        let rows = try input.mapped(["metadata=attributes", "metadata.Tier=Tier"])
        #expect(rows.map(\.body) == [#"{"metadata":{"Tier":"gold","a":"1"}}"#])
    }

    @Test("The column is all behind the first equals sign, without blanks around it")
    func parsing() throws {
        let map = try MappingOptions.Map(" tax_id = a=b ")
        #expect(map == MappingOptions.Map(target: .field(.taxId), column: "a=b"))
        let pair = try MappingOptions.Map("metadata.Plan=x")
        #expect(pair.target == .metadataPair(key: "Plan"))
    }

    @Test(
        "A flag that cannot be read says what was expected",
        arguments: [
            ("email", "expected FIELD=COLUMN"), ("email=", "expected FIELD=COLUMN"),
            ("emial=x", "did you mean email?"), ("id=x", "is no field"),
            ("mail=x", "is no field"),
        ]
    )
    func unreadable(_ text: String, _ hint: String) throws {
        let error = try #require(throws: MappingError.self) { try MappingOptions.Map(text) }
        #expect(error.code == .badMap)
        #expect(error.message.contains(hint))
    }

    @Test("Two flags for one field are refused")
    func repeated() throws {
        let error = try #require(throws: MappingError.self) {
            try MappingOptions(maps: ["email=a", "E-Mail=b"])
        }
        #expect(error.code == .badMap)
    }

    @Test("A column that does not exist is refused with the nearest")
    func missing() throws {
        let error = try #require(throws: MappingError.self) {
            try SampleInput.csv(["Work E-mail", "name"]).mapper(["email=Work Email"])
        }
        #expect(
            error.message.contains(
                #"there is no column "Work Email"; the nearest is "Work E-mail""#
            )
        )
    }

    @Test("Everything that is wrong with a header is told at once")
    func together() throws {
        let error = try #require(throws: MappingError.self) {
            try SampleInput.csv(["mobile", "phone", "shoes"]).mapper(["email=nowhere"])
        }
        #expect(error.code == .unknownColumn)
        for part in ["\"shoes\"", "both fill phone", "no column \"nowhere\""] {
            #expect(error.message.contains(part))
        }
    }

    @Test("A JSON path names a nested member")
    func path() throws {
        let input = SampleInput.objects([
            [("customer", .object([("mail", .text("a@b.example"))]))],
            [("attributes", .object([("plan", .text("gold")), ("n", .number("1.50"))]))],
        ])
        var mapper = try input.objectMapper(["email=customer.mail", "metadata=attributes"])
        #expect(
            input.map(with: &mapper).map(\.body) == [
                #"{"email":"a@b.example"}"#, #"{"metadata":{"n":"1.50","plan":"gold"}}"#,
            ]
        )
        #expect(throws: Never.self) { try mapper.finish() }
    }
}
