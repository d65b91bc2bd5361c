/// What was derived from one container and why: the answer to "why is my container not in DNS?".
package struct DerivationReport: Hashable, Sendable {
    /// What became of one port of the container.
    package struct Decision: Hashable, Sendable {
        package enum Outcome: Hashable, Sendable {
            /// An instance was registered.
            case registered(Registration)
            /// Nothing was registered, for this reason: a whole sentence.
            case skipped(reason: String)
        }

        /// `80/tcp`; `nil`: the container as a whole.
        package var port: String?
        package var outcome: Outcome

        package init(port: String?, outcome: Outcome) {
            self.port = port
            self.outcome = outcome
        }
    }

    /// An instance that was registered, and what it was derived from.
    package struct Registration: Hashable, Sendable {
        package var key: InstanceKey
        package var service: ServiceName
        package var address: String
        package var port: UInt16
        package var sources: Sources

        package init(key: InstanceKey, service: ServiceName, address: String, port: UInt16, sources: Sources) {
            self.key = key
            self.service = service
            self.address = address
            self.port = port
            self.sources = sources
        }
    }

    /// Where the parts of an instance came from, in words: `label SERVICE_80_NAME`.
    package struct Sources: Hashable, Sendable {
        package var name: String
        /// `nil`: nothing sets tags.
        package var tags: String?
        /// Of address and port together.
        package var address: String

        package init(name: String, tags: String?, address: String) {
            self.name = name
            self.tags = tags
            self.address = address
        }
    }

    package var engine: String
    /// 64 hexadecimal digits.
    package var containerID: String
    /// Without the leading slash.
    package var containerName: String
    package var image: String
    /// `running`, `exited`, ... as the engine says.
    package var state: String
    package var decisions: [Decision]
    /// Rewritten names, ignored labels and the like: whole sentences.
    package var notes: [String]

    package init(
        engine: String, containerID: String, containerName: String, image: String, state: String, decisions: [Decision],
        notes: [String]
    ) {
        self.engine = engine
        self.containerID = containerID
        self.containerName = containerName
        self.image = image
        self.state = state
        self.decisions = decisions
        self.notes = notes
    }
}

/// Whoever derives registrations from containers, asked for what it decided.
package protocol DerivationReporting: Sendable {
    /// The reports on containers whose name, id or id prefix is `text`, and on those that registered a service `text`.
    func reports(matching text: String) -> [DerivationReport]

    /// How much can be said of what runs right now.
    var view: ContainerView { get }
}

/// How much somebody who watches an engine can say of its containers.
package enum ContainerView: Hashable, Sendable {
    /// The engine has not answered since the start: nothing.
    case unseen
    /// The engine does not answer any more: what was there when it last did.
    case outdated
    case current
}
