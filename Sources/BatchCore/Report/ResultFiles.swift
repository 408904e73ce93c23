import RowIO

/// Writes the result files of a job, `results.csv` and the files of rejects, in one pass over its
/// rows.
///
/// Each file is the old one or the new one, never half.
package struct ResultFiles {
    /// What was written.
    package struct Written: Sendable, Hashable {
        /// The path of `results.csv`.
        package var results: String
        /// The paths of the files of rejects, in the order of the inputs.
        package var rejects: [String]
        /// What could not be written, and why, for people.
        package var notes: [String]
    }

    private let folder: JobFolder
    private let paths: [String]
    private var results: ResultsWriter
    /// By input: 24 bytes a row that has to be mended.
    private var rejected: [[RejectsWriter.RejectedRow]]

    /// Begins the files of a job.
    ///
    /// - Parameters:
    ///   - folder: The job's folder.
    ///   - paths: The inputs as given.
    /// - Throws: `BatchError` when the disk refuses it.
    package init(folder: JobFolder, paths: [String]) throws(BatchError) {
        self.folder = folder
        self.paths = paths
        rejected = Array(repeating: [], count: paths.count)
        results = try Self.storing { () throws(OutputError) in
            try ResultsWriter(path: folder.file(ResultsWriter.fileName))
        }
    }

    /// Adds a row.
    ///
    /// Rows come in input order.
    ///
    /// - Parameter line: What became of it.
    /// - Throws: `BatchError` when the disk refuses it.
    package mutating func add(_ line: ResultLine) throws(BatchError) {
        do {
            try results.append(line, input: paths[line.place.file])
        } catch {
            throw Self.storage(error)
        }
        guard line.status == .invalid || line.status == .rejected else { return }
        rejected[line.place.file].append(
            RejectsWriter.RejectedRow(
                row: line.place.row,
                extent: RawRecords.Extent(offset: line.offset, length: line.length)
            )
        )
    }

    /// Makes the files durable, and removes files of rejects that earlier runs left.
    ///
    /// - Parameters:
    ///   - inputs: The inputs as they were read.
    ///   - originals: Where the original bytes of the rows are to be had.
    /// - Returns: What was written.
    /// - Throws: `BatchError` when the disk refuses it.
    package mutating func finish(
        inputs: [InputRecord],
        originals: OriginalRecords
    ) throws(BatchError) -> Written {
        var rejects = RejectsWriter(folder: folder, inputs: inputs, originals: originals)
        do {
            try results.finish()
            for input in inputs where !rejected[input.file].isEmpty {
                try rejects.write(rejected[input.file], of: input)
            }
        } catch {
            throw Self.storage(error)
        }
        rejects.removeStale()
        return Written(
            results: folder.file(ResultsWriter.fileName),
            rejects: rejects.paths,
            notes: rejects.notes
        )
    }

    /// Writes the result files of a journal's latest run.
    ///
    /// - Parameters:
    ///   - journal: The journal.
    ///   - scope: The mode and namespace of that run, from which keys are derived.
    ///   - folder: The job's folder.
    ///   - originals: Where the original bytes of the rows are to be had.
    /// - Returns: What was written.
    /// - Throws: `BatchError` when the journal or the disk refuses it.
    package static func write(
        _ journal: Journal,
        scope: KeyScope,
        to folder: JobFolder,
        originals: OriginalRecords
    ) throws(BatchError) -> Written {
        do {
            let inputs = try journal.inputs()
            var files = try ResultFiles(folder: folder, paths: inputs.map(\.path))
            try journal.forEachResult(in: scope) { try files.add($0) }
            return try files.finish(inputs: inputs, originals: originals)
        } catch {
            throw storage(error)
        }
    }

    private static func storing<Value>(
        _ body: () throws(OutputError) -> Value
    ) throws(BatchError) -> Value {
        do { return try body() } catch { throw storage(error) }
    }

    private static func storage(_ error: any Error) -> BatchError {
        switch error {
        case let error as BatchError: error
        case let error as OutputError: BatchError(.storage, error.description, cause: error)
        case let error as JournalError: BatchError(.storage, error.message, cause: error)
        default: BatchError(.internalFault, "unexpected error: \(error)", cause: error)
        }
    }
}
