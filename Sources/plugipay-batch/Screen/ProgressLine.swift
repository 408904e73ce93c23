import BatchCore

/// The live line: as much of a look at a run as fits a width.
///
/// First parts take their shorter forms, the least important one first; then only those stay that
/// there is room for, the most important one first; at last that one is cut off.
struct ProgressLine {
    /// The parts that are shown, from left to right.
    private var parts: [Part]

    private struct Part {
        /// From the longest form to the shortest.
        var forms: [String]
        /// Parts with lower ranks stay longer.
        var rank: Int
        var style = Palette.Style.plain

        var text: String { forms.first ?? "" }
    }

    private static let gap = "  "

    /// Chooses what is shown.
    ///
    /// - Parameters:
    ///   - progress: The look at the run.
    ///   - width: Columns that may be used.
    init(_ progress: RunProgress, width: Int) {
        parts = Self.parts(of: progress)
        while length > width, shorten() {}
        if length > width { leaveOut(beyond: width) }
        if length > width { cut(to: width) }
    }

    /// Columns that the line takes: all of its text is ASCII.
    var length: Int {
        parts.reduce(0) { $0 + $1.text.utf8.count } + Self.gap.utf8.count * max(0, parts.count - 1)
    }

    /// The line.
    func text(in palette: Palette) -> String {
        parts.map { palette.paint($0.text, $0.style) }.joined(separator: Self.gap)
    }

    private static func parts(of progress: RunProgress) -> [Part] {
        var parts = [
            Part(forms: [progress.activity.rawValue], rank: 6),
            Part(forms: [ProgressWords.rows(progress)], rank: 0),
        ]
        if let percent = ProgressWords.percent(progress) {
            parts.append(Part(forms: [percent], rank: 2))
        }
        if let rate = ProgressWords.rate(progress) {
            parts.append(Part(forms: [rate], rank: 5))
        }
        if let flight = ProgressWords.flight(progress) {
            parts.append(Part(forms: [flight], rank: 7))
        }
        if progress.errors > 0 {
            parts.append(Part(forms: [ProgressWords.errors(progress)], rank: 4, style: .error))
        }
        if let wait = progress.wait {
            let forms = [ProgressWords.wait(wait, progress), ProgressWords.briefWait(wait)]
            parts.append(Part(forms: forms, rank: 1, style: .strong))
        }
        if let left = ProgressWords.left(progress) {
            parts.append(Part(forms: [left], rank: 3))
        }
        return parts
    }

    private mutating func shorten() -> Bool {
        let longer = parts.indices.filter { parts[$0].forms.count > 1 }
        guard let index = longer.max(by: { parts[$0].rank < parts[$1].rank }) else { return false }
        parts[index].forms.removeFirst()
        return true
    }

    private mutating func leaveOut(beyond width: Int) {
        let all = parts
        var kept: Set<Int> = []
        for index in all.indices.sorted(by: { all[$0].rank < all[$1].rank }) {
            parts = all.indices.filter { kept.contains($0) || $0 == index }.map { all[$0] }
            if length <= width || kept.isEmpty { kept.insert(index) }
        }
        parts = all.indices.filter(kept.contains).map { all[$0] }
    }

    private mutating func cut(to width: Int) {
        for index in parts.indices {
            parts[index].forms = [String(parts[index].text.prefix(width))]
        }
    }
}
