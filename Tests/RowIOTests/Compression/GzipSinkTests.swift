import Foundation
import RowIO
import Testing
import TestSupport

@Suite struct GzipSinkTests {
    /// The text of gzip bytes, by the package's own reader, to the end of the last member.
    private func unpack(_ packed: [UInt8]) throws -> [UInt8] {
        let source = try ByteSource(.bytes(packed, name: "packed"), readBytes: 1 << 16)
        #expect(source.isCompressed)
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 10_000)
        while true {
            let got = try source.read(into: &buffer, at: 0, count: buffer.count)
            if got == 0 { return text }
            text += buffer[..<got]
        }
    }

    /// What gzip(1) says: 0 if it takes the file.
    private func gzipTest(_ path: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/gzip")
        process.arguments = ["-t", path]
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    @Test("What goes in comes out, in pieces of any size and over several members")
    func roundTrip() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(seed: seed)
        let memory = MemorySink()
        let sink = try GzipSink(memory)
        var text: [UInt8] = []
        for _ in 0..<60 {
            let isNoise = Bool.random(using: &random)
            let piece = (0..<Int.random(in: 0...40_000, using: &random)).map { _ in
                UInt8.random(in: isNoise ? 0...255 : 97...100, using: &random)
            }
            let start = Int.random(in: 0...piece.count, using: &random)
            try sink.write(piece, start..<piece.count)
            text += piece[start...]
            switch Int.random(in: 0..<8, using: &random) {
            case 0: try sink.endMember()
            case 1: try sink.flush()
            default: break
            }
        }
        try sink.endMember()
        #expect(try unpack(memory.bytes) == text, "seed \(seed)")
        let scratch = try Scratch()
        #expect(try gzipTest(scratch.write(memory.bytes, to: "x.gz")) == 0, "seed \(seed)")
    }

    @Test("The same bytes in give the same bytes out, without a time or a name")
    func isDeterministic() throws {
        let outputs = try (0..<2).map { _ in
            let memory = MemorySink()
            let sink = try GzipSink(memory)
            try sink.write("hello\n")
            try sink.endMember()
            try sink.write("again\n")
            try sink.endMember()
            return memory.bytes
        }
        #expect(outputs[0] == outputs[1])
        // RFC 1952, section 2.3: no flags, and no modification time.
        #expect(Array(outputs[0][3..<8]) == [0, 0, 0, 0, 0])
    }

    @Test("The end of a member without bytes writes nothing, unless it is asked for")
    func emptyMembers() throws {
        let memory = MemorySink()
        let sink = try GzipSink(memory)
        try sink.endMember()
        try sink.write("")
        try sink.flush()
        try sink.endMember()
        #expect(memory.bytes.isEmpty)
        try sink.endMember(evenIfEmpty: true)
        #expect(try unpack(memory.bytes).isEmpty)
        let scratch = try Scratch()
        #expect(try gzipTest(scratch.write(memory.bytes, to: "x.gz")) == 0)
        let size = memory.bytes.count
        try sink.endMember()
        #expect(memory.bytes.count == size)
    }

    @Test("What was flushed can be read before the member ends; a second flush adds nothing")
    func flushes() throws {
        let memory = MemorySink()
        let sink = try GzipSink(memory)
        try sink.write("a line\n")
        try sink.flush()
        let size = memory.bytes.count
        try sink.flush()
        #expect(memory.bytes.count == size)
        let source = try ByteSource(.bytes(memory.bytes, name: "x"), readBytes: 1 << 16)
        var buffer = [UInt8](repeating: 0, count: 100)
        let got = try source.read(into: &buffer, at: 0, count: 100)
        #expect(Array(buffer[..<got]) == Array("a line\n".utf8))
    }

    @Test("A part file that is cut to the end of a member goes on as one gzip file")
    func resumesAtMember() throws {
        let scratch = try Scratch()
        let checkpoint: Int64
        do {
            let file = try PartFile(for: scratch.file("book.gz"))
            let sink = try GzipSink(file)
            try sink.write("first\n")
            try sink.endMember()
            try file.synchronize()
            checkpoint = file.length
            try sink.write("lost\n")
            try sink.flush()
        }
        let file = try PartFile(for: scratch.file("book.gz"))
        #expect(file.length > checkpoint)
        try file.cut(to: checkpoint)
        let sink = try GzipSink(file)
        try sink.write("second\n")
        try sink.endMember(evenIfEmpty: file.length == 0)
        try file.commit()
        #expect(try unpack(scratch.read("book.gz")) == Array("first\nsecond\n".utf8))
        #expect(try gzipTest(scratch.file("book.gz")) == 0)
    }

    private final class BrokenSink: ByteSink {
        var isBroken = true

        func write(_ bytes: [UInt8], _ range: Range<Int>) throws(OutputError) {
            if isBroken { throw OutputError(code: .writeFailed, message: "full", path: "x") }
        }

        func flush() throws(OutputError) {}
    }

    @Test("After a failed write nothing is written any more: the member has a hole")
    func failureIsFinal() throws {
        let broken = BrokenSink()
        let sink = try GzipSink(broken)
        try sink.write("x")
        #expect(throws: OutputError.self) { try sink.flush() }
        broken.isBroken = false
        #expect(throws: OutputError.self) { try sink.write("y") }
        #expect(throws: OutputError.self) { try sink.endMember() }
        #expect(throws: OutputError.self) { try sink.flush() }
    }
}
