package import RowIO

/// What to import and how: the command line as one value.
package struct ImportJob: Sendable {
    /// The inputs, in order; `-` is standard input.
    package var inputs: [String]
    /// The row format; `nil` to tell it by content, then by name.
    package var format: RowFormat?
    /// The columns of inputs without a header line; `nil` when each input names its own.
    package var columns: ColumnNames?
    /// How columns become fields.
    package var mapping = MappingOptions()
    /// Rows left out at the start of the job.
    package var skip = 0
    /// Rows taken after that; `nil` for all.
    package var limit: Int?
    /// Whether the whole input is to be checked before the first request, if it can be read twice.
    package var checksFirst = true

    /// Mode and namespace of the keys.
    package var scope = KeyScope()
    /// What happens when an externalId is taken.
    package var onConflict = ConflictPolicy.skip
    /// Whether identical rows without an externalId become one customer each.
    package var allowsDuplicates = false
    /// When to stop because of errors; `nil` for never.
    package var errorLimit: ErrorLimit?

    /// Requests a second.
    package var rate = RateSetting.auto
    /// Requests in flight.
    package var concurrency = Concurrency.Setting.auto
    /// Tries of one row.
    package var maxAttempts = 8
    /// How long the server may be down.
    package var maxOutage = Duration.seconds(3600)

    /// Makes a job with the defaults.
    ///
    /// - Parameter inputs: The inputs, in order; `-` is standard input.
    package init(inputs: [String]) {
        self.inputs = inputs
    }

    /// How every input is to be opened.
    package var inputOptions: InputOptions {
        var options = InputOptions(format: format)
        options.columns = columns?.names
        if !mapping.readsIntoMetadata { options.packedMember = CustomerColumns.metadata }
        return options
    }

    /// The flags that say how columns become fields, for the journal.
    var mappingFlags: String {
        [mapping.description, columns?.description ?? ""].filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    /// Whether every input can be read twice, so that the run may check it first.
    package var isRereadable: Bool { !inputs.contains("-") }

    /// Whether the whole input is checked before the first request.
    package var checksAll: Bool { checksFirst && isRereadable }
}

/// The value of `--on-conflict`: what happens when a row's externalId is taken.
package enum ConflictPolicy: String, Sendable, CaseIterable {
    /// Leave the customer as it is.
    case skip
    /// PATCH what differs.
    case update
    /// Call the row rejected.
    case fail
}

/// The value of `--max-errors`.
package enum ErrorLimit: Sendable, Hashable {
    /// More rows than this.
    case count(Int)
    /// More than this share of the rows read so far, in percent; tested from row 100 on, and at the
    /// end.
    case percent(Double)

    private static let firstTestedRow = 100

    /// Reads `N` or `P%`.
    ///
    /// - Parameter text: The value on the command line.
    package init?(_ text: String) {
        if text.hasSuffix("%") {
            guard let percent = Double(text.dropLast()), (0...100).contains(percent) else {
                return nil
            }
            self = .percent(percent)
        } else {
            guard let count = Int(text), count >= 0 else { return nil }
            self = .count(count)
        }
    }

    /// Whether the run must stop.
    ///
    /// - Parameters:
    ///   - errors: Rows that are invalid, rejected or failed.
    ///   - rows: Rows read so far.
    ///   - isEnd: Whether all rows have been read.
    /// - Returns: Whether the limit is passed; of a percentage never before it is tested.
    package func isExceeded(errors: Int, rows: Int, isEnd: Bool) -> Bool {
        switch self {
        case .count(let most):
            return errors > most
        case .percent(let percent):
            guard rows > 0, isEnd || rows >= Self.firstTestedRow else { return false }
            return Double(errors) * 100 > percent * Double(rows)
        }
    }
}
