import Plugipay

/// A customer's place in a book that is sorted by time of creation: the time, then the id
/// (contract, section 9).
struct BookPlace: Sendable, Hashable, Comparable {
    /// When the customer was created.
    var createdAt: Timestamp
    /// What the server tells beyond milliseconds: nanoseconds, below a million.
    var finer: Int
    /// The customer's id.
    var id: String

    /// A place from its parts.
    init(_ createdAt: Timestamp, finer: Int = 0, id: String) {
        self.createdAt = createdAt
        self.finer = finer
        self.id = id
    }

    /// The place of a customer; `nil` where the server does not tell a time that can be read.
    init?(of customer: Customer) {
        guard let createdAt = customer.createdAt else { return nil }
        let finer = Self.finerThanMilliseconds(customer.createdAtText ?? "")
        self.init(createdAt, finer: finer, id: customer.id)
    }

    /// By time, customers of the same moment by the bytes of their ids.
    static func < (left: Self, right: Self) -> Bool {
        if left.createdAt != right.createdAt { return left.createdAt < right.createdAt }
        if left.finer != right.finer { return left.finer < right.finer }
        return left.id.utf8.lexicographicallyPrecedes(right.id.utf8)
    }

    /// Whether the customer was created after that time, however little.
    func isAfter(_ time: Timestamp) -> Bool {
        createdAt > time || createdAt == time && finer > 0
    }

    /// The digits of an ISO 8601 time from the fourth after the point on, as nanoseconds.
    private static func finerThanMilliseconds(_ text: String) -> Int {
        let fraction = text.utf8.drop { $0 != UInt8(ascii: ".") }.dropFirst()
        let digits = fraction.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return digits.dropFirst(3).prefix(6).enumerated().reduce(0) { sum, digit in
            let scale = [100_000, 10_000, 1000, 100, 10, 1][digit.offset]
            return sum + Int(digit.element - UInt8(ascii: "0")) * scale
        }
    }
}
