import Plugipay
import RowIO
import Testing

@testable import BatchCore

/// A planner over a journal in memory and a file, run after run, with a book that takes whatever is
/// sent.
struct PlannerRig {
    /// What one run did.
    struct Outcome {
        var planned: [PlannedRow] = []
        var lines: [ResultLine] = []
        var errors = 0

        /// Places and status of all rows: `1 created`.
        var statuses: [String] { lines.map { "\($0.place.row) \($0.status.rawValue)" } }
        /// What was asked of the server: `1 create c-1`.
        var requests: [String] {
            planned.map { row in
                let name = row.draft.externalId ?? row.draft.name ?? ""
                return "\(row.entry.place.row) \(row.start) \(name)"
            }
        }
    }

    let folder: ImportFolder
    let journal: Journal
    /// The last name sent for each externalId.
    private(set) var book: [String: String] = [:]
    private var time = MachineRig.epoch

    init() throws {
        folder = try ImportFolder()
        journal = try Journal.inMemory()
        try journal.begin(
            JobRecord(target: "here", account: nil, mapping: "", createdAt: MachineRig.epoch)
        )
    }

    /// Runs over one CSV with these lines under a header of externalId, name and e-mail.
    ///
    /// - Parameters:
    ///   - lines: The rows.
    ///   - change: What the command line says.
    ///   - isKilled: Whether the run comes to no end.
    ///   - stopAfter: Rows after which the run ends early; the rest is listed.
    ///   - state: What becomes of a row that is sent; by default it is done.
    /// - Returns: What was planned and listed.
    /// - Throws: What the planner or the journal throws.
    mutating func run(
        _ lines: [String],
        _ change: (inout ImportJob) -> Void = { _ in },
        isKilled: Bool = false,
        stopAfter: Int = .max,
        state: (PlannedRow) -> JournalEntry.State? = { _ in nil }
    ) throws -> Outcome {
        let header = "externalId,name,email\n"
        var job = ImportJob(
            inputs: [try folder.write("in.csv", header + lines.map { $0 + "\n" }.joined())]
        )
        change(&job)
        time = time + .seconds(60)
        let run = try journal.beginRun(startedAt: time, scope: job.scope)
        var planner = try ImportPlanner(job: job, journal: journal, run: run)
        var outcome = Outcome()
        var isEnd = false
        while !isEnd, outcome.planned.count < stopAfter {
            let count = min(3, stopAfter - outcome.planned.count)
            let batch = try planner.plan(count, now: time)
            isEnd = batch.isEnd
            for row in batch.rows {
                outcome.planned.append(row)
                try settle(row, state(row))
            }
        }
        if !isEnd { try planner.listRest(now: time) }
        try journal.setInputs(planner.walk.inputs)
        for input in planner.walk.inputs { try journal.unlist(beyond: input) }
        if !isKilled { try journal.endRun(run, endedAt: time, exitCode: 0, summary: "") }
        try journal.forEachResult(in: job.scope) { outcome.lines.append($0) }
        outcome.errors = planner.errors
        return outcome
    }

    private mutating func settle(_ row: PlannedRow, _ state: JournalEntry.State?) throws {
        var entry = row.entry
        entry.state = state ?? (row.start == .update ? .updated : .created)
        entry.attempts += 1
        if entry.state == .rejected { entry.errorCode = "validation_error" }
        if entry.state.hasCustomer {
            entry.customerID = "cus_\(row.draft.externalId ?? "of_\(entry.id)")"
            if let externalID = row.draft.externalId { book[externalID] = row.draft.name }
        }
        try journal.update(entry)
    }
}
