/// What `--rate` says.
package enum RateSetting: Sendable, Hashable {
    /// Follow the server's headers and its 429s.
    case auto
    /// So many requests a second in all, reads and writes together; 0 is no limit of ours.
    case fixed(Double)
}
