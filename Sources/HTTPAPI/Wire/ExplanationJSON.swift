import Registry

/// `/v1/berth/explain/{subject}`: what was derived from what, and why a name is or is not in DNS.
struct ExplanationJSON: Encodable {
    var subject: String
    /// Containers that the subject names, or that registered a service of this name.
    var containers: [ContainerJSON]
    /// Why these may not be what runs now; `nil`: they are.
    var containersNote: String?
    /// The service that the subject names, or those that its container registered.
    var services: [ServiceJSON]

    /// One container, and what became of each of its ports.
    struct ContainerJSON: Encodable {
        var name: String
        var id: String
        var image: String
        var state: String
        var engine: String
        var registered: [RegisteredJSON]
        var skipped: [SkippedJSON]
        var notes: [String]

        init(_ report: DerivationReport) {
            name = report.containerName
            id = report.containerID
            image = report.image
            state = report.state
            engine = report.engine
            notes = report.notes
            registered = []
            skipped = []
            for decision in report.decisions {
                switch decision.outcome {
                case .registered(let registration):
                    registered.append(RegisteredJSON(registration, containerPort: decision.port))
                case .skipped(let reason):
                    skipped.append(SkippedJSON(containerPort: decision.port, reason: reason))
                }
            }
        }
    }

    struct RegisteredJSON: Encodable {
        var containerPort: String?
        var service: String
        var instance: String
        var address: String
        var port: UInt16
        /// Where the service's name came from: `label SERVICE_80_NAME`.
        var nameFrom: String
        /// `nil`: nothing sets tags.
        var tagsFrom: String?
        /// Where address and port came from.
        var addressFrom: String

        init(_ registration: DerivationReport.Registration, containerPort: String?) {
            self.containerPort = containerPort
            service = registration.service.text
            instance = registration.key.id
            address = registration.address
            port = registration.port
            nameFrom = registration.sources.name
            tagsFrom = registration.sources.tags
            addressFrom = registration.sources.address
        }
    }

    struct SkippedJSON: Encodable {
        /// `nil`: the container as a whole.
        var containerPort: String?
        var reason: String
    }

    /// One service as the catalog and DNS have it.
    struct ServiceJSON: Encodable {
        var name: String
        var instances: [InstanceJSON]
        var dns: DNSJSON
    }

    struct InstanceJSON: Encodable {
        var id: String
        var node: String
        var address: String
        var port: UInt16
        var tags: [String]
        /// `registered over HTTP` or the container.
        var owner: String
        var health: String
        var checks: [CheckJSON]

        init(_ entry: InstanceEntry, in snapshot: CatalogSnapshot) {
            let instance = entry.instance.value
            id = instance.id
            node = instance.node.text
            address = snapshot.address(of: instance)?.text ?? ""
            port = instance.port
            tags = instance.tags
            owner =
                switch instance.owner {
                case .docker(let engine, let container): "container \(container) of Docker engine \(engine)"
                case .agent, nil: "registered over HTTP"
                }
            health = snapshot.health(of: entry).rawValue
            let nodeChecks = snapshot.node(instance.node)?.checks ?? []
            checks = (nodeChecks + entry.checks).map { CheckJSON($0.value) }
        }
    }

    struct CheckJSON: Encodable {
        var id: String
        var status: String
        var output: String

        init(_ check: HealthCheck) {
            id = check.id
            status = check.status.rawValue
            output =
                switch check.definition?.source {
                // What Berth runs never says nothing.
                case .probe where check.output.isEmpty: "has not run yet"
                case .reports where check.output.isEmpty: "nobody has said anything yet"
                default: check.output
                }
        }
    }

    struct DNSJSON: Encodable {
        var published: Bool
        /// Why not; `nil` where it is.
        var reason: String?
        /// Commands to try.
        var ask: [String]
        /// What DNS holds at the service's name, in presentation form.
        var records: [String]
    }
}
