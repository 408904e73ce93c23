package import Plugipay

/// The end of a run as metrics, in the text format of Prometheus.
///
/// The format: https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4. Every
/// sample names its command, so that the files of an import and of an export on one machine do not
/// contradict each other.
package struct RunMetrics: Sendable {
    /// `import`, `validate` or `export`.
    package var command: String
    /// What the process ends with.
    package var exitCode: Int32
    /// How long it ran.
    package var duration: Duration
    /// Local time at the end.
    package var endedAt: Timestamp
    /// What it did; `nil` if it could not begin.
    package var summary: RunSummary?
    /// When a run before this one succeeded, in seconds since 1970, as its file says it.
    package var earlierSuccess: String?

    /// The end of a run.
    package init(command: String, exitCode: Int32, duration: Duration, endedAt: Timestamp) {
        self.command = command
        self.exitCode = exitCode
        self.duration = duration
        self.endedAt = endedAt
    }

    private static let prefix = "plugipay_batch_"
    private static let lastSuccessName = "last_success_timestamp_seconds"

    /// The file: for each metric its help, its type, and its samples.
    package var text: String {
        var text = Exposition(prefix: Self.prefix, command: command)
        if let export = summary?.export {
            text.gauge("exported_customers", "Customers in the file that the last run wrote.")
            text.sample(export.rows)
        } else if let summary {
            text.gauge("rows", "Rows of the input by what became of them, in the last run.")
            for status in RowStatus.allCases {
                text.sample(summary.counts[status, default: 0], ("status", status.rawValue))
            }
        }
        if let summary { addRequests(summary.requests, to: &text) }
        text.gauge("run_duration_seconds", "How long the last run took.")
        text.sample(duration.secondsText)
        text.gauge("exit_code", "Exit code of the last run; 0 is success.")
        text.sample(exitCode)
        text.gauge("last_run_timestamp_seconds", "When the last run ended, Unix time.")
        text.sample(endedAt.secondsText)
        if let success = exitCode == 0 ? endedAt.secondsText : earlierSuccess {
            text.gauge(Self.lastSuccessName, "When a run last ended with exit code 0, Unix time.")
            text.sample(success)
        }
        return text.text
    }

    private func addRequests(_ requests: RunSummary.Requests, to text: inout Exposition) {
        text.gauge("requests", "Requests of the last run; throttled is 429.")
        text.sample(requests.attempts, ("kind", "write"))
        text.sample(requests.lookups, ("kind", "read"))
        text.sample(requests.throttled, ("kind", "throttled"))
        text.gauge("retries", "Writes of the last run that tried a row again.")
        text.sample(requests.retries)
    }

    /// When a run last succeeded, as an older file tells it.
    ///
    /// - Parameters:
    ///   - text: The file.
    ///   - command: Whose runs.
    /// - Returns: The seconds as they stand there; `nil` if there is no such line, or no number in
    ///   it.
    package static func lastSuccess(in text: String, of command: String) -> String? {
        var start = Exposition(prefix: prefix, command: command)
        start.gauge(lastSuccessName, "")
        let head = start.sampleHead() + " "
        for line in text.split(separator: "\n") where line.hasPrefix(head) {
            let value = line.dropFirst(head.count)
            guard value.utf8.allSatisfy({ ("0"..."9").contains(Character(.init($0))) || $0 == 46 }),
                let seconds = Double(value), seconds.isFinite
            else { return nil }
            return String(value)
        }
        return nil
    }
}

/// Writes the text format.
private struct Exposition {
    private(set) var text = ""
    private let prefix: String
    private let command: String
    private var name = ""

    init(prefix: String, command: String) {
        self.prefix = prefix
        self.command = command
    }

    /// Begins a metric.
    mutating func gauge(_ name: String, _ help: String) {
        self.name = prefix + name
        text += "# HELP \(self.name) \(help)\n# TYPE \(self.name) gauge\n"
    }

    mutating func sample(_ value: some BinaryInteger, _ label: (String, String)? = nil) {
        sample(String(value), label)
    }

    mutating func sample(_ value: String, _ label: (String, String)? = nil) {
        text += "\(sampleHead(label)) \(value)\n"
    }

    func sampleHead(_ label: (String, String)? = nil) -> String {
        let labels = [("command", command), label].compactMap(\.self).map { name, value in
            "\(name)=\"\(Self.escaped(value))\""
        }
        return "\(name){\(labels.joined(separator: ","))}"
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Timestamp {
    /// Seconds since 1970 with three decimals.
    fileprivate var secondsText: String {
        Duration.milliseconds(millisecondsSince1970).secondsText
    }
}

extension Duration {
    /// Seconds with three decimals; not below 0.
    fileprivate var secondsText: String {
        let milliseconds = max(0, Int64((self / .milliseconds(1)).rounded()))
        let decimals = String(milliseconds % 1000)
        let zeros = String(repeating: "0", count: 3 - decimals.count)
        return "\(milliseconds / 1000).\(zeros)\(decimals)"
    }
}
