import Testing

@testable import BatchCore

@Suite("Job folders")
struct JobFolderTests {
    @Test(
        "The folder is named after the first input",
        arguments: [
            ("customers.csv", "customers.job"),
            ("customers.csv.gz", "customers.job"),
            ("/data/2026/customers.JSONL.GZ", "customers.job"),
            ("../a.b/people.tsv", "people.job"),
            ("people.ndjson", "people.job"),
            ("people.json", "people.job"),
            ("people.xlsx", "people.job"),
            ("people.gz", "people.job"),
            ("people.txt", "people.txt.job"),
            ("v1.2.csv", "v1.2.job"),
            ("people", "people.job"),
            (".csv", ".csv.job"),
            ("csv", "csv.job"),
            ("-", "stdin.job"),
        ]
    )
    func defaultName(_ input: String, _ name: String) {
        #expect(JobFolder.defaultName(for: input, isSandbox: false) == name)
        let sandbox = name.dropLast(".job".count) + ".sandbox.job"
        #expect(JobFolder.defaultName(for: input, isSandbox: true) == sandbox)
    }

    @Test("Folder and files are private, whatever the modes were before")
    func modes() throws {
        let scratch = try JobScratch()
        try scratch.makeFolder("people.job", mode: 0o755)
        try scratch.write("people.job/journal.sqlite", [])
        try scratch.setMode(0o644, of: "people.job/journal.sqlite")
        let folder = try scratch.preparedFolder()
        #expect(try scratch.mode("people.job") == 0o700)
        let journal = try Journal.open(folder.journal)
        try journal.begin(.sample)
        try journal.commit()
        let names = try scratch.names(in: "people.job")
        #expect(names.contains("journal.sqlite"))
        for name in names {
            #expect(try scratch.mode("people.job/\(name)") == 0o600, "\(name)")
        }
        try journal.close()
        #expect(try scratch.names(in: "people.job") == ["journal.sqlite"])
    }

    @Test("A new folder is private from the start, and prepared again it stays what it is")
    func again() throws {
        let scratch = try JobScratch()
        #expect(!JobFolder(path: scratch.file("people.job")).hasJournal)
        let folder = try scratch.preparedFolder()
        #expect(folder.hasJournal)
        #expect(try scratch.mode("people.job") == 0o700)
        #expect(try scratch.mode("people.job/journal.sqlite") == 0o600)
        try scratch.write("people.job/journal.sqlite", [1, 2, 3])
        try scratch.write("people.job/notes.txt", [4])
        try folder.prepare()
        #expect(try scratch.read("people.job/journal.sqlite") == [1, 2, 3])
        #expect(try scratch.read("people.job/notes.txt") == [4])
    }

    @Test(
        "A link in the place of the journal or beside it is refused, and leads to nothing",
        arguments: ["", "-wal", "-shm", "-journal"]
    )
    func linkedJournal(_ suffix: String) throws {
        let scratch = try JobScratch()
        try scratch.makeFolder("people.job")
        if !suffix.isEmpty { try scratch.write("people.job/journal.sqlite", []) }
        let name = "people.job/journal.sqlite\(suffix)"
        try scratch.makeLink(name, to: "precious")
        let error = #expect(throws: BatchError.self) { try scratch.preparedFolder() }
        #expect(error?.code == .storage)
        #expect(error?.message.contains(name) == true)
        #expect(throws: (any Error).self) { try scratch.read("precious") }
    }

    @Test("A link to an existing file is not written through, nor made private")
    func linkToFile() throws {
        let scratch = try JobScratch()
        try scratch.write("precious", [7])
        try scratch.setMode(0o644, of: "precious")
        try scratch.makeFolder("people.job")
        try scratch.makeLink("people.job/journal.sqlite", to: "precious")
        #expect(throws: BatchError.self) { try scratch.preparedFolder() }
        #expect(try scratch.read("precious") == [7])
        #expect(try scratch.mode("precious") == 0o644)
    }

    @Test("What is not a folder of its own is refused and left alone")
    func notAFolder() throws {
        let scratch = try JobScratch()
        try scratch.write("file.job", [1])
        try scratch.makeFolder("other", mode: 0o755)
        try scratch.makeLink("link.job", to: "other")
        try scratch.makeFolder("photos.job", mode: 0o755)
        try scratch.write("photos.job/cat.jpg", [1])
        for name in ["file.job", "link.job", "photos.job", "missing/people.job"] {
            let error = #expect(throws: BatchError.self) { try scratch.preparedFolder(name) }
            #expect(error?.code == .storage)
            #expect(error?.message.contains(scratch.file(name)) == true)
        }
        #expect(try scratch.names(in: "other").isEmpty)
        #expect(try scratch.mode("other") == 0o755)
        #expect(try scratch.names(in: "photos.job") == ["cat.jpg"])
        #expect(try scratch.mode("photos.job") == 0o755)
    }

    @Test("The folder of a check becomes that of the import that follows it")
    func afterCheck() throws {
        let scratch = try JobScratch()
        let folder = JobFolder(path: scratch.file("people.job"))
        try folder.prepareForCheck()
        for name in ["results.csv", "summary.json", "rejects.csv"] {
            try scratch.write("people.job/\(name)", [])
        }
        try folder.prepare()
        #expect(folder.hasJournal)
        #expect(throws: BatchError.self) { try folder.prepareForCheck() }
    }
}
