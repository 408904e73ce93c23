/// The two classes that servers limit apart.
package enum RequestKind: Sendable, Hashable, CaseIterable {
    /// A GET: a look-up, a page of an export, a probe.
    case read
    /// A POST or PATCH.
    case write
}
