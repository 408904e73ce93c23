import Plugipay

/// Which customers belong into an export.
struct ExportScope: Sendable, Hashable {
    /// Only those created after this time (`--created-after`); `nil` for all.
    var after: Timestamp?
    /// Only those created until then: what is added during a long walk is the next export's.
    var upTo: Timestamp
    /// From here on the overlap pass looks again: a transaction that was slow to commit puts a
    /// customer behind the place that the walk has reached.
    var overlapFrom: Timestamp

    /// How far the overlap pass reaches back before the start.
    static let overlap = Duration.seconds(600)
}

extension ExportScope {
    /// The scope of an export that begins now.
    ///
    /// - Parameters:
    ///   - after: The value of `--created-after`.
    ///   - start: The server's time, no earlier than it was when the export began.
    ///   - newest: When the newest customer was created, as far as the server tells.
    init(after: Timestamp?, start: Timestamp, newest: Timestamp?) {
        self.init(
            after: after,
            upTo: newest.map { max($0, start) } ?? start,
            overlapFrom: start - Self.overlap
        )
    }

    /// Whether a customer belongs into the export.
    ///
    /// One whose age is not told does: a customer too many is better than one too few.
    func contains(_ item: ListedPage.Item) -> Bool {
        guard let place = item.place else { return true }
        return place.createdAt <= upTo && after.map(place.isAfter) ?? true
    }
}
