import RowIO

/// What a user is told before the first request: what the input holds, and what to mind.
enum StartLines {
    /// The documented limit of a workspace, for an estimate before any answer.
    private static let estimatedRate = 16.0

    /// Past this, in seconds, a forecast says nothing: a hundred years.
    private static let longestForecast = 3_155_760_000.0

    /// The lines, most important first.
    ///
    /// - Parameters:
    ///   - report: What the check found; `nil` for an input that streams.
    ///   - job: The job.
    /// - Returns: The lines, without line ends.
    static func lines(for report: InputCheck.Report?, job: ImportJob) -> [String] {
        guard let report else {
            return ["streaming: rows are checked as they come, not all before the first request"]
        }
        var lines = [overview(report, job)]
        if report.withoutExternalID > 0 {
            lines.append(
                "rows without an externalId: \(report.withoutExternalID). If an answer is lost, "
                    + "only a look-up can settle such a row; if a column identifies a customer, "
                    + "name it with --map externalId=COLUMN"
            )
        }
        if report.externalIDsLikeEmails > 0 {
            lines.append(
                "externalIds that look like e-mails: \(report.externalIDsLikeEmails). They are "
                    + "shown in results.csv and kept in the journal as they are"
            )
        }
        for (input, leftOut) in zip(report.inputs, report.leftOut) where !leftOut.isEmpty {
            let names = leftOut.map { $0.name.isEmpty ? "(without a name)" : $0.name }
            lines.append("\(input.path): left out: \(names.joined(separator: ", "))")
        }
        return lines
    }

    private static func overview(_ report: InputCheck.Report, _ job: ImportJob) -> String {
        var parts = ["\(report.rows) rows"]
        for status in [RowStatus.invalid, .duplicate] where report.count(status) > 0 {
            parts.append("\(report.count(status)) \(status.rawValue)")
        }
        if let time = time(for: report.count(.valid), job) { parts.append(time) }
        return parts.joined(separator: ", ")
    }

    private static func time(for rows: Int, _ job: ImportJob) -> String? {
        let rate =
            switch job.rate {
            case .auto: estimatedRate
            case .fixed(let rate): rate
            }
        guard rate > 0, rows > 0 else { return nil }
        let seconds = (Double(rows) / rate).rounded(.up)
        guard seconds < longestForecast else { return nil }
        let word = DurationWords.text(seconds: Int(seconds))
        return "about \(word) at \(rate == rate.rounded() ? "\(Int(rate))" : "\(rate)") rows/s"
    }
}
