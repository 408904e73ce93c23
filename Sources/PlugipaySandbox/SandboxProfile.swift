/// A generation of the service that clients still meet (contract, sections 18 and 19).
public enum SandboxProfile: String, CaseIterable, Sendable {
    /// The newest servers: `externalId`, `order` and `createdAfter` filter, PATCH needs a key,
    /// DELETE exists, list metadata comes in both shapes.
    case current
    /// What the API pages describe: error codes in upper case, only `meta.page`, no DELETE.
    case docs
    /// The first servers: PATCH without a key is accepted, and refused with `metadata`, which an
    /// update does not know; `externalId`, `order`, `direction` and `createdAfter` are silently
    /// ignored in lists.
    case legacy

    var hasDelete: Bool { self != .docs }
    var filtersAreComplete: Bool { self != .legacy }
    var patchNeedsKey: Bool { self != .legacy }
    var patchTakesMetadata: Bool { self != .legacy }
    var shoutsCodes: Bool { self == .docs }
    var hasPlainListMeta: Bool { self != .docs }
}
