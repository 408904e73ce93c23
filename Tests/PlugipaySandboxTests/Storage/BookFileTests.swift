import Foundation
import PlugipaySandbox
import Testing

@Suite("The database file")
struct BookFileTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path() }

    private func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
    }

    @Test("Customers, keys and the log outlive the sandbox, in files that are private")
    func persistence() async throws {
        let clock = HandTurnedClock()
        let path = path("book.sqlite")
        let first = try await withSandbox({
            $0.storage = .file(path)
            $0.clock = clock.sandboxClock
        }) { try await $0.create(#"{"externalId":"user_1"}"#, key: "k").id }
        #expect(try mode("book.sqlite") == 0o600)
        #expect(!FileManager.default.fileExists(atPath: "\(path)-wal"), "the book is one file")
        let second = try await withSandbox({
            $0.storage = .file(path)
            $0.clock = clock.sandboxClock
        }) { client async throws in
            #expect(try await client.create(#"{"externalId":"user_1"}"#, key: "k").id == first)
            for file in ["book.sqlite", "book.sqlite-wal", "book.sqlite-shm"] {
                #expect(try mode(file) == 0o600)
            }
            return try await client.create().id
        }
        #expect(second > first, "ids grow, though the clock stands still")
        let creates = try Sandbox.creates(inFile: path)
        #expect(creates.map(\.customerID) == [first, second])
        #expect(creates[0].externalID == "user_1")
        #expect(creates[0].idempotencyKey == "k")
        #expect(creates[0].mode == .test)
        #expect(creates[0].time == 1_767_225_600_000)
    }

    @Test("Rights of others are taken away from a file that exists")
    func rights() async throws {
        let path = path("open.sqlite")
        let isCreated = FileManager.default.createFile(
            atPath: path,
            contents: nil,
            attributes: [.posixPermissions: 0o666]
        )
        #expect(isCreated)
        try await withSandbox({ $0.storage = .file(path) }) { _ = try await $0.create() }
        #expect(try mode("open.sqlite") == 0o600)
    }

    private func start(on path: String) async -> SandboxError? {
        do {
            try await withSandbox({ $0.storage = .file(path) }) { _ in }
            return nil
        } catch {
            return error as? SandboxError
        }
    }

    @Test("A symbolic link, a folder and a missing folder are refused, with the name")
    func refusals() async throws {
        let link = path("link.sqlite")
        try FileManager.default.createSymbolicLink(
            atPath: link,
            withDestinationPath: path("target.sqlite")
        )
        for path in [link, folder.path(), path("missing/book.sqlite")] {
            let error = await start(on: path)
            #expect(error?.code == .cannotOpen)
            #expect(error?.message.contains(path) == true)
        }
        #expect(!FileManager.default.fileExists(atPath: path("target.sqlite")))
    }

    @Test("A file that is no database is refused and left alone")
    func text() async throws {
        let text = path("text.sqlite")
        let content = Data(String(repeating: "not a database\n", count: 100).utf8)
        try content.write(to: URL(filePath: text))
        #expect(await start(on: text)?.code == .cannotOpen)
        #expect(try Data(contentsOf: URL(filePath: text)) == content)
    }

    @Test("Somebody else's database is refused and left alone")
    func strangers() async throws {
        let file = URL(filePath: path("other.sqlite"))
        try await withSandbox({ $0.storage = .file(file.path()) }) { _ = try await $0.create() }
        var content = try Data(contentsOf: file)
        // The application id of the SQLite header.
        content.replaceSubrange(68..<72, with: [1, 2, 3, 4])
        try content.write(to: file)
        let error = await start(on: file.path())
        #expect(error?.code == .cannotOpen)
        #expect(error?.message.contains("something else") == true)
        #expect(try Data(contentsOf: file) == content)
        #expect(throws: SandboxError.self) { try Sandbox.creates(inFile: path("missing.sqlite")) }
    }
}
