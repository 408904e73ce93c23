import Plugipay
import Testing

@Suite("A file with every difficulty becomes exactly the right book", .serialized)
struct EndToEndDifficultFileTests {
    @Test(
        "On a server that keeps e-mails as they are, and on one that stores them in lower case",
        arguments: [[], ["--fault", "normalize=1"]]
    )
    func book(_ arguments: [String]) async throws {
        let seed = EndToEndSeed.fresh("difficult file")
        let file = EndToEndDifficultFile(rows: 300, seed: seed)
        let isNormalizing = !arguments.isEmpty
        let folder = try CommandLineFolder()
        try folder.write("people.csv", bytes: file.bytes)
        try await EndToEndServer.serving(arguments) { server in
            let run = try await folder.runImport("people.csv", to: server)
            #expect(run.exit == 1)
            let results = try folder.results("people.job")
            let lines = file.rows.map { String($0.line) }
            if let odd = zip(results, lines).first(where: { $0["line"] != $1 }) {
                Issue.record("line \(odd.1) is not a row's first: \(odd.0.cells)")
            }
            try #require(results.count == file.rows.count)
            var people: [String: EndToEndDifficultFile.Person] = [:]
            for (index, (row, result)) in zip(file.rows, results).enumerated() {
                let about = "row \(index + 1), line \(row.line)"
                #expect(result["row"] == "\(index + 1)")
                #expect(result["line"] == "\(row.line)", "\(about)")
                #expect(result.status == row.status, "\(about) \(result.cells)")
                #expect(result["error_code"] == row.code, "\(about)")
                #expect(result.customerID.isEmpty == (row.person == nil), "\(about)")
                guard row.status == "created" else { continue }
                let differs = row.person?.email != row.person?.email?.lowercased()
                #expect(result["message"].isEmpty == !(isNormalizing && differs), "\(about)")
                people[result.customerID] = row.person
            }
            #expect(people.count == file.rows.count { $0.status == "created" })
            #expect(
                try run.summary.statuses
                    == Dictionary(grouping: file.rows, by: \.status).mapValues(\.count)
            )
            #expect(try await run.summary.requestCount == server.requests().total)

            let creates = try await server.creates()
            #expect(creates.count == people.count)
            #expect(Set(creates.map(\.customerId)) == Set(people.keys))
            let book = try await server.book()
            #expect(book.count == people.count)
            for customer in book {
                var person = try #require(people[customer.id])
                if isNormalizing { person.email = person.email?.lowercased() }
                #expect(Array((customer.name ?? "").utf8) == Array((person.name ?? "").utf8))
                #expect(customer.externalId == person.externalID)
                #expect(customer.email == person.email)
                #expect(customer.metadata?["note"] == person.note)
                #expect(customer.phone == nil && customer.taxId == nil)
            }

            let bad = file.rows.filter { $0.status == "invalid" }.map(\.bytes)
            let rejects = try folder.bytes("people.job/rejects.csv")
            #expect(rejects.suffix(bad.joined().count) == Array(bad.joined())[...])
            let requests = try await server.requests()
            #expect(try await folder.runImport("people.csv", to: server).exit == 1)
            #expect(try await server.requests() == requests)
        }
    }
}
