import Plugipay
import Synchronization
import TestSupport

/// A server with a book in memory that lists it as some server may.
final class PagedBook: Sendable {
    /// How the server lists.
    struct Profile: Sendable, CustomStringConvertible {
        /// What `order` does.
        enum Order: String, CaseIterable { case honoured, newestFirst, oldestFirst, byID, byHash }
        /// What `createdAfter` does.
        enum Filter: String, CaseIterable { case honoured, ignored, refused }
        /// How a page tells of the next one.
        enum Meta: String, CaseIterable { case flat, nested, cursorOnly }
        /// How `meta.timestamp` is written.
        enum Clock: String, CaseIterable { case milliseconds, seconds, dateOnly }

        /// What becomes of a cursor whose customer has been deleted.
        enum DeadCursor: String, CaseIterable { case holdsPlace, emptyPage, refused, firstPage }

        var order = Order.honoured
        var filter = Filter.honoured
        var meta = Meta.flat
        var clock = Clock.milliseconds
        var deadCursor = DeadCursor.holdsPlace
        /// Whether cursors count customers, instead of naming one.
        var hasOffsets = false
        /// The most customers on a page.
        var pageSize = 100
        /// Whether objects are written with blanks.
        var isSpaced = false

        var description: String {
            "order \(order.rawValue), filter \(filter.rawValue), meta \(meta.rawValue), "
                + "clock \(clock.rawValue), offsets \(hasOffsets), page \(pageSize), "
                + "dead cursor \(deadCursor.rawValue)"
        }
    }

    struct Record: Sendable, Hashable {
        var id: String
        var createdAt: Timestamp
        var name: String
        /// From when on lists show it: a transaction may be slow to commit.
        var visibleFrom: Timestamp
        var account = "acc_1"
    }

    private struct State {
        var records: [Record] = []
        var targets: [String] = []
    }

    let profile: Profile
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    init(_ profile: Profile, clock: @escaping @Sendable () -> Timestamp) {
        self.profile = profile
        now = clock
    }

    var records: [Record] { state.withLock { $0.records } }
    /// The lists that were asked for: path and query.
    var targets: [String] { state.withLock { $0.targets } }

    func change(_ body: @Sendable (inout [Record]) -> Void) {
        state.withLock { body(&$0.records) }
    }

    func add(_ id: String, _ createdAt: Timestamp, visibleFrom: Timestamp? = nil) {
        let record = Record(
            id: id,
            createdAt: createdAt,
            name: "Name of \(id)",
            visibleFrom: visibleFrom ?? createdAt
        )
        state.withLock { $0.records.append(record) }
    }

    /// Answers a list.
    func answer(_ request: TransportRequest) -> TransportResponse {
        let query = Self.query(of: request.target)
        if query["createdAfter"] != nil, profile.filter == .refused {
            return .failure(400, "validation_error")
        }
        let records = state.withLock { state in
            state.targets.append(request.target)
            return state.records
        }
        let listed = sorted(records.filter { $0.visibleFrom <= now() }, query)
        if let answer = answerToDeadCursor(query["cursor"], listed) { return answer }
        let start = start(in: listed, query["cursor"])
        let size = min(profile.pageSize, query["limit"].flatMap(Int.init) ?? 20)
        let page = listed[start..<min(start + size, listed.count)]
        let hasMore = page.endIndex < listed.count
        let cursor = hasMore ? cursor(after: page) : nil
        return .envelope(
            200,
            data: "[\(page.map(json).joined(separator: ","))]",
            meta: meta(cursor, hasMore: hasMore),
            headers: ["Date": HTTPDate.text(now())]
        )
    }

    // MARK: Order

    private func sorted(_ records: [Record], _ query: [String: String]) -> [Record] {
        var records = records
        if profile.filter == .honoured,
            let after = query["createdAfter"].flatMap(Timestamp.init(iso8601:))
        {
            records.removeAll { $0.createdAt <= after }
        }
        switch profile.order {
        case .honoured: return Self.byTime(records, isNewestFirst: query["order"] != "asc")
        case .newestFirst: return Self.byTime(records, isNewestFirst: true)
        case .oldestFirst: return Self.byTime(records, isNewestFirst: false)
        case .byID: return records.sorted { $0.id < $1.id }
        case .byHash: return records.sorted { Self.hash($0) < Self.hash($1) }
        }
    }

    private static func byTime(_ records: [Record], isNewestFirst: Bool) -> [Record] {
        let ascending = records.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        return isNewestFirst ? ascending.reversed() : ascending
    }

