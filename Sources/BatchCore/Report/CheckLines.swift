extension InputCheck.Report {
    /// What was found as text: rows, repeats, rows without an externalId, columns left out, and the
    /// time at the allowed rate.
    ///
    /// An import says the same before its first request.
    ///
    /// - Parameter job: The job that was checked.
    /// - Returns: Lines without line ends.
    package func lines(for job: ImportJob) -> [String] {
        StartLines.lines(for: self, job: job)
    }
}
