/// A place where a rule of the house is broken, in the form that editors turn into a link.
struct Finding: Equatable, CustomStringConvertible {
    let path: String
    let line: Int?
    let message: String

    init(_ path: String, line: Int? = nil, _ message: String) {
        self.path = path
        self.line = line
        self.message = message
    }

    var description: String {
        "\(path):\(line.map { "\($0):" } ?? "") \(message)"
    }
}