    private static func hash(_ record: Record) -> UInt64 {
        record.id.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }

    // MARK: Pages

    /// What a server answers whose cursors name a customer that is gone.
    private func answerToDeadCursor(_ cursor: String?, _ listed: [Record]) -> TransportResponse? {
        guard let cursor, !profile.hasOffsets, profile.deadCursor != .holdsPlace,
            let id = cursor.split(separator: "|").dropFirst().first,
            !listed.contains(where: { $0.id == id })
        else { return nil }
        switch profile.deadCursor {
        case .holdsPlace, .firstPage: return nil
        case .refused: return .failure(400, "validation_error")
        case .emptyPage: return .envelope(200, data: "[]", meta: meta(nil, hasMore: false))
        }
    }

    /// Cursors are the place or the last customer; one that is not understood means page one.
    private func start(in listed: [Record], _ cursor: String?) -> Int {
        guard let cursor else { return 0 }
        if profile.hasOffsets { return min(Int(cursor) ?? 0, listed.count) }
        let parts = cursor.split(separator: "|").map(String.init)
        guard parts.count == 3, let time = Int64(parts[0]) else { return 0 }
        let (createdAt, id) = (Timestamp(millisecondsSince1970: time), parts[1])
        if profile.deadCursor == .firstPage, !listed.contains(where: { $0.id == id }) { return 0 }
        // The customer itself may be gone by now; its place is not.
        let isBehind: (Record) -> Bool =
            switch parts[2] {
            case "up": { ($0.createdAt, $0.id) > (createdAt, id) }
            case "down": { ($0.createdAt, $0.id) < (createdAt, id) }
            case "id": { $0.id > id }
            default:
                {
                    let last = Record(
                        id: id,
                        createdAt: createdAt,
                        name: "",
                        visibleFrom: createdAt
                    )
                    return Self.hash($0) > Self.hash(last)
                }
            }
        return listed.firstIndex(where: isBehind) ?? listed.count
    }

    private func cursor(after page: ArraySlice<Record>) -> String {
        if profile.hasOffsets { return String(page.endIndex) }
        guard let last = page.last else { return "" }
        let isUp = targets.last?.contains("order=asc") == true
        let way =
            switch profile.order {
            case .honoured: isUp ? "up" : "down"
            case .oldestFirst: "up"
            case .newestFirst: "down"
            case .byID: "id"
            case .byHash: "hash"
            }
        return "\(last.createdAt.millisecondsSince1970)|\(last.id)|\(way)"
    }

    private func meta(_ cursor: String?, hasMore: Bool) -> String {
        let quoted = cursor.map { #""\#($0)""# } ?? "null"
        let time =
            switch profile.clock {
            case .milliseconds: #","timestamp":"\#(now().iso8601)""#
            case .seconds: #","timestamp":"\#(now().iso8601.prefix(19))Z""#
            case .dateOnly: ""
            }
        switch profile.meta {
        case .flat: return #"{"cursor":\#(quoted),"hasMore":\#(hasMore)\#(time)}"#
        case .nested: return #"{"page":{"nextCursor":\#(quoted),"hasMore":\#(hasMore)}\#(time)}"#
        case .cursorOnly: return #"{"cursor":\#(quoted)\#(time)}"#
        }
    }

    private func json(_ record: Record) -> String {
        let blank = profile.isSpaced ? "\n\t " : ""
        return "{\(blank)\"id\":\(blank)\"\(record.id)\",\"accountId\":\"\(record.account)\","
            + "\"name\":\"\(record.name)\",\"metadata\":{\(blank)},\"odd\":1.50e1,"
            + "\"createdAt\":\"\(record.createdAt)\"\(blank)}"
    }

    private static func query(of target: String) -> [String: String] {
        let query = target.split(separator: "?").dropFirst().first ?? ""
        var values: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            values[parts[0]] = parts.count > 1 ? unescaped(parts[1]) : ""
        }
        return values
    }

    private static func unescaped(_ text: String) -> String {
        text.replacing("%3A", with: ":").replacing("%7C", with: "|").replacing("%2B", with: "+")
    }
}

/// The date of an HTTP header (RFC 9110, section 5.6.7).
enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func text(_ time: Timestamp) -> String {
        let text = time.iso8601
        let day = Int(time.secondsSince1970 / 86_400)
        let month = Int(text.dropFirst(5).prefix(2)) ?? 1
        return "\(days[day % 7]), \(text.dropFirst(8).prefix(2)) \(months[month - 1]) "
            + "\(text.prefix(4)) \(text.dropFirst(11).prefix(8)) GMT"
    }
}
