import BatchCore
import RowIO
import Testing

@Suite("Headers")
struct HeaderTests {
    @Test(
        "A header names its field to the letter, loosely, or by a synonym",
        arguments: [
            ("email", "email"), ("E-Mail", "email"), (" EMAIL\t", "email"), ("e_mail", "email"),
            ("Email Address", "email"), ("Alamat_Email", "email"), ("surel", "email"),
            ("account.email", "email"), ("Primary Email:", "email"),
            ("name", "name"), ("Full Name", "name"), ("Nama Lengkap", "name"),
            ("contact name", "name"), ("phone", "phone"), ("No. HP", "phone"),
            ("No. Telepon", "phone"), ("WhatsApp", "phone"), ("WA", "phone"),
            ("external_id", "externalId"), ("EXTERNALID", "externalId"),
            ("Customer ID", "externalId"), ("account-number", "externalId"),
            ("taxId", "taxId"), ("NPWP", "taxId"), ("NIK-NPWP", "taxId"), ("VAT", "taxId"),
            ("default_payment_token_id", "defaultPaymentTokenId"),
        ]
    )
    func names(_ header: String, _ field: String) throws {
        let rows = try SampleInput.csv([header], [["x"]]).mapped()
        #expect(rows == [MappedRow(body: #"{"\#(field)":"x"}"#, issues: [])])
    }

    @Test(
        "A name that could mean several things is no synonym",
        arguments: ["id", "ID", "contact", "first name", "last name", "company", "title", "state"]
    )
    func ambiguous(_ header: String) {
        #expect(throws: MappingError.self) { try SampleInput.csv([header]).mapper() }
    }

    @Test("An unknown column is refused with the nearest name and the ways out")
    func unknown() throws {
        let error = try #require(throws: MappingError.self) {
            try SampleInput.csv(["emial", "name"]).mapper()
        }
        #expect(error.code == .unknownColumn)
        #expect(
            error.message == """
                people.csv: 1 unknown column: "emial" (did you mean email?). Fill a field with \
                --map FIELD=COLUMN (fields: externalId, email, name, phone, taxId, \
                defaultPaymentTokenId, metadata, metadata.KEY), or leave unknown columns out \
                with --ignore-unknown-columns
                """
        )
    }

    @Test("All unknown columns are listed in one error")
    func severalUnknown() throws {
        let error = try #require(throws: MappingError.self) {
            try SampleInput.csv(["phnoe", "shoe size", "metdata", "id"]).mapper()
        }
        let list = """
            4 unknown columns: "phnoe" (did you mean phone?), "shoe size", \
            "metdata" (did you mean metadata?), "id" (if it is what you know the customer by, \
            say --map externalId=id).
            """
        #expect(error.message.contains(list))
    }

    @Test("A long list of unknown columns ends with a number")
    func manyUnknown() throws {
        let error = try #require(throws: MappingError.self) {
            try SampleInput.csv((1...25).map { "shoe size \($0)" }).mapper()
        }
        #expect(error.message.contains(#"25 unknown columns: "shoe size 1""#))
        #expect(error.message.contains(#""shoe size 20" and 5 more."#))
    }

    @Test("Unknown columns are left out on request, and named")
    func ignored() throws {
        let input = SampleInput.csv(["email", "shoe size", "id"], [["a@b.example", "43", "7"]])
        var mapper = try input.mapper(ignoring: true)
        #expect(input.map(with: &mapper).map(\.body) == [#"{"email":"a@b.example"}"#])
        #expect(
            mapper.leftOut == [
                LeftOutColumn(name: "shoe size", reason: .unknown),
                LeftOutColumn(name: "id", reason: .unknown),
            ]
        )
    }

    @Test(
        "Two columns that fill one field are an error that names both",
        arguments: [
            (["email", "E-mail"], "email"), (["mobile", "phone"], "phone"),
            (["metadata", "Metadata"], "metadata"),
            (["metadata.plan", "metadata.plan"], "metadata.plan"),
        ]
    )
    func conflict(_ header: [String], _ field: String) throws {
        let error = try #require(throws: MappingError.self) {
            try SampleInput.csv(header).mapper()
        }
        #expect(error.code == .conflictingColumns)
        #expect(
            error.message.hasPrefix(
                "people.csv: the columns \"\(header[0])\" and \"\(header[1])\" both fill \(field)"
            )
        )
    }

    @Test("A column without a name is left out")
    func unnamed() throws {
        let input = SampleInput.csv(["", "email", " \t"], [["0", "a@b.example", "1"]])
        #expect(try input.mapped().map(\.body) == [#"{"email":"a@b.example"}"#])
    }

    @Test("A file of no bytes has no columns to refuse")
    func noHeader() throws {
        #expect(throws: Never.self) { try SampleInput.csv([]).mapper(["email=mail"]) }
    }
}

// MARK: - What the server writes

extension HeaderTests {
    private static let record = ["arn", "accountId", "createdAt", "updatedAt"]

    @Test("An export of ours imports as it is, in silence")
    func ownExport() throws {
        let header = CustomerColumns.export + ["tier", "mobile"]
        let row = [
            "cus_1", "u1", "a@b.example", "", "+62 1", "", "", #"{"plan":"gold"}"#,
            "2026-05-12T10:42:00.123Z", "2026-05-12T10:42:00.123Z", "acc_1", "1", "+62 2",
        ]
        let input = SampleInput.csv(header, [row])
        var mapper = try input.mapper()
        #expect(mapper.leftOut.isEmpty)
        let body = """
            {"externalId":"u1","email":"a@b.example","phone":"+62 1","metadata":{"plan":"gold"}}
            """
        #expect(input.map(with: &mapper) == [MappedRow(body: body, issues: [])])
    }

    @Test("In another file the server's members are left out, and the screen says so")
    func otherFile() throws {
        let header = ["externalId", "id", "arn", "createdAt", "updated_at"]
        let mapper = try SampleInput.csv(header).mapper()
        #expect(
            mapper.leftOut
                == header.dropFirst().map { LeftOutColumn(name: $0, reason: .writtenByServer) }
        )
    }

    @Test("A header that merely resembles an export's keeps its unknown columns")
    func resemblance() {
        let header = ["Account ID", "Created At", "email", "tier"]
        #expect(throws: MappingError.self) { try SampleInput.csv(header).mapper() }
    }

    @Test(
        "An id beside an externalId is left out, however that was found",
        arguments: [
            (["id", "external id"], []), (["id", "customer id"], []),
            (["id", "key"], ["externalId=key"]),
        ] as [([String], [String])]
    )
    func idBesideExternalId(_ header: [String], _ maps: [String]) throws {
        let mapper = try SampleInput.csv(header).mapper(maps)
        #expect(mapper.leftOut == [LeftOutColumn(name: "id", reason: .writtenByServer)])
    }

    @Test("A bare id is refused, and the message proposes to map it")
    func bareId() throws {
        let error = try #require(throws: MappingError.self) {
            try SampleInput.csv(["id", "email"]).mapper()
        }
        #expect(error.code == .unknownColumn)
        #expect(error.message.contains("--map externalId=id"))
    }
}
