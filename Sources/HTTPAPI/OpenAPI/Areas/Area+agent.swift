extension Area {
    static let agent = Area(
        name: "Agent", note: "This process, its machine, and what is registered on this node.",
        operations: [
            .get(
                "/v1/agent/self", "readSelf", "What this process is.", [.pretty], gives: .json(.named(.agentSelf))),
            .get(
                "/v1/agent/members", "listMembers", "The members of the cluster: this process.",
                [
                    .pretty, .query("wan", .flag, "As one of all datacenters' servers."),
                    .query("segment", .word(of: ["", "_all"]), "There are none."),
                ], gives: .json(.array(of: .named(.member)))),
            .get("/v1/agent/host", "readHost", "The machine.", [.pretty], gives: .json(.named(.host))),
            .get(
                "/v1/agent/services", "listAgentServices", "The services on this node, by their ids.", [.filter],
                also: [.read], gives: .json(.map(of: .named(.agentService)))),
            .get(
                "/v1/agent/service/{id}", "readAgentService", "A service on this node.",
                [
                    .path("id", "The service's id.", example: "web"),
                    .query("hash", .string(), "Waits, for `wait`, for another `ContentHash` than this."),
                ], also: [.read, .wait],
                gives: .json(.named(.hashedService)).with(
                    .init(name: "X-Consul-ContentHash", schema: .string(), note: "What to wait with: `?hash=`.")),
                .unknown("There is no such service on this node.")),
            .get(
                "/v1/agent/checks", "listAgentChecks", "The checks on this node, by their ids.", [.filter],
                also: [.read], gives: .json(.map(of: .named(.check)))),
            .get(
                "/v1/agent/metrics", "readMetrics", "The figures of all parts.",
                [
                    .query("format", .string(), "`prometheus`: in the text format of Prometheus, 0.0.4."), .pretty,
                ],
                gives: Answer(
                    status: 200, note: "JSON, or what was asked for.",
                    contents: [("application/json", .named(.metrics)), ("text/plain", .string())])),
            .get(
                "/v1/agent/monitor", "followLog", "The log as it is written, without end.",
                [
                    .query(
                        "loglevel", .string(),
                        "From which level up: `trace`, `debug`, `info` (if not said), `notice`, `warn` or `err`."),
                    .query("logjson", .flag, "A JSON object on each line."),
                ],
                gives: Answer(
                    status: 200, note: "Lines.",
                    contents: [("text/plain", .string()), ("application/x-ndjson", .string())]),
                .unknown("There is no log to follow.")),
            .put(
                "/v1/agent/reload", "reload", "Reads settings, zones and templates again, as SIGHUP does.",
                gives: .done, .failure(500, "Some are wrong, a line each; the old ones stay.")),
            .put("/v1/agent/leave", "leave", "Ends the process gracefully, as SIGTERM does.", gives: .done),
            .put(
                "/v1/agent/maintenance", "maintainNode", "Takes this node out of service, or puts it back.",
                maintenance, gives: .done),
        ])

    private static let maintenance = [
        Parameter.query("enable", .flag, "Whether it is out of service.").needed,
        .query("reason", .string(), "What others are told."),
    ]

    static let agentServices = Area(
        name: "Services of this node", note: "Registrations on this node, and how its services are.",
        operations: [
            .put(
                "/v1/agent/service/register", "registerService", "Registers a service on this node, with checks.",
                [.query("replace-existing-checks", .flag, "Checks that are not in the body go.")],
                takes: .json(
                    .named(.serviceRegistration),
                    example: [
                        "Name": "web", "Address": "10.0.0.1", "Port": .integer(80), "Tags": ["blue"],
                        "Meta": ["version": "2"], "Check": ["CheckID": "report", "TTL": "1m", "Status": "passing"],
                    ]),
                gives: .done.with(.serviceName), .conflict),
            .put(
                "/v1/agent/service/deregister/{id}", "deregisterService",
                "Takes away a service with its checks.", [.serviceID], gives: .done, .conflict),
            .put(
                "/v1/agent/service/maintenance/{id}", "maintainService",
                "Takes a service of this node out of service, or puts it back; those of containers too.",
                [.serviceID] + maintenance, gives: .done, .unknown("There is no such service on this node.")),
            .get(
                "/v1/agent/health/service/id/{id}", "readServiceHealth",
                "How an instance on this node is, told by the status code.",
                [.path("id", "The service's id.", example: "web"), .healthFormat, .pretty],
                gives: .health(200, "It passes.", .named(.serviceHealth)),
                .health(404, "It is unknown.", .named(.serviceHealth)),
                .health(429, "It is at a warning.", .named(.serviceHealth)),
                .health(503, "It is critical or in maintenance.", .named(.serviceHealth))),
            .get(
                "/v1/agent/health/service/name/{name}", "readServicesHealth",
                "How the worst instance of a service on this node is, told by the status code.",
                [.service, .healthFormat, .pretty],
                gives: .health(200, "All pass.", .array(of: .named(.serviceHealth))),
                .health(404, "It is unknown.", .array(of: .named(.serviceHealth))),
                .health(429, "One is at a warning.", .array(of: .named(.serviceHealth))),
                .health(503, "One is critical or in maintenance.", .array(of: .named(.serviceHealth)))),
        ])

    static let agentChecks = Area(
        name: "Checks of this node", note: "Checks on this node, and what others report for them.",
        operations: [
            .put(
                "/v1/agent/check/register", "registerCheck", "Registers a check of this node, or of a service on it.",
                takes: .json(
                    .named(.agentCheck),
                    example: ["ID": "report", "Name": "report", "TTL": "1m", "Status": "passing"]),
                gives: .done, .conflict),
            .put(
                "/v1/agent/check/deregister/{id}", "deregisterCheck", "Takes away a check.", [.checkID],
                gives: .done, .conflict),
            .put(
                "/v1/agent/check/pass/{id}", "passCheck", "Reports that a TTL check passes.", [.checkID, .note],
                gives: .done, .unknown("There is no such check on this node.")),
            .put(
                "/v1/agent/check/warn/{id}", "warnCheck", "Reports that a TTL check is at a warning.",
                [.checkID, .note], gives: .done, .unknown("There is no such check on this node.")),
            .put(
                "/v1/agent/check/fail/{id}", "failCheck", "Reports that a TTL check is critical.", [.checkID, .note],
                gives: .done, .unknown("There is no such check on this node.")),
            .put(
                "/v1/agent/check/update/{id}", "updateCheck", "Reports for a TTL check.", [.checkID],
                takes: .json(.named(.checkReport), example: ["Status": "passing", "Output": "well"]),
                gives: .done, .unknown("There is no such check on this node.")),
        ])
}

extension Parameter {
    fileprivate static let healthFormat = query("format", .string(), "`text`: the word alone.")
}

extension Answer {
    /// Also plain text: in a word, or why the request was refused.
    fileprivate static func health(_ status: Int, _ note: String, _ schema: Schema) -> Answer {
        let refusal: [(type: String, schema: Schema)] =
            status == 200 || status == 404 ? [] : [("application/problem+json", .named(.problem))]
        return Answer(
            status: status, note: note,
            contents: [("application/json", schema), ("text/plain", .string())] + refusal,
            headers: [
                Header(
                    name: "X-Consul-Reason", schema: .string(), note: "The status, or what is unknown.",
                    isAlways: false)
            ])
    }
}
