/// How far a run is, and what it waits for: one look at it, for the live line, the lines of a log,
/// and `--progress json`.
///
/// The loops make one at most every `RunEnvironment.progressInterval`, and one more when `wait`
/// begins, ends, or becomes another.
package struct RunProgress: Sendable, Hashable {
    /// What the run is doing.
    package enum Activity: String, Sendable, Hashable {
        /// Reading the whole input before the first request, or without any.
        case checking
        /// Rows become customers.
        case importing
        /// Customers become rows.
        case exporting
    }

    /// Why nothing is being sent.
    package enum Wait: Sendable, Hashable {
        /// The server limits requests (429): for so long.
        case limit(Duration)
        /// The server does not answer well: since when, and when it is asked again; `nil` while it
        /// is being asked.
        case server(downFor: Duration, nextTry: Duration?)
        /// So many rows wait to be tried or looked up again, the first of them for so long.
        case retries(rows: Int, next: Duration)
        /// A stop was asked for: nothing new is sent, answers in flight are awaited.
        case answers

        /// What is waited for, without how long.
        package enum Kind: String, Sendable, Hashable {
            /// The server's limit.
            case limit
            /// A server that answers well.
            case server
            /// Rows to be tried again.
            case retries
            /// Answers in flight.
            case answers
        }

        /// What is waited for.
        package var kind: Kind {
            switch self {
            case .limit: .limit
            case .server: .server
            case .retries: .retries
            case .answers: .answers
            }
        }
    }

    /// How many bytes of the inputs have been read.
    package struct Bytes: Sendable, Hashable {
        /// So many have been read.
        package var read: Int64
        /// So many there are, on disk.
        package var total: Int64

        /// Bytes read of all bytes.
        package init(read: Int64, total: Int64) {
            self.read = read
            self.total = total
        }
    }

    /// What the run is doing.
    package var activity: Activity
    /// Rows checked, rows settled, or customers written.
    package var done: Int
    /// How many there are in all, if that is known.
    package var total: Int?
    /// Where only bytes tell how much is left: while the input is being checked.
    package var bytes: Bytes?
    /// Rows with an error so far.
    package var errors: Int
    /// How many of `done` a second, of late; see `RateWindow`.
    package var perSecond: Double
    /// Requests in flight.
    package var inFlight: Int
    /// Why nothing is being sent; `nil` while something is.
    package var wait: Wait?
    /// How long it will still take at this rate, if that can be said.
    package var remaining: Duration?

    /// A look at a run.
    package init(
        _ activity: Activity,
        done: Int,
        total: Int? = nil,
        bytes: Bytes? = nil,
        errors: Int = 0,
        perSecond: Double = 0,
        inFlight: Int = 0,
        wait: Wait? = nil,
        remaining: Duration? = nil
    ) {
        self.activity = activity
        self.done = done
        self.total = total
        self.bytes = bytes
        self.errors = errors
        self.perSecond = perSecond
        self.inFlight = inFlight
        self.wait = wait
        self.remaining = remaining
    }

    /// How much of the work is done, from 0 to 1; `nil` if nobody knows how much there is.
    package var share: Double? {
        let share: Double
        if let total {
            share = total > 0 ? Double(done) / Double(total) : 1
        } else if let bytes, bytes.total > 0 {
            share = Double(bytes.read) / Double(bytes.total)
        } else {
            return nil
        }
        return min(max(share, 0), 1)
    }
}
