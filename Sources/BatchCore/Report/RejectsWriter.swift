import RowIO

/// Writes the files of rejects: header and original bytes of the rows that have to be mended.
struct RejectsWriter {
    /// One such row: where its bytes stand in the uncompressed input.
    struct RejectedRow {
        var row: Int
        var extent: RawRecords.Extent
    }

    private let folder: JobFolder
    private let inputs: [InputRecord]
    private let originals: OriginalRecords
    private var names: RejectNames

    /// The paths written so far.
    private(set) var paths: [String] = []
    /// What could not be written, and why, for people.
    private(set) var notes: [String] = []

    init(folder: JobFolder, inputs: [InputRecord], originals: OriginalRecords) {
        self.folder = folder
        self.inputs = inputs
        self.originals = originals
        let files = inputs.compactMap { try? FileIdentity.current(atPath: $0.path) }
        names = RejectNames { name in
            guard let here = try? FileIdentity.current(atPath: folder.file(name)) else {
                return false
            }
            return files.contains { $0.device == here.device && $0.inode == here.inode }
        }
    }

    /// Writes the file for one input.
    ///
    /// - Parameters:
    ///   - rows: Its rows to mend, in input order; not empty.
    ///   - input: The input.
    /// - Throws: `OutputError` when the disk refuses it.
    mutating func write(_ rows: [RejectedRow], of input: InputRecord) throws {
        let path = folder.file(names.next(file: input.file, format: input.format))
        let file = try DurableFile(replacing: path)
        let sink = LineEndSink(file)
        do {
            if input.path == Self.standardInput {
                try copyKept(rows, of: input, to: sink)
            } else {
                try copy(rows, of: input, to: sink)
            }
        } catch let error as InputError {
            notes.append("\(path) was not written: \(error)")
            return
        }
        try sink.finish()
        try file.commit()
        paths.append(path)
    }

    /// Removes files of rejects that an earlier run left, once all of this run are written.
    ///
    /// When one could not be written, the old ones stay: they are the better knowledge.
    mutating func removeStale() {
        guard notes.isEmpty else { return }
        for name in folder.regularFiles() where RejectNames.isOurs(name) {
            guard !paths.contains(folder.file(name)), !names.isInput(name) else { continue }
            folder.remove(name)
        }
    }

    private static let standardInput = "-"

    private func copy(
        _ rows: [RejectedRow],
        of input: InputRecord,
        to sink: LineEndSink
    ) throws {
        guard let identity = originals.identities[input.file] else {
            throw InputError(
                code: .changed,
                message: "the file was changed or removed since its rows were read; run the "
                    + "import again",
                path: input.path
            )
        }
        let header = input.header.map {
            RawRecords.Extent(offset: $0.lowerBound, length: Int($0.upperBound - $0.lowerBound))
        }
        try RawRecords.copy(
            [header].compactMap(\.self) + rows.map(\.extent),
            fromFile: input.path,
            identity: identity,
            to: sink
        )
    }

    private mutating func copyKept(
        _ rows: [RejectedRow],
        of input: InputRecord,
        to sink: LineEndSink
    ) throws {
        let isKept = { [kept = originals.kept] (row: RejectedRow) in
            kept[RowPlace(file: input.file, row: row.row)] != nil
        }
        guard rows.contains(where: isKept) else {
            throw InputError(
                code: .unreadable,
                message: "it cannot be read again; pipe it into the import once more",
                path: "standard input"
            )
        }
        if let header = originals.kept[RowPlace(file: input.file, row: 0)] {
            try sink.write(header)
        }
        var missing = 0
        for row in rows {
            if let record = originals.kept[RowPlace(file: input.file, row: row.row)] {
                try sink.write(record)
                try sink.finish()
            } else {
                missing += 1
            }
        }
        guard missing > 0 else { return }
        notes.append(
            "the file of rejects lacks \(missing) of the rows to mend: there was no room to keep "
                + "them in memory. results.csv names their rows"
        )
    }
}
