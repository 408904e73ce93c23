import GRDB
import Plugipay
import Testing

@testable import BatchCore

@Suite("The journal as a file")
struct JournalFileTests {
    private let later = Timestamp(millisecondsSince1970: 1_760_000_030_500)

    @Test("What is written is readable at once, and gone unless it was committed")
    func durability() throws {
        let scratch = try JobScratch()
        var kept = 0
        var lost = 0
        do {
            let journal = try Journal.open(scratch.file("journal.sqlite"))
            try journal.begin(.sample)
            kept = try journal.insert(.sample(row: 1))
            #expect(try journal.entry(kept) != nil)
            try journal.commit(signUntil: later)
            lost = try journal.insert(.sample(row: 2))
            #expect(try journal.entry(lost) != nil)
        }
        let journal = try Journal.open(scratch.file("journal.sqlite"))
        #expect(try journal.job() == .sample)
        #expect(try journal.signUntil() == later)
        #expect(try journal.entry(kept)?.identity == JournalEntry.sample(row: 1).identity)
        #expect(try journal.entry(lost) == nil)
        try journal.close()
    }

    @Test("A commit of outcomes does not move the time until which may be signed")
    func signUntil() throws {
        let journal = try Journal.inMemory()
        try journal.begin(.sample)
        #expect(try journal.signUntil() == nil)
        try journal.commit(signUntil: later)
        _ = try journal.insert(.sample())
        try journal.commit()
        try journal.commit()
        #expect(try journal.signUntil() == later)
    }

    @Test("Closing commits, and leaves one file that a copy can be made of")
    func closing() throws {
        let scratch = try JobScratch()
        let journal = try Journal.open(scratch.file("journal.sqlite"))
        try journal.begin(.sample)
        try journal.close()
        #expect(try scratch.names(in: ".") == ["journal.sqlite"])
        let reader = try Journal.openForReading(scratch.file("journal.sqlite"))
        #expect(try reader.job() == .sample)
        try reader.close()
    }

    @Test("A commit is durable before it returns: write-ahead log, every commit synced")
    func synchronous() throws {
        let scratch = try JobScratch()
        let journal = try Journal.open(scratch.file("journal.sqlite"))
        #expect(try journal.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
        // 2 is FULL.
        #expect(try journal.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2)
    }

    // MARK: Readers

    @Test("A reader sees what is committed, while the owner writes, and waits for nothing")
    func reader() throws {
        let scratch = try JobScratch()
        let owner = try Journal.open(scratch.file("journal.sqlite"))
        try owner.begin(.sample)
        try owner.commit()
        let id = try owner.insert(.sample())
        let reader = try Journal.openForReading(scratch.file("journal.sqlite"))
        #expect(try reader.job() == .sample)
        #expect(try reader.entry(id) == nil)
        try owner.commit()
        #expect(try reader.entry(id) != nil)
        _ = try owner.insert(.sample(row: 2))
        #expect(try reader.openCount() == 1)
        try owner.close()
        #expect(try reader.openCount() == 2)
        try reader.close()
    }

    @Test("The owner can close while somebody reads")
    func closingUnderReader() throws {
        let scratch = try JobScratch()
        let owner = try Journal.open(scratch.file("journal.sqlite"))
        try owner.begin(.sample)
        try owner.commit()
        let reader = try Journal.openForReading(scratch.file("journal.sqlite"))
        try reader.read { database in
            let jobs = try Row.fetchCursor(database, sql: "SELECT * FROM job")
            #expect(try jobs.next() != nil)
            try owner.setAccount("acc_1")
            try owner.close()
        }
        #expect(try reader.job()?.account == "acc_1")
    }

    @Test("A reader cannot write")
    func readerWrites() throws {
        let scratch = try JobScratch()
        let owner = try Journal.open(scratch.file("journal.sqlite"))
        try owner.begin(.sample)
        try owner.commit()
        let reader = try Journal.openForReading(scratch.file("journal.sqlite"))
        let error = #expect(throws: JournalError.self) { try reader.setAccount("acc_1") }
        #expect(error?.code == .storage)
        #expect(try owner.job()?.account == nil)
    }

    // MARK: Files that are refused

    /// Who opens a journal.
    private enum User: CaseIterable {
        case owner, reader

        func open(_ path: String) throws -> Journal {
            switch self {
            case .owner: try Journal.open(path)
            case .reader: try Journal.openForReading(path)
            }
        }
    }

    @Test("A newer format is refused, by owner and reader, and says so")
    func newerFormat() throws {
        let scratch = try JobScratch()
        let path = scratch.file("journal.sqlite")
        let journal = try Journal.open(path)
        try journal.begin(.sample)
        try journal.write { try $0.execute(sql: "UPDATE job SET format = 2") }
        try journal.close()
        for user in User.allCases {
            let error = #expect(throws: JournalError.self) { try user.open(path) }
            #expect(error?.code == .newerFormat)
            #expect(error?.message.contains(path) == true)
        }
    }

    @Test("A file that is no database is refused and left as it is")
    func noDatabase() throws {
        let scratch = try JobScratch()
        let path = scratch.file("journal.sqlite")
        let text = Array(String(repeating: "email,name\n", count: 500).utf8)
        try scratch.write("journal.sqlite", text)
        for user in User.allCases {
            let error = #expect(throws: JournalError.self) { try user.open(path) }
            #expect(error?.code == .damaged)
            #expect(error?.message.contains(path) == true)
        }
        #expect(try scratch.read("journal.sqlite") == text)
    }

    @Test("A database of something else is refused, and gets no tables of ours")
    func foreignDatabase() throws {
        let scratch = try JobScratch()
        let path = scratch.file("journal.sqlite")
        let foreign = try DatabaseQueue(path: path)
        try foreign.write { try $0.execute(sql: "CREATE TABLE person (name TEXT)") }
        for user in User.allCases {
            let error = #expect(throws: JournalError.self) { try user.open(path) }
            #expect(error?.code == .damaged)
        }
        #expect(try foreign.read { try !$0.tableExists("job") })
    }

    @Test("What is not there cannot be read, and is not made")
    func missing() throws {
        let scratch = try JobScratch()
        let error = #expect(throws: JournalError.self) {
            try Journal.openForReading(scratch.file("journal.sqlite"))
        }
        #expect(error?.code == .storage)
        #expect(try scratch.names(in: ".").isEmpty)
    }

    @Test(
        "A stored value that this program cannot have written is damage, not a crash",
        arguments: [
            "UPDATE entry SET state = 'paused'", "UPDATE entry SET identity = x'00'",
            "UPDATE entry SET body = x'00'", "UPDATE entry SET sent_body = x'00'",
        ]
    )
    func damagedEntry(_ sql: String) throws {
        let journal = try Journal.inMemory()
        let id = try journal.insert(.sample())
        try journal.write { try $0.execute(sql: sql) }
        let error = #expect(throws: JournalError.self) { try journal.entry(id) }
        #expect(error?.code == .damaged)
    }
}
