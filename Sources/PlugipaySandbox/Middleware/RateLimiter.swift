import HTTPTypes
import Synchronization

/// The buckets of every book, reads and writes apart (contract, section 12).
final class RateLimiter: Sendable {
    /// What a request pays with.
    enum Kind: Hashable {
        case read, write
    }

    /// What the limiter says about a request, and the headers that tell the client.
    struct Decision {
        let isAdmitted: Bool
        /// Whole seconds to wait, at least 1.
        let retryAfter: Int
        let headers: HTTPFields
    }

    private struct Place: Hashable {
        let book: Book
        let kind: Kind
    }

    private let rates: [Kind: Double]
    private let buckets = Mutex<[Place: TokenBucket]>([:])

    init(readRate: Double, writeRate: Double) {
        rates = [.read: readRate, .write: writeRate]
    }

    /// Takes a token; nil when this kind is unlimited: then there is nothing to tell.
    func admit(_ kind: Kind, for book: Book, at now: Duration) -> Decision? {
        guard let rate = rates[kind], rate > 0 else { return nil }
        let seconds = now / .seconds(1)
        return buckets.withLock { buckets in
            let place = Place(book: book, kind: kind)
            var bucket = buckets[place] ?? TokenBucket(rate: rate, at: seconds)
            let isAdmitted = bucket.take(at: seconds)
            buckets[place] = bucket
            return Decision(
                isAdmitted: isAdmitted,
                retryAfter: max(1, Int(bucket.wait.rounded(.up))),
                headers: [
                    .rateLimitLimit: String(max(1, Int(rate.rounded()))),
                    .rateLimitRemaining: String(bucket.remaining),
                    .rateLimitReset: String(Int(bucket.fullAt.rounded(.up))),
                ]
            )
        }
    }
}
