package import Plugipay

/// One decision to bring one customer about: what was asked for, and what came of it.
///
/// An identity has one entry for each content that was ever sent for it; the newest stands for it,
/// and `previous` leads to the one before.
package struct JournalEntry: Sendable, Hashable {
    /// How far the decision has come.
    package enum State: String, Sendable {
        /// An intent: a request may have left. Found after a crash, it is in doubt. Left by every
        /// answer that decides, and by an orderly stop.
        case open
        /// An intent that was taken back before anything was sent. The next run takes it up.
        case withdrawn
        /// Final: the customer exists because of this job.
        case created
        /// Final: the customer was there before.
        case exists
        /// Final: the customer was changed.
        case updated
        /// Final: there was nothing to change.
        case unchanged
        /// Final for this content: the server refused it.
        case rejected
        /// Given up, and known not to exist. The next run tries again.
        case failed
        /// May or may not exist. The next run looks again.
        case unknown

        /// Whether the same content needs no further request.
        package var isFinal: Bool {
            switch self {
            case .created, .exists, .updated, .unchanged, .rejected: true
            case .open, .withdrawn, .failed, .unknown: false
            }
        }

        /// Whether this content has been applied to a customer that exists.
        package var hasCustomer: Bool {
            switch self {
            case .created, .exists, .updated, .unchanged: true
            case .open, .withdrawn, .rejected, .failed, .unknown: false
            }
        }
    }

    /// The journal's number for it, from 1, growing.
    package var id: Int
    /// Whose entry it is.
    package var identity: Digest
    /// The SHA-256 of the canonical body that was asked for.
    package var body: Digest
    /// The row's externalId, if it has one.
    package var externalID: String?
    /// How many identical bodies came before it.
    package var ordinal = 0
    /// Raised when a look-up proved that the key's customer does not exist.
    package var epoch = 0
    /// The entry of the same identity before this one.
    package var previous: Int?
    /// The run that made it or settled it.
    package var run: Int
    /// Where its row stood when it was last read.
    package var place: RowPlace
    /// How far it has come.
    package var state = State.open
    /// What the last write did; decides the idempotency key.
    package var operation = IdempotencyKey.Operation.create
    /// The SHA-256 of the body of the last write: the row's own, or a PATCH's.
    package var sentBody: Digest
    /// The customer, once known.
    package var customerID: String?
    /// The status of the answer that decided, 0 for none.
    package var httpStatus = 0
    /// The code of the error, if it is one.
    package var errorCode: String?
    /// The field that the server named.
    package var errorField: String?
    /// A word for the user; no value of the row stands in it.
    package var message: String?
    /// The server's id of the request that decided.
    package var requestID: String?
    /// POST and PATCH sent and not answered 429, over all runs.
    package var attempts = 0
    /// The latest server time that had certainly come when the first request could leave: as it was
    /// known then, less its uncertainty.
    package var firstIntent: Timestamp?
    /// Server time when it was settled.
    package var settledAt: Timestamp?

    /// The key of the last write.
    ///
    /// - Parameter scope: The mode and namespace of the run.
    /// - Returns: The key, derived anew.
    package func key(in scope: KeyScope) -> IdempotencyKey {
        IdempotencyKey(
            operation: operation,
            scope: scope,
            ordinal: ordinal,
            epoch: epoch,
            body: sentBody
        )
    }
}

/// One record of the input as the journal lists it: where it stands, and either its entry or the
/// local reason why it has none.
package struct RowListing: Sendable, Hashable {
    /// Where the row stands.
    package var place: RowPlace
    /// The physical line on which it starts, from 1.
    package var line: Int
    /// Its first byte in the uncompressed input.
    package var offset: Int64
    /// Its bytes, line end included.
    package var length: Int
    /// The run that listed it.
    package var run: Int
    /// The entry that stands for it; of a duplicate, the entry of the row that it repeats.
    package var entry: Int?
    /// A status that was decided without asking the server; `nil` when the entry's state counts.
    package var status: RowStatus?
    /// Its externalId, where no entry holds it.
    package var externalID: String?
    /// The codes of its issues, joined with `;`.
    package var errorCode: String?
    /// The fields of its issues, joined with `;`.
    package var errorField: String?
    /// A word for the user; no value of the row stands in it.
    package var message: String?

    /// Makes a listing.
    ///
    /// - Parameters:
    ///   - place: Where the row stands.
    ///   - line: The physical line on which it starts, from 1.
    ///   - offset: Its first byte in the uncompressed input.
    ///   - length: Its bytes, line end included.
    ///   - run: The run that lists it.
    package init(place: RowPlace, line: Int, offset: Int64, length: Int, run: Int) {
        self.place = place
        self.line = line
        self.offset = offset
        self.length = length
        self.run = run
    }

    /// Whether the other one says the same; the run that listed it is not compared.
    ///
    /// - Parameter other: What the journal holds.
    /// - Returns: Whether nothing needs to be written.
    package func says(theSameAs other: RowListing) -> Bool {
        var other = other
        other.run = run
        return self == other
    }
}
