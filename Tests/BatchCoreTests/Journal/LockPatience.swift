import BatchCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Runs what needs a lock, again if the lock is held.
///
/// Other tests start processes. Between its fork and its exec a child holds all that this process
/// has open, so a lock that was just let go may be held for some moments more.
func withLockPatience<Value>(
    _ body: () async throws(BatchError) -> Value
) async throws(BatchError) -> Value {
    for _ in 0..<100 {
        do throws(BatchError) {
            return try await body()
        } catch {
            guard error.code == .inUse else { throw error }
            usleep(5000)
        }
    }
    return try await body()
}
