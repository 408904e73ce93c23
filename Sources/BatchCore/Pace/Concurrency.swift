/// How many requests may be in flight: as many as the rate needs at the latency of the moment.
package struct Concurrency: Sendable {
    /// What `--concurrency` says.
    package enum Setting: Sendable, Hashable {
        /// Rate times latency.
        case auto
        /// So many, whatever the rate.
        case fixed(Int)
    }

    /// The limits of `auto`.
    package static let range = 1...64
    /// `auto` before a latency is known.
    package static let beforeLatency = 8

    /// More than rate times latency by this factor: latencies scatter, and the rate alone is to
    /// be what limits a run, never the requests in flight.
    private static let headroom = 1.25
    /// The share of a new latency in the average: some ten answers make a change felt.
    private static let weight = 0.1

    private let setting: Setting
    /// The latency, averaged; nil before the first answer.
    package private(set) var latency: Duration?

    /// A concurrency as set.
    package init(_ setting: Setting) {
        self.setting = setting
    }

    /// A request was answered after this time.
    package mutating func observe(latency sample: Duration) {
        let sample = max(sample, .zero)
        latency = latency.map { $0 + (sample - $0) * Self.weight } ?? sample
    }

    /// The most requests in flight.
    ///
    /// - Parameter rate: requests a second; 0 is unlimited.
    /// - Returns: at least 1.
    package func limit(rate: Double) -> Int {
        if case .fixed(let limit) = setting { return max(limit, 1) }
        if rate <= 0 { return Self.range.upperBound }
        guard let latency else { return Self.beforeLatency }
        let needed = rate * (latency / .seconds(1)) * Self.headroom
        guard needed < Double(Self.range.upperBound) else { return Self.range.upperBound }
        return max(Int(needed) + 1, Self.range.lowerBound)
    }
}
