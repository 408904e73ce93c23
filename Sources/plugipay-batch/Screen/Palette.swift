/// The few colours of the screen: of the eight that every terminal has, and only those that can be
/// read on black as on white.
///
/// Nothing is said by colour alone.
struct Palette: Sendable, Hashable {
    /// Whether there are any.
    var hasColor: Bool

    /// What a piece of text is.
    enum Style: Sendable, Hashable {
        /// Most text.
        case plain
        /// What is waited for.
        case strong
        /// The word before a warning.
        case warning
        /// The word before an error, and numbers of errors.
        case error

        /// The parameters of SGR (ECMA-48, 8.3.117).
        fileprivate var parameters: String? {
            switch self {
            case .plain: nil
            case .strong: "1"
            case .warning: "1;33"
            case .error: "1;31"
            }
        }
    }

    /// Puts a style around a text.
    func paint(_ text: String, _ style: Style) -> String {
        guard hasColor, let parameters = style.parameters else { return text }
        return "\u{1B}[\(parameters)m\(text)\u{1B}[0m"
    }
}
