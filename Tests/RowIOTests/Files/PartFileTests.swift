import Foundation
import RowIO
import Testing

@Suite struct PartFileTests {
    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? Int) ?? 0
    }

    private func hashedBytes(_ file: PartFile, upTo length: Int64) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try file.forEachChunk(upTo: length) { bytes += $0[$1] }
        return bytes
    }

    @Test("It grows under its part name and takes the final name when whole")
    func commits() throws {
        let scratch = try Scratch()
        try scratch.write(Array("old".utf8), to: "book")
        let file = try PartFile(for: scratch.file("book"))
        try file.write("one\n")
        #expect(file.length == 4)
        try file.synchronize()
        #expect(try scratch.read("book") == Array("old".utf8))
        #expect(try scratch.read("book.part") == Array("one\n".utf8))
        try file.write("two\n")
        try file.commit()
        #expect(try scratch.names == ["book"])
        #expect(try scratch.read("book") == Array("one\ntwo\n".utf8))
        #expect(try mode(scratch.file("book")) == 0o600)
    }

    @Test("What a killed process left is cut to the checkpoint, read again, and gone on with")
    func resumes() throws {
        let scratch = try Scratch()
        let whole = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        do {
            let file = try PartFile(for: scratch.file("book"))
            try file.write(whole, 0..<90_000)
            try file.synchronize()
            try file.write(whole, 0..<70_000)
        }
        #expect(try scratch.names == ["book.part"])
        let file = try PartFile(for: scratch.file("book"))
        #expect(file.length >= 90_000)
        try file.cut(to: 90_000)
        #expect(file.length == 90_000)
        #expect(try hashedBytes(file, upTo: 90_000) == Array(whole[..<90_000]))
        #expect(try hashedBytes(file, upTo: 0).isEmpty)
        try file.write(whole, 90_000..<100_000)
        // Reading sees what only the buffer held, and does not move the place of writing.
        #expect(try hashedBytes(file, upTo: 95_000) == Array(whole[..<95_000]))
        try file.write("end")
        try file.commit()
        #expect(try scratch.read("book") == whole + Array("end".utf8))
    }

    @Test("Without a cut, writing goes on behind what is there")
    func appends() throws {
        let scratch = try Scratch()
        try scratch.write(Array("abc".utf8), to: "book.part")
        let file = try PartFile(for: scratch.file("book"))
        #expect(file.length == 3)
        try file.write("def")
        try file.commit()
        #expect(try scratch.read("book") == Array("abcdef".utf8))
    }

    @Test("A file that others could read becomes private before anything is written")
    func becomesPrivate() throws {
        let scratch = try Scratch()
        let path = try scratch.write([], to: "book.part")
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
        let file = try PartFile(for: scratch.file("book"))
        #expect(try mode(path) == 0o600)
        withExtendedLifetime(file) {}
    }

    @Test("A cut beyond the end says what is missing, changes nothing, and is not the end")
    func tooShort() throws {
        let scratch = try Scratch()
        let file = try PartFile(for: scratch.file("book"))
        try file.write("12345")
        for step in [file.cut, { try file.forEachChunk(upTo: $0) { _, _ in } }] {
            let error = #expect(throws: OutputError.self) { try step(6) }
            #expect(error?.code == .tooShort)
            #expect(error?.message.contains("5 bytes where 6") == true)
        }
        try file.cut(to: 0)
        try file.write("new")
        try file.commit()
        #expect(try scratch.read("book") == Array("new".utf8))
    }

    @Test("A link, folder or pipe under either name is neither followed nor replaced")
    func refuses() throws {
        for suffix in ["", ".part"] {
            let scratch = try Scratch()
            try scratch.write(Array("precious".utf8), to: "target")
            try FileManager.default.createSymbolicLink(
                atPath: scratch.file("link\(suffix)"),
                withDestinationPath: scratch.file("target")
            )
            try FileManager.default.createSymbolicLink(
                atPath: scratch.file("loose\(suffix)"),
                withDestinationPath: scratch.file("nothing")
            )
            try FileManager.default.createDirectory(
                atPath: scratch.file("folder\(suffix)"),
                withIntermediateDirectories: false
            )
            mkfifo(scratch.file("pipe\(suffix)"), 0o600)
            let before = try scratch.names
            for name in ["link", "loose", "folder", "pipe"] {
                let error = #expect(throws: OutputError.self, "\(name)\(suffix)") {
                    try PartFile(for: scratch.file(name))
                }
                #expect(error?.code == .notRegularFile)
                #expect(error?.path == scratch.file(name + suffix))
            }
            #expect(try scratch.names == before)
            #expect(try scratch.read("target") == Array("precious".utf8))
        }
    }

    @Test("A part file with a second name is refused: writing would change that one, too")
    func refusesHardLinks() throws {
        let scratch = try Scratch()
        try scratch.write(Array("precious".utf8), to: "target")
        try FileManager.default.linkItem(
            atPath: scratch.file("target"),
            toPath: scratch.file("book.part")
        )
        let error = #expect(throws: OutputError.self) {
            try PartFile(for: scratch.file("book"))
        }
        #expect(error?.code == .notRegularFile)
    }

    @Test("One writer at a time, until it is dropped or has finished")
    func locks() throws {
        let scratch = try Scratch()
        let path = scratch.file("book")
        do {
            let first = try PartFile(for: path)
            try first.write("first")
            let error = #expect(throws: OutputError.self) { try PartFile(for: path) }
            #expect(error?.code == .inUse)
            try first.flush()
        }
        let second = try PartFile(for: path)
        #expect(second.length == 5)
        try second.commit()
        let third = try PartFile(for: path)
        #expect(third.length == 0)
    }

    @Test("Something that takes a name meanwhile is not replaced, and nothing of it is renamed")
    func refusesLateChanges() throws {
        let scratch = try Scratch()
        let linked = try PartFile(for: scratch.file("linked"))
        try FileManager.default.createSymbolicLink(
            atPath: scratch.file("linked"),
            withDestinationPath: "/dev/null"
        )
        #expect(throws: OutputError.self) { try linked.commit() }

        let replaced = try PartFile(for: scratch.file("replaced"))
        try replaced.write("mine")
        try FileManager.default.removeItem(atPath: scratch.file("replaced.part"))
        try scratch.write(Array("theirs".utf8), to: "replaced.part")
        let error = #expect(throws: OutputError.self) { try replaced.commit() }
        #expect(error?.code == .renameFailed)
        #expect(try !scratch.names.contains("replaced"))
    }
}
