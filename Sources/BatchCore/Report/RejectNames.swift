/// Gives each input with rejected rows the name of its file of rejects.
///
/// `rejects.csv` for the first input, `rejects-2.csv` for the second; a file that is an input of
/// this run keeps its content, and the new one takes the next free number.
struct RejectNames {
    /// Whether the file of that name in the job folder is an input of this run.
    let isInput: (String) -> Bool
    private var given: Set<String> = []

    /// - Parameter isInput: Whether the file of that name in the job folder is an input now.
    init(isInput: @escaping (String) -> Bool) {
        self.isInput = isInput
    }

    /// The name for one more input.
    ///
    /// - Parameters:
    ///   - file: The input, from 0.
    ///   - format: Its format, the ending of the name.
    /// - Returns: A name that no other input of this run has.
    mutating func next(file: Int, format: String) -> String {
        var number = file + 1
        while true {
            let name = number == 1 ? "rejects.\(format)" : "rejects-\(number).\(format)"
            if !given.contains(name), !isInput(name) {
                given.insert(name)
                return name
            }
            number += 1
        }
    }

    /// Whether a name is one that this program gives: such a file of an earlier run is stale.
    static func isOurs(_ name: String) -> Bool {
        guard name.hasPrefix("rejects"), let dot = name.lastIndex(of: "."),
            endings.contains(String(name[dot...]))
        else { return false }
        let middle = name[..<dot].dropFirst("rejects".count)
        if middle.isEmpty { return true }
        guard middle.first == "-", let number = Int(middle.dropFirst()) else { return false }
        return number >= 2 && String(number) == middle.dropFirst()
    }

    private static let endings: Set<String> = [".csv", ".tsv", ".jsonl"]
}
