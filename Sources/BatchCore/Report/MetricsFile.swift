import RowIO
import SystemPackage

/// The file of `--metrics-file`, for the textfile collector of Prometheus' node exporter.
///
/// It appears whole or not at all. Other users may read it (0644), because the collector is one;
/// it holds numbers only.
package struct MetricsFile: Sendable, Hashable {
    /// What a name must end in: the collector reads no others.
    package static let suffix = ".prom"

    /// Its path.
    package let path: String

    /// An older file beyond this is not ours.
    private static let largestFile = 1 << 16

    /// The file at a path, which must end in `.prom` and have a name before that.
    package init?(path: String) {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard name.hasSuffix(Self.suffix), name.count > Self.suffix.count else { return nil }
        self.path = path
    }

    /// Checks that the file can be made, before a run that would otherwise end unseen.
    ///
    /// - Throws: `BatchError` when it cannot.
    package func check() throws(BatchError) {
        do {
            // Dropped without a commit it leaves nothing behind.
            _ = try DurableFile(replacing: path)
        } catch {
            let message = "the metrics cannot be written to \(error.description)"
            throw BatchError(.configuration, message, cause: error)
        }
    }

    /// Writes the metrics of a run; the last success stays if this one was none.
    ///
    /// - Parameter metrics: The run.
    /// - Throws: `BatchError` when the disk refuses it, or something stands there that is not
    ///   replaced; the older file is still there.
    package func write(_ metrics: RunMetrics) throws(BatchError) {
        var metrics = metrics
        metrics.earlierSuccess = RunMetrics.lastSuccess(in: olderText(), of: metrics.command)
        do {
            let sink = try DurableFile(
                replacing: path,
                mode: [.ownerReadWrite, .groupRead, .otherRead]
            )
            try sink.write(metrics.text)
            try sink.commit()
        } catch {
            throw BatchError(.storage, error.description, cause: error)
        }
    }

    /// The older file; empty if it is not there or cannot be read: then nobody knows better.
    private func olderText() -> String {
        let file = (try? SmallFile.read(path, upTo: Self.largestFile)) ?? nil
        return file.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
    }
}
