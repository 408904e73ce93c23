import BatchCore
import Foundation
import Testing

@Suite("The lock of a job")
struct JobLockTests {
    @Test("It has one holder, until that lets it go")
    func oneHolder() throws {
        let scratch = try JobScratch()
        let lock = try #require(try JobLock.acquire(scratch.path))
        #expect(try JobLock.acquire(scratch.path) == nil)
        #expect(try JobLock.acquire(scratch.file(".")) == nil)
        lock.release()
        let next = try #require(try acquireSoon(scratch.path))
        #expect(try JobLock.acquire(scratch.path) == nil)
        next.release()
    }

    /// The lock, once the children that other tests are starting have let go of what they inherit
    /// between their fork and their exec.
    private func acquireSoon(_ path: String) throws -> JobLock? {
        for _ in 0..<1000 {
            if let lock = try JobLock.acquire(path) { return lock }
            usleep(5000)
        }
        return nil
    }

    @Test("The folders of two jobs have nothing to do with each other")
    func twoJobs() throws {
        let one = try JobScratch()
        let two = try JobScratch()
        let lock = try #require(try JobLock.acquire(one.path))
        let other = try #require(try JobLock.acquire(two.path))
        lock.release()
        other.release()
    }

    @Test(
        "Another process does not get it either",
        .enabled(if: FileManager.default.isExecutableFile(atPath: flock))
    )
    func otherProcess() throws {
        let scratch = try JobScratch()
        let lock = try #require(try JobLock.acquire(scratch.path))
        // 1 is the tool's word for "another has it".
        #expect(try statusOfFlock(on: scratch.path) == 1)
        lock.release()
        #expect(try statusOfFlock(on: scratch.path) == 0)
    }

    @Test("A folder that is not there cannot be locked")
    func missing() throws {
        let scratch = try JobScratch()
        let error = #expect(throws: BatchError.self) {
            try JobLock.acquire(scratch.file("missing.job"))
        }
        #expect(error?.code == .storage)
        #expect(error?.message.contains("missing.job") == true)
    }

    private static let flock = "/usr/bin/flock"

    private func statusOfFlock(on path: String) throws -> Int32 {
        let process = try Process.run(
            URL(fileURLWithPath: Self.flock),
            arguments: ["--nonblock", path, "true"]
        )
        process.waitUntilExit()
        return process.terminationStatus
    }
}
