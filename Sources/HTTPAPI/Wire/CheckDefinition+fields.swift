import Registry

extension CheckDefinition {
    /// As in Consul, which does not run a check more often whatever it is told.
    private static let shortestInterval = Duration.seconds(1)

    /// Takes the kind of a check and its options.
    ///
    /// - Returns: also the interval that was asked for, where it is shorter than any that Berth runs checks at.
    /// - Throws: ``FieldError``, also for kinds that Berth does not have.
    static func read(
        from fields: inout JSONFields
    ) throws(FieldError) -> (definition: CheckDefinition, refusedInterval: Duration?) {
        try refuseOtherKinds(&fields)
        let period = try fields.duration("TTL") ?? .zero
        let interval = try fields.duration("Interval") ?? .zero
        let timeout = try fields.duration("Timeout") ?? .zero
        let probe = try Probe.read(from: &fields)
        let alias = try Alias.read(from: &fields)

        guard period == .zero || interval == .zero else {
            throw FieldError(fields.name("Interval"), "and TTL cannot both be specified")
        }
        if let alias {
            guard period == .zero, interval == .zero, probe == nil else {
                throw FieldError(
                    fields.name("AliasService"), "and AliasNode go with no TTL, no Interval and nothing else to check")
            }
            var definition = CheckDefinition(source: .alias(alias))
            try definition.takeOptions(from: &fields)
            return (definition, nil)
        }
        var definition: CheckDefinition
        switch (probe, period > .zero) {
        case (let probe?, false):
            guard interval > .zero else { throw FieldError(fields.name("Interval"), "is missing: how often to check") }
            definition = CheckDefinition(
                probe: probe, interval: max(interval, shortestInterval),
                timeout: timeout > .zero ? timeout : probe.usualTimeout)
        case (nil, true): definition = CheckDefinition(source: .reports(within: period))
        case (_?, true): throw FieldError(fields.name("TTL"), "and what Berth is to check exclude each other")
        case (nil, false):
            throw FieldError(
                fields.name("TTL"),
                "must be > 0 for TTL checks; to have Berth check something, say what: HTTP, TCP, UDP, GRPC or Args")
        }
        try definition.takeOptions(from: &fields)
        return (definition, probe != nil && interval < shortestInterval ? interval : nil)
    }

    /// Takes what somebody else checks.
    ///
    /// - Throws: ``FieldError``, also for kinds that Berth does not have.
    static func elsewhere(from fields: inout JSONFields) throws(FieldError) -> CheckDefinition {
        try refuseOtherKinds(&fields)
        let interval = try fields.duration("Interval") ?? .zero
        let timeout = try fields.duration("Timeout") ?? .zero
        let probe = try Probe.read(from: &fields)
        var definition = CheckDefinition(source: .elsewhere(probe, interval: interval, timeout: timeout))
        try definition.takeOptions(from: &fields)
        return definition
    }

    private mutating func takeOptions(from fields: inout JSONFields) throws(FieldError) {
        thresholds = try Thresholds.read(from: &fields)
        if let limit = try fields.integer("OutputMaxSize", in: 0...Int(Int32.max)), limit > 0 {
            outputLimit = min(limit, CheckOutput.maximum)
        }
        let name = "DeregisterCriticalServiceAfter"
        let time = try fields.duration(name, or: "deregister_critical_service_after") ?? .zero
        guard time == .zero || time >= .seconds(1) else {
            throw FieldError(fields.name(name), "must be at least one second")
        }
        removesInstanceAfter = time == .zero ? nil : time
    }

    /// Kinds of check that Consul runs and Berth does not. Empty values are what some clients send for "not this kind".
    private static func refuseOtherKinds(_ fields: inout JSONFields) throws(FieldError) {
        let kinds = [
            ("Script", "shell script"), ("H2PING", "HTTP/2 ping"), ("OSService", "operating system service"),
        ]
        for (name, kind) in kinds {
            guard let value = fields.take(name), !value.saysNothing else { continue }
            throw FieldError(
                fields.name(name) + ": \(kind) checks are not supported; use http, tcp, udp, grpc, args, alias or ttl")
        }
    }
}

extension CheckDefinition.Probe {
    fileprivate var usualTimeout: Duration {
        runsProgram ? .seconds(30) : .seconds(10)
    }
}

extension CheckDefinition.Alias {
    /// - Returns: `nil`: it is none.
    fileprivate static func read(from fields: inout JSONFields) throws(FieldError) -> Self? {
        let instance = try fields.text("AliasService").flatMap { $0.isEmpty ? nil : $0 }
        let node = try fields.text("AliasNode").flatMap { $0.isEmpty ? nil : $0 }
        guard instance != nil || node != nil else { return nil }
        guard let node else { return Self(instance: instance) }
        do throws(LabelError) {
            return Self(node: try NodeName(node), instance: instance)
        } catch {
            throw FieldError("\(fields.name("AliasNode")): \(error)")
        }
    }
}

extension CheckDefinition.Thresholds {
    fileprivate static func read(from fields: inout JSONFields) throws(FieldError) -> Self {
        var thresholds = Self()
        let range = 0...Int(Int32.max)
        // 0 is Go's way to say nothing.
        thresholds.successesBeforePassing = max(1, try fields.integer("SuccessBeforePassing", in: range) ?? 0)
        thresholds.failuresBeforeCritical = max(1, try fields.integer("FailuresBeforeCritical", in: range) ?? 0)
        let warning = try fields.integer("FailuresBeforeWarning", in: range) ?? 0
        guard warning <= thresholds.failuresBeforeCritical else {
            throw FieldError(fields.name("FailuresBeforeWarning"), "can't be higher than FailuresBeforeCritical")
        }
        thresholds.failuresBeforeWarning = warning == 0 ? thresholds.failuresBeforeCritical : warning
        return thresholds
    }
}
