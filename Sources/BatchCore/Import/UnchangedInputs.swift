import RowIO

/// The inputs that are what the last run has read, as far as their size tells.
///
/// Where one externalId has several contents in an input, a row may be passed over only if the row
/// that was applied last still comes behind it; that cannot be seen before it is read.
struct UnchangedInputs {
    private let files: Set<Int>

    /// Compares the inputs with those of the last run.
    ///
    /// What cannot be compared passes for unchanged: standard input, a part of an input, and what a
    /// run read that was killed.
    ///
    /// - Parameters:
    ///   - job: The inputs of this run.
    ///   - journal: The journal, which knows those of the last one.
    ///   - run: This run.
    /// - Throws: `JournalError` when the journal cannot be read.
    init(of job: ImportJob, _ journal: Journal, run: Int) throws(JournalError) {
        let last = try journal.inputs()
        let wasKilled = try journal.lastRun(isEnded: true)?.id != run - 1
        var files: Set<Int> = []
        for (path, record) in zip(job.inputs, last) where path == record.path {
            let size = (try? FileIdentity.current(atPath: path))?.size
            if wasKilled || path == "-" || job.limit != nil || size == record.bytes {
                files.insert(record.file)
            }
        }
        self.files = files
    }

    func contains(_ place: RowPlace) -> Bool { files.contains(place.file) }
}
