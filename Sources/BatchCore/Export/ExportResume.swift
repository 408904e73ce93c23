import Plugipay
import RowIO

/// Decides whether a stopped export goes on, and from where.
struct ExportResume {
    /// What was found.
    enum Finding {
        /// Nothing is left of an earlier run.
        case nothing
        /// An earlier run's file goes on.
        case goesOn(ExportCheckpoint, ExportMachine.Resumption)
        /// Something is left, and cannot be used: why.
        case beginsAnew(String)
    }

    let files: ExportFiles
    /// Local time.
    let now: Timestamp

    /// Looks at what an earlier run has left; an output that goes on stands at its place then.
    ///
    /// - Parameters:
    ///   - output: The output to the part file.
    ///   - length: Bytes in the part file.
    /// - Returns: What was found.
    /// - Throws: `OutputError` when the files cannot be read, or the part file not be cut.
    func look(_ output: inout ExportOutput, length: Int64) throws(OutputError) -> Finding {
        let path = ExportJob.checkpointPath(for: files.path)
        let file: SmallFile?
        do {
            file = try SmallFile.read(path, upTo: ExportCheckpoint.mostBytes)
        } catch {
            throw OutputError(
                code: .readFailed,
                message: error.message,
                path: path,
                cause: error
            )
        }
        guard let file else {
            return length == 0 ? .nothing : .beginsAnew("\(files.path).part has no checkpoint")
        }
        guard let checkpoint = ExportCheckpoint(json: file.bytes) else {
            return .beginsAnew("\(path) cannot be read")
        }
        if let reason = hindrance(checkpoint, modified: file.modifiedMilliseconds) {
            return .beginsAnew(reason)
        }
        guard try output.takeUp(checkpoint) else {
            return .beginsAnew("\(files.path).part is not what the checkpoint tells of")
        }
        guard let written = written(checkpoint) else {
            return .beginsAnew(
                "\(files.path).part does not tell which customers are in it "
                    + "(--fields without id and createdAt?)"
            )
        }
        let resumption = ExportMachine.Resumption(
            scope: checkpoint.scope,
            account: checkpoint.account,
            place: checkpoint.place,
            written: written
        )
        return .goesOn(checkpoint, resumption)
    }

    private func hindrance(_ checkpoint: ExportCheckpoint, modified: Int64) -> String? {
        if let difference = checkpoint.terms.difference(from: files.terms) {
            return "the stopped export had another \(difference)"
        }
        let touched = Timestamp(millisecondsSince1970: modified)
        let age = now - min(touched, checkpoint.writtenAt)
        guard age < ExportCheckpoint.lifetime else {
            return "the stopped export is older than 24 h"
        }
        guard age > .zero - ExportCheckpoint.clockTolerance else {
            return "the stopped export is from the future; was the clock set back?"
        }
        return nil
    }

    /// The customers in the file, as far as the walk has to know them.
    private func written(_ checkpoint: ExportCheckpoint) -> WrittenCustomers? {
        let place = checkpoint.place
        let question = WrittenReader.Question(
            wantsAll: place.order == .server,
            overlapFrom: checkpoint.scope.overlapFrom
        )
        if let written = (try? files.written(question)) ?? nil, written.count == checkpoint.rows {
            return written
        }
        // Without ids in the file, the place of the last customer still tells what is new, unless
        // the overlap pass may meet customers that are written already.
        guard place.phase == .walk, place.order == .creation, let last = place.last?.createdAt,
            last < checkpoint.scope.overlapFrom
        else { return checkpoint.rows == 0 ? WrittenCustomers() : nil }
        var written = WrittenCustomers()
        written.count = checkpoint.rows
        return written
    }
}
