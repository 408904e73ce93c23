import Plugipay

extension RunSummary {
    /// The version of the shape of `summary.json`.
    package static let formatVersion = 1

    /// The summary as `summary.json` and `--json` show it: one line, without its line end.
    package var json: String {
        JSONText.object { json in
            json.member("version", Self.formatVersion)
            json.member("command", command)
            json.member("status", status.rawValue)
            json.member("exit_code", exitCode)
            json.member("job", job)
            addTarget(to: &json)
            json.member("inputs", objects: inputs) { json, input in
                json.member("path", input.path)
                json.member("bytes", input.bytes)
                json.member("rows", input.rows)
            }
            json.member("started_at", startedAt.iso8601)
            json.member("ended_at", endedAt.iso8601)
            addNumbers(to: &json)
            addFiles(to: &json)
            json.member("next", next)
        }
    }

    private func addTarget(to json: inout JSONText) {
        guard let target else { return json.null("target") }
        json.member("target") { json in
            json.member("base_url", target.baseURL)
            json.member("mode", target.mode)
            json.member("account", account)
        }
    }

    private func addNumbers(to json: inout JSONText) {
        json.member("counts") { json in
            json.member("read", read)
            guard export == nil else { return }
            for status in RowStatus.allCases {
                json.member(status.rawValue, counts[status, default: 0])
            }
        }
        json.member("requests") { json in
            json.member("attempts", requests.attempts)
            json.member("retries", requests.retries)
            json.member("lookups", requests.lookups)
            json.member("throttled", requests.throttled)
        }
        if export == nil {
            json.member("rate") { $0.member("writes_per_second", tenths: writesPerSecond) }
        }
        json.member("latency_ms") { json in
            json.member("p50", latency.p50)
            json.member("p95", latency.p95)
            json.member("p99", latency.p99)
            json.member("max", latency.max)
        }
    }

    private func addFiles(to json: inout JSONText) {
        guard let export else {
            json.member("files") { json in
                json.member("results", results)
                json.member("rejects", strings: rejects)
            }
            return
        }
        json.member("files") { json in
            json.member("export", export.path)
            json.member("manifest", export.manifest)
        }
        json.member("export") { json in
            json.member("rows", export.rows)
            json.member("bytes", export.bytes)
            json.member("sha256", export.sha256)
            json.member("order", export.order)
        }
    }

    /// Whether every row taken from the inputs has exactly one status.
    ///
    /// A run whose counts do not add up must not be believed (exit 70).
    package var addsUp: Bool {
        export != nil || inputs.reduce(0) { $0 + $1.rows } == read
    }
}
