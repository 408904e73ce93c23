import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Makes sure that one process owns a job: an advisory lock on the job's folder, which the
/// operating system lets go when the process ends, however it ends.
package final class JobLock {
    private let descriptor: FileDescriptor

    /// Takes the lock.
    ///
    /// - Parameter folder: The job's folder.
    /// - Returns: The lock, or `nil` when another process has it.
    /// - Throws: `BatchError` when the folder cannot be opened.
    package static func acquire(_ folder: String) throws(BatchError) -> JobLock? {
        do {
            let descriptor = try FileDescriptor.open(
                FilePath(folder),
                .readOnly,
                options: [.directory, .closeOnExec]
            )
            guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0 else {
                return JobLock(descriptor: descriptor)
            }
            let error = Errno(rawValue: errno)
            try descriptor.close()
            guard error != .wouldBlock else { return nil }
            throw error
        } catch {
            throw BatchError(.storage, "cannot lock the job folder \(folder): \(error)")
        }
    }

    private init(descriptor: FileDescriptor) {
        self.descriptor = descriptor
    }

    /// Lets the lock go.
    ///
    /// The operating system does so, too, when the process ends.
    package func release() {
        try? descriptor.close()
    }
}
