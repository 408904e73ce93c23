import Foundation
import RowIO
import Testing

@Suite struct SmallFileTests {
    @Test("It is read whole, with the time of its last change")
    func reads() throws {
        let scratch = try Scratch()
        let path = try scratch.write(Array("checkpoint".utf8), to: "small")
        let time = Date(timeIntervalSince1970: 1_700_000_000.25)
        try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
        let file = try #require(try SmallFile.read(path, upTo: 10))
        #expect(file.bytes == Array("checkpoint".utf8))
        #expect(file.modifiedMilliseconds == 1_700_000_000_250)
    }

    @Test("An absent file is no error; one that is too long is")
    func bounds() throws {
        let scratch = try Scratch()
        #expect(try SmallFile.read(scratch.file("none"), upTo: 10) == nil)
        let path = try scratch.write(Array("checkpoint!".utf8), to: "small")
        let error = #expect(throws: InputError.self) { try SmallFile.read(path, upTo: 10) }
        #expect(error?.code == .tooLarge)
        let empty = try scratch.write([], to: "empty")
        #expect(try SmallFile.read(empty, upTo: 0)?.bytes == [])
    }

    @Test("A link, folder or pipe is not followed")
    func refuses() throws {
        let scratch = try Scratch()
        try scratch.write(Array("secret".utf8), to: "target")
        for (name, target) in [("link", "target"), ("loose", "nothing")] {
            try FileManager.default.createSymbolicLink(
                atPath: scratch.file(name),
                withDestinationPath: scratch.file(target)
            )
        }
        mkfifo(scratch.file("pipe"), 0o600)
        for name in ["link", "loose", "pipe", ""] {
            #expect(throws: InputError.self, "\(name)") {
                try SmallFile.read(scratch.file(name), upTo: 100)
            }
        }
    }

    @Test("It is removed, and a link without its target; nothing there is no error")
    func removes() throws {
        let scratch = try Scratch()
        try scratch.write([1], to: "target")
        try scratch.write([1], to: "small")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.file("link"),
            withDestinationPath: scratch.file("target")
        )
        for name in ["small", "link", "none"] { try SmallFile.remove(scratch.file(name)) }
        #expect(try scratch.names == ["target"])
        #expect(throws: OutputError.self) { try SmallFile.remove(scratch.path) }
    }
}
