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
    ///   - window: The records that can be ours.
    package static func lookUp(for draft: CustomerDraft, in window: OwnWindow) -> LookUp {
        if let email = draft.email { return .email(email) }
        return .createdAfter(window.opens)
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
    /// - Returns: What it says.
    package static func judge(
        _ records: [Customer],
        hasMore: Bool,
        of lookUp: LookUp,
        for draft: CustomerDraft,
        in window: OwnWindow,
        claimed: Set<String>
    ) -> Finding {
        let candidates = records.filter {
            RecordComparison.isEqual(draft, $0) && window.contains($0.createdAt)
                && !claimed.contains($0.id)
        }
        if candidates.count == 1 { return .found(candidates[0]) }
        if candidates.count > 1 { return .several }
        let isFiltered = records.allSatisfy(lookUp.matches)
        return isFiltered && !hasMore ? .absent : .inconclusive
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
    ///   - firstIntent: Server time just before the first request could leave.
    ///   - uncertainty: By how much the server's clock may be misjudged; `nil` when unknown.
    package init(firstIntent: Timestamp, uncertainty: Duration?) {
        opens = firstIntent - (uncertainty ?? .zero)
        isReliable = uncertainty.map { $0 <= Self.largestUncertainty } ?? false
    }

    /// Whether a record created then can be ours. Without a reliable clock none can.
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
