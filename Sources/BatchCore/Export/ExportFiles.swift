import Plugipay
import RowIO

/// The files beside an export: the part file to read back, and the checkpoint.
struct ExportFiles: Sendable {
    /// The final name.
    let path: String
    /// How customers are written.
    let format: ExportFormat
    /// What must be the same for an export to go on.
    let terms: ExportCheckpoint.Terms
    /// Local time at the start of the export, of the first run if there were several.
    var startedAt: Timestamp

    /// Files the checkpoint of what has been written.
    func keep(
        _ place: ExportPlace,
        scope: ExportScope,
        account: String?,
        output: ExportOutput,
        at time: Timestamp
    ) throws(OutputError) {
        let checkpoint = ExportCheckpoint(
            terms: terms,
            account: account,
            startedAt: startedAt,
            writtenAt: time,
            scope: scope,
            place: place,
            rows: output.rows,
            firstID: output.firstID,
            lastID: output.lastID,
            bytes: output.bytes,
            sha256: output.hexDigest
        )
        let sink = try DurableFile(replacing: ExportJob.checkpointPath(for: path))
        try sink.write(checkpoint.json + "\n")
        try sink.commit()
    }

    /// Removes the checkpoint, if there is one.
    func removeCheckpoint() throws(OutputError) {
        try SmallFile.remove(ExportJob.checkpointPath(for: path))
    }

    /// The ids of all customers in the part file; `nil` where they cannot be read back.
    func writtenIDs() -> CustomerIDSet? {
        let question = WrittenReader.Question(wantsAll: true, overlapFrom: nil)
        return (try? written(question))??.all
    }

    /// What stands in the part file; `nil` where it does not tell.
    func written(
        _ question: WrittenReader.Question
    ) throws(InputError) -> WrittenCustomers? {
        try WrittenReader.read(path + PartFile.suffix, format, question)
    }
}
