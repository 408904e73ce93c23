import Plugipay

/// The end of a run as text: what became of the rows, the requests, the files, and how to go on.
package struct SummaryTable: Sendable {
    /// The lines, without line ends.
    package let lines: [String]

    private static let labelWidth = 15
    private static let numberWidth = 9

    /// Writes the table.
    ///
    /// - Parameter summary: What the run did.
    package init(_ summary: RunSummary) {
        var lines = Self.counts(of: summary)
        lines += Self.requests(of: summary)
        lines.append(Self.text("took", Self.time(of: summary)))
        lines += Self.files(of: summary)
        lines += Self.whatIsLeft(of: summary)
        self.lines = lines
    }

    private static func counts(of summary: RunSummary) -> [String] {
        guard summary.export == nil else { return [count("customers", summary.read)] }
        var lines = [count("rows read", summary.read)]
        for status in RowStatus.allCases {
            guard let number = summary.counts[status], number > 0 else { continue }
            let label = status.rawValue.replacing("_", with: " ")
            lines.append(count(label, number) + (status.isError ? meaning(of: status) : ""))
        }
        return lines
    }

    private static func meaning(of status: RowStatus) -> String {
        switch status {
        case .invalid: "  refused by the local rules, never sent"
        case .rejected: "  refused by the server"
        case .failed: "  given up; known not to exist"
        case .unknown: "  may or may not exist; the next run looks again"
        case .notAttempted: "  the run ended before them"
        default: ""
        }
    }

    private static func requests(of summary: RunSummary) -> [String] {
        let requests = summary.requests
        guard requests != RunSummary.Requests() else { return [] }
        guard summary.export == nil else { return reads(of: summary) }
        var parts = [Self.number(requests.attempts, "write")]
        if requests.retries > 0 { parts[0] += " (\(requests.retries) of them again)" }
        if requests.lookups > 0 { parts.append(Self.number(requests.lookups, "look-up")) }
        if requests.throttled > 0 { parts.append("\(requests.throttled) throttled") }
        var lines = [text("requests", parts.joined(separator: ", "))]
        guard requests.attempts > 0 else { return lines }
        let rate = (summary.writesPerSecond * 10).rounded() / 10
        lines.append(text("speed", "\(rate) writes/s"))
        lines.append(text("answers in", answers(of: summary)))
        return lines
    }

    private static func reads(of summary: RunSummary) -> [String] {
        let requests = summary.requests
        var parts = [Self.number(requests.lookups, "read")]
        if requests.throttled > 0 { parts.append("\(requests.throttled) throttled") }
        return [
            text("requests", parts.joined(separator: ", ")),
            text("answers in", answers(of: summary)),
        ]
    }

    private static func answers(of summary: RunSummary) -> String {
        let latency = summary.latency
        return "\(latency.p50) ms (half), \(latency.p95) ms (95 %), "
            + "\(latency.p99) ms (99 %), \(latency.max) ms (all)"
    }

    private static func time(of summary: RunSummary) -> String {
        let time = summary.endedAt - summary.startedAt
        return DurationWords.text(seconds: Int((time / .seconds(1)).rounded(.up)))
    }

    private static func files(of summary: RunSummary) -> [String] {
        var lines: [String] = []
        if let export = summary.export, summary.status == .completed {
            if let path = export.path { lines.append(text("file", path)) }
            if let manifest = export.manifest { lines.append(text("manifest", manifest)) }
        }
        if let results = summary.results { lines.append(text("results", results)) }
        lines += summary.rejects.map { text("rejects", $0) }
        return lines
    }

    private static func whatIsLeft(of summary: RunSummary) -> [String] {
        var lines: [String] = []
        if summary.exitCode == ExitStatus.tooManyErrors.rawValue {
            lines.append("Stopped: more rows have errors than --max-errors allows.")
        }
        if !summary.rejects.isEmpty {
            lines.append("To mend rows: correct the file of rejects and import it, same flags.")
        }
        if let next = summary.next { lines.append("To go on: \(next)") }
        return lines
    }

    private static func number(_ number: Int, _ word: String) -> String {
        "\(number) \(word)\(number == 1 ? "" : "s")"
    }

    private static func count(_ label: String, _ number: Int) -> String {
        let digits = String(number)
        let blanks = String(repeating: " ", count: max(0, numberWidth - digits.count))
        return pad(label) + blanks + digits
    }

    private static func text(_ label: String, _ value: String) -> String {
        pad(label) + "  " + value
    }

    private static func pad(_ label: String) -> String {
        "  " + label + String(repeating: " ", count: max(0, labelWidth - label.count))
    }
}
