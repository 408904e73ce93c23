/// What the file of a stopped export holds, read back to go on with it.
struct WrittenCustomers: Sendable {
    /// How many customers there are.
    var count = 0
    /// All ids; empty unless they were asked for.
    var all = CustomerIDSet()
    /// The ids that the overlap pass may meet again.
    var inOverlap = CustomerIDSet()
}
