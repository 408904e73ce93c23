/// One set of customers: a workspace in one mode.
///
/// Books never mix.
struct Book: Hashable, Sendable {
    let workspace: String
    let mode: SandboxKey.Mode
}
