/// What the process says of itself and its machine.
extension Shape {
    static let member = Shape(
        "Member", "A member of the cluster: this process.",
        .answer([
            Field("Name", .string()), Field("Addr", .string()), Field("Port", .port), Field("Tags", .textMap),
            Field("Status", .integer(), "1: alive."), Field("ProtocolMin", .integer()),
            Field("ProtocolMax", .integer()), Field("ProtocolCur", .integer()), Field("DelegateMin", .integer()),
            Field("DelegateMax", .integer()), Field("DelegateCur", .integer()),
        ]))

    static let agentSelf = Shape(
        "Self", "This process, in the fields that clients read.",
        .answer([
            Field(
                "Config",
                .answer([
                    Field("Datacenter", .string()), Field("NodeName", .string()), Field("NodeID", .string()),
                    Field("Revision", .string()), Field("Server", .boolean), Field("Version", .string()),
                ])),
            Field(
                "DebugConfig",
                .answer([
                    Field("ACLsEnabled", .boolean), Field("AdvertiseAddrLAN", .string()),
                    Field("Datacenter", .string()),
                    Field("DNSDomain", .string()), Field("DNSPort", .port), Field("NodeID", .string()),
                    Field("NodeName", .string()), Field("ServerMode", .boolean),
                ])),
            Field("Coord", .named(.coordinate)), Field("Member", .named(.member)),
            Field("Stats", .map(of: .textMap), "Figures as text."), Field("Meta", .textMap, "The node's."),
        ]))

    static let host = Shape(
        "Host", "The machine; sizes are in octets.",
        .answer([
            Field(
                "Memory",
                .answer(
                    ["total", "available", "free", "buffers", "cached", "used"].map { Field($0, .index) }
                        + [Field("usedPercent", .number)])),
            Field(
                "CPU",
                .array(
                    of: .answer([
                        Field("cpu", .index), Field("vendorId", .string()), Field("modelName", .string()),
                        Field("mhz", .number),
                    ]))),
            Field(
                "Host",
                .answer([
                    Field("hostname", .string()), Field("uptime", .index, "Seconds."), Field("bootTime", .index),
                    Field("os", .string()), Field("platform", .string()), Field("platformVersion", .string()),
                    Field("kernelVersion", .string()),
                ])),
            Field(
                "Disk",
                .answer([
                    Field("path", .string()), Field("total", .index), Field("free", .index), Field("used", .index),
                    Field("usedPercent", .number),
                ])),
            Field("CollectionTime", .index, "Nanoseconds since 1970."), Field("Errors", .nullable(.anything)),
        ]))

    static let serviceHealth = Shape(
        "ServiceHealth", "An instance on this node, and what its checks and the node's come to.",
        .answer([
            Field("AggregatedStatus", .word(of: ["passing", "warning", "critical", "maintenance"])),
            Field("Service", .nullable(.named(.agentService)), "Null: there is none."),
            Field("Checks", .nullable(.array(of: .named(.check)))),
        ]))

    static let gauge = Shape(
        "Gauge", "A figure that rises and falls.",
        .answer([Field("Name", .string()), Field("Value", .number), Field("Labels", .textMap)]))

    static let aggregate = Shape(
        "Aggregate", "A counter, or times in milliseconds.",
        .answer(
            [Field("Name", .string()), Field("Count", .index)]
                + ["Rate", "Sum", "Min", "Max", "Mean", "Stddev"].map { Field($0, .number) }
                + [Field("Labels", .textMap)]))

    static let metrics = Shape(
        "Metrics", "The figures of all parts, counted from the start of the process.",
        .answer([
            Field("Timestamp", .string()), Field("Gauges", .array(of: .named(.gauge))),
            Field("Points", .array(of: .named(.gauge)), "Empty."), Field("Counters", .array(of: .named(.aggregate))),
            Field("Samples", .array(of: .named(.aggregate))),
        ]))

    static let raftConfiguration = Shape(
        "RaftConfiguration", "The servers of the cluster: this one.",
        .answer([
            Field(
                "Servers",
                .array(
                    of: .answer([
                        Field("ID", .string()), Field("Node", .string()), Field("Address", .string()),
                        Field("Leader", .boolean), Field("ProtocolVersion", .string()), Field("Voter", .boolean),
                    ]))),
            Field("Index", .index),
        ]))
}
