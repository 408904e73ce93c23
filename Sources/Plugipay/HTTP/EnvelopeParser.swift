/// Takes an answer's body apart in one pass.
struct EnvelopeParser {
    private(set) var data: Envelope.Payload = .none
    private(set) var error: Envelope.ErrorObject?
    private(set) var meta = Envelope.Meta()

    private let body: [UInt8]
    private var hasData = false
    private var hasError = false
    private var hasForeignError = false
    private var pageCursor: String?
    private var pageHasMore: Bool?

    init(_ body: [UInt8]) {
        self.body = body
    }

    /// Whether what was read has the form of the API.
    var isEnvelope: Bool { (hasData || hasError) && !hasForeignError }

    mutating func parse(_ reader: inout JSONReader) throws(JSONFailure) {
        try reader.members { (name, reader) throws(JSONFailure) in
            if name.isEqual(to: "data", in: body) {
                try parseData(&reader)
            } else if name.isEqual(to: "error", in: body) {
                try parseError(&reader)
            } else if name.isEqual(to: "meta", in: body) {
                try parseMeta(&reader)
            } else {
                _ = try reader.value(depth: 1)
            }
        }
        meta.cursor = meta.cursor ?? pageCursor
        meta.hasMore = meta.hasMore ?? pageHasMore
    }

    private mutating func parseData(_ reader: inout JSONReader) throws(JSONFailure) {
        hasData = true
        guard try reader.peek() == UInt8(ascii: "[") else {
            let value = try reader.value(depth: 1)
            switch value.kind {
            case .null: data = .none
            case .object: data = .object(value.range)
            case .string, .number, .boolean, .array: data = .scalar(value.range)
            }
            return
        }
        var items: [Range<Int>] = []
        try reader.elements(depth: 1) { (reader) throws(JSONFailure) in
            let item = try reader.value(depth: 2)
            guard items.count < Envelope.maximumItems else {
                throw JSONFailure(reason: .tooMany, offset: item.range.lowerBound)
            }
            items.append(item.range)
        }
        data = .array(items)
    }

    private mutating func parseError(_ reader: inout JSONReader) throws(JSONFailure) {
        hasError = true
        guard try reader.peek() == UInt8(ascii: "{") else {
            hasForeignError = try reader.value(depth: 1).kind != .null
            return
        }
        var found = Envelope.ErrorObject()
        var param: String?
        try reader.members(depth: 1) { (name, reader) throws(JSONFailure) in
            let text = try reader.value(depth: 2).text(in: body)
            if name.isEqual(to: "code", in: body) {
                found.code = text
            } else if name.isEqual(to: "message", in: body) {
                found.message = text
            } else if name.isEqual(to: "param", in: body) {
                param = text
            } else if name.isEqual(to: "field", in: body) {
                found.field = text
            }
        }
        found.field = param ?? found.field
        error = found
    }

    private mutating func parseMeta(_ reader: inout JSONReader) throws(JSONFailure) {
        guard try reader.peek() == UInt8(ascii: "{") else {
            _ = try reader.value(depth: 1)
            return
        }
        try reader.members(depth: 1) { (name, reader) throws(JSONFailure) in
            if name.isEqual(to: "page", in: body), try reader.peek() == UInt8(ascii: "{") {
                try parsePage(&reader)
                return
            }
            let value = try reader.value(depth: 2)
            if name.isEqual(to: "timestamp", in: body) {
                setTimestamp(value)
            } else if name.isEqual(to: "requestId", in: body) {
                meta.requestID = value.text(in: body)
            } else if name.isEqual(to: "cursor", in: body) {
                meta.cursor = cursor(value)
            } else if name.isEqual(to: "hasMore", in: body) {
                meta.hasMore = boolean(value)
            }
        }
    }

    private mutating func parsePage(_ reader: inout JSONReader) throws(JSONFailure) {
        try reader.members(depth: 2) { (name, reader) throws(JSONFailure) in
            let value = try reader.value(depth: 3)
            if name.isEqual(to: "nextCursor", in: body) {
                pageCursor = cursor(value)
            } else if name.isEqual(to: "hasMore", in: body) {
                pageHasMore = boolean(value)
            }
        }
    }

    private mutating func setTimestamp(_ value: JSONValue) {
        guard value.kind == .string else { return }
        meta.timestamp = Timestamp(iso8601: body[value.range])
        meta.isTimestampExact = body[value.range].contains(UInt8(ascii: "."))
    }

    private func cursor(_ value: JSONValue) -> String? {
        guard let text = value.text(in: body), !text.isEmpty else { return nil }
        return text
    }

    private func boolean(_ value: JSONValue) -> Bool? {
        guard value.kind == .boolean else { return nil }
        return body[value.range.lowerBound] == UInt8(ascii: "t")
    }
}
