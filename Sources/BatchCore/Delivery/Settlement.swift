package import Plugipay

/// How a row without an externalId is settled when its request is in doubt: by looking for the
/// record that the request would have made.
package struct Settlement: Sendable, Hashable {
    /// Waits before the look-ups: at once, after 2 s, after 15 s.
    package static let pauses: [Duration] = [.zero, .seconds(2), .seconds(15)]

    /// Look-ups made since the request fell in doubt.
    package var lookUpsDone = 0

    /// A settlement that has not begun.
    package init() {}

    /// How long to wait before the next look-up; `nil` when there is none left.
    package var nextPause: Duration? {
        lookUpsDone < Self.pauses.count ? Self.pauses[lookUpsDone] : nil
    }

    /// What to ask for a row: by e-mail if it has one, else by time.
    ///
    /// - Parameters:
    ///   - draft: What the row asks for.
    ///   - window: When a record of ours can have been created.
    /// - Returns: The question.
    package func lookUp(for draft: CustomerDraft, in window: OwnWindow) -> LookUp {
        guard let email = draft.email else { return .createdAfter(window.opens) }
        // A server that stores e-mails in lower case may yet filter by their exact bytes.
        return .email(lookUpsDone.isMultiple(of: 2) ? email : email.lowercased())
    }

    /// What a look-up says about a row.
    package enum Finding: Sendable {
        /// This record is the row's.
        case found(Customer)
        /// No record can be the row's.
        case absent
        /// Several records could be; none is taken.
        case several
        /// The server's list does not answer the question.
        case inconclusive
    }

    /// Judges the records that a look-up found for a row without an externalId.
    ///
    /// - Parameters:
    ///   - records: What the server sent.
    ///   - hasMore: Whether it has more.
    ///   - lookUp: What was asked.
    ///   - draft: What the row asks for.
    ///   - window: When a record of ours can have been created.
    ///   - claimed: Customers that stand for other rows: no record serves two.
    ///   - twins: Rows in doubt that ask for the same, this one among them. As many records, and
    ///     each may have one.
    /// - Returns: What it says.
    package static func judge(
        _ records: [Customer],
        hasMore: Bool,
        of lookUp: LookUp,
        for draft: CustomerDraft,
        in window: OwnWindow,
        claimed: Set<String>,
        twins: Int = 1
    ) -> Finding {
        let equals = records.filter {
            RecordComparison.isEqual(draft, $0) && !claimed.contains($0.id)
        }
        let candidates = equals.filter { window.contains($0.createdAt) }
        if let first = candidates.first {
            return candidates.count <= twins ? .found(first) : .several
        }
        // Absence is proved by a whole answer to the question, and by nothing that may yet be ours.
        let isProof =
            !hasMore && lookUp.isAnswerable(in: window) && records.allSatisfy(lookUp.matches)
            && equals.allSatisfy { window.isOlder($0.createdAt) }
        return isProof ? .absent : .inconclusive
    }
}

extension LookUp {
    /// Whether an empty answer would mean something: "since when" is a question of the clock.
    fileprivate func isAnswerable(in window: OwnWindow) -> Bool {
        if case .createdAfter = self { window.isReliable } else { true }
    }
}

/// When a record must have been created to be this job's: not before its first intent, as far as
/// the server's clock is known.
package struct OwnWindow: Sendable, Hashable {
    /// The earliest server time.
    package let opens: Timestamp
    /// Whether the server's clock is known well enough to recognise anything by time.
    package let isReliable: Bool

    /// Above this uncertainty nothing is recognised by time.
    package static let largestUncertainty = Duration.seconds(2)

    /// Makes a window.
    ///
    /// - Parameters:
    ///   - firstIntent: Server time when the first request could leave, less its uncertainty then.
    ///   - uncertainty: By how much the server's clock may be misjudged; `nil` when unknown.
    package init(firstIntent: Timestamp, uncertainty: Duration?) {
        opens = firstIntent - (uncertainty ?? .zero)
        isReliable = uncertainty.map { $0 <= Self.largestUncertainty } ?? false
    }

    /// Whether a record created then can be ours.
    ///
    /// Without a reliable clock none can be told to be.
    package func contains(_ createdAt: Timestamp?) -> Bool {
        guard isReliable, let createdAt else { return false }
        return createdAt >= opens
    }

    /// Whether a record created then is certainly older than the job's first request for it.
    package func isOlder(_ createdAt: Timestamp?) -> Bool {
        guard isReliable, let createdAt else { return false }
        return createdAt < opens
    }
}
