/// Checks, as answers show them and as requests register them.
extension Shape {
    static let check = Shape(
        "Check", "A check with its status.",
        .answer([
            Field("Node", .string()), Field("CheckID", .string()), Field("Name", .string()), Field("Status", .status),
            Field("Notes", .string()), Field("Output", .string()),
            Field("ServiceID", .string(), "Empty: it is the node's."), Field("ServiceName", .string()),
            Field("ServiceTags", .texts),
            Field(
                "Type", .string(),
                "`http`, `tcp`, `udp`, `grpc`, `script`, `docker`, `ttl`, `alias`, `maintenance` or empty."),
            Field("Definition", .named(.checkDefinition)), Field("CreateIndex", .index),
            Field("ModifyIndex", .index),
        ]))

    static let checkDefinition = Shape(
        "CheckDefinition", "What somebody else checks, as the catalog was told; empty for checks of an agent.",
        .answer(
            [
                Field("Interval", .string()), Field("Timeout", .string()),
                Field("DeregisterCriticalServiceAfter", .string()), Field("HTTP", .string()),
                Field("Method", .string()), Field("Header", .map(of: .texts)), Field("Body", .string()),
                Field("TLSServerName", .string()), Field("TLSSkipVerify", .boolean), Field("TCP", .string()),
                Field("UDP", .string()), Field("GRPC", .string()), Field("GRPCUseTLS", .boolean),
                Field("ScriptArgs", .texts), Field("DockerContainerID", .string()),
            ].map(\.leftOutAtTimes)))

    // MARK: Registering

    /// What is asked.
    private static let probe = [
        Field("HTTP", .line, "A URL, `http` or `https`."), Field("Method", .line, "`GET` if not said."),
        Field("Header", .map(of: .array(of: .line), most: 64)), Field("Body", .string()),
        Field("TLSSkipVerify", .boolean), Field("TLSServerName", .line, "Usually the host that is asked."),
        Field("TCP", .line, "`HOST:PORT`."), Field("UDP", .line, "`HOST:PORT`."),
        Field("GRPC", .line, "`HOST:PORT` or `HOST:PORT/SERVICE`."), Field("GRPCUseTLS", .boolean),
        Field("Args", .array(of: .line, most: 64), "A program with its arguments, where scripts are allowed."),
        Field("ScriptArgs", .array(of: .line, most: 64), "The old name of `Args`."),
        Field("DockerContainerID", .line, "Where `Args` is run."), Field("Shell", .line, "Not looked at."),
        Field("DisableRedirects", .boolean, "Redirects are never followed."),
        Field("Interval", .duration, "How often; one second at least."), Field("Timeout", .duration),
    ]

    private static let options = [
        Field("SuccessBeforePassing", .integer(from: 0, to: 2_147_483_647), "Results in a row."),
        Field("FailuresBeforeWarning", .integer(from: 0, to: 2_147_483_647), "At most `FailuresBeforeCritical`."),
        Field("FailuresBeforeCritical", .integer(from: 0, to: 2_147_483_647)),
        Field("OutputMaxSize", .integer(from: 0, to: 2_147_483_647), "Octets; 4096 at most."),
        Field("DeregisterCriticalServiceAfter", .duration, "One second at least; 0: never."),
    ]

    private static let kinds =
        [
            Field("TTL", .duration, "Somebody reports at least so often."),
            Field("AliasService", .line, "The id of the service whose checks it follows."),
            Field("AliasNode", .line, "The node whose checks it follows."),
        ] + probe + options

    static let serviceCheck = Shape(
        "ServiceCheck",
        "A check of the service that is registered: one thing to ask with an `Interval`, a `TTL`, or an alias.",
        .request(
            [
                Field("CheckID", .line(most: 512), "`service:ID` if not said."), Field("Name", .line(most: 512)),
                Field("Status", .firstStatus, "Critical if not said."), Field("Notes", .string()),
                Field("ServiceID", .line, "Not looked at."),
            ] + kinds))

    static let agentCheck = Shape(
        "AgentCheck", "A check of this node, or of a service on it.",
        .request(
            [
                Field("ID", .line(most: 512), "The name if not said."), Field("Name", .line(most: 512)).needed,
                Field("Status", .firstStatus, "Critical if not said."), Field("Notes", .string()),
                Field("ServiceID", .line, "Of a service on this node; empty: the check is the node's."),
                Field("Token", .line, "Not looked at."),
            ] + kinds))

    static let catalogCheck = Shape(
        "CatalogCheck", "A check whose status somebody else finds out. It has a `CheckID` or a `Name`.",
        .request([
            Field("Node", .line, "The node that is registered."), Field("CheckID", .line(most: 512)),
            Field("Name", .line(most: 512)), Field("Status", .firstStatus, "Critical if not said."),
            Field("Notes", .string()), Field("Output", .string()),
            Field("ServiceID", .line, "Empty: it is the node's."),
            Field("Definition", .request(probe + options), "Shown to whoever checks."),
            Field("ServiceName", .anything, "Not looked at, like the next ones."), Field("ServiceTags", .anything),
            Field("Type", .anything), Field("CreateIndex", .anything), Field("ModifyIndex", .anything),
        ]))

    static let checkReport = Shape(
        "CheckReport", "What somebody says of a TTL check.",
        .request([Field("Status", .status).needed, Field("Output", .string())]))
}
