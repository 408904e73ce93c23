import Foundation
import RowIO
import Testing

@Suite struct DurableFileTests {
    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? Int) ?? 0
    }

    @Test("A file appears complete, private, and alone")
    func commits() throws {
        let scratch = try Scratch()
        let file = try DurableFile(replacing: scratch.file("out.csv"))
        try file.write("hello\n")
        #expect(try !scratch.names.contains("out.csv"))
        try file.commit()
        #expect(try scratch.read("out.csv") == Array("hello\n".utf8))
        #expect(try scratch.names == ["out.csv"])
        #expect(try mode(scratch.file("out.csv")) == 0o600)
    }

    @Test("The old file stays until the new one is complete")
    func replaces() throws {
        let scratch = try Scratch()
        try scratch.write(Array("old".utf8), to: "out")
        let file = try DurableFile(replacing: scratch.file("out"))
        try file.write([UInt8](repeating: 0x78, count: 200_000))
        #expect(try scratch.read("out") == Array("old".utf8))
        try file.commit()
        #expect(try scratch.read("out").count == 200_000)
    }

    @Test("Dropped without commit it leaves nothing")
    func drops() throws {
        let scratch = try Scratch()
        do {
            let file = try DurableFile(replacing: scratch.file("out"))
            try file.write("half")
        }
        #expect(try scratch.names.isEmpty)
    }

    @Test("A link, folder or pipe under the name is neither followed nor replaced")
    func refuses() throws {
        let scratch = try Scratch()
        try scratch.write(Array("precious".utf8), to: "target")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.file("link"),
            withDestinationPath: scratch.file("target")
        )
        try FileManager.default.createDirectory(
            atPath: scratch.file("folder"),
            withIntermediateDirectories: false
        )
        mkfifo(scratch.file("pipe"), 0o600)
        let before = try scratch.names
        for name in ["link", "folder", "pipe", "folder/"] {
            let error = #expect(throws: OutputError.self) {
                try DurableFile(replacing: scratch.file(name))
            }
            #expect(error?.code == .notRegularFile)
        }
        #expect(try scratch.names == before)
        #expect(try scratch.read("target") == Array("precious".utf8))
    }

    @Test("A link that is put under the name meanwhile is not replaced either")
    func refusesLateLink() throws {
        let scratch = try Scratch()
        let file = try DurableFile(replacing: scratch.file("out"))
        try file.write("new")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.file("out"),
            withDestinationPath: "/dev/null"
        )
        let error = #expect(throws: OutputError.self) { try file.commit() }
        #expect(error?.code == .notRegularFile)
    }

    @Test("A leftover of another run is stepped over, and a missing folder is said")
    func namesAndFolders() throws {
        let scratch = try Scratch()
        let first = try DurableFile(replacing: scratch.file("out"))
        let second = try DurableFile(replacing: scratch.file("out"))
        try first.write("1")
        try second.write("2")
        try first.commit()
        try second.commit()
        #expect(try scratch.read("out") == Array("2".utf8))
        let error = #expect(throws: OutputError.self) {
            try DurableFile(replacing: scratch.file("none/out"))
        }
        #expect(error?.code == .cannotCreate)
    }

    @Test("A full disk is an error with its cause")
    func diskFull() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let sink = DescriptorSink(descriptor: descriptor, name: "full")
        try sink.write("x")
        let error = #expect(throws: OutputError.self) { try sink.flush() }
        #expect(error?.code == .writeFailed)
        #expect(error?.cause != nil)
    }
}
