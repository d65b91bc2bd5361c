/// One thing to do with a node, an instance or a check, by Consul's names for it.
///
/// - SeeAlso: Consul's "Transaction" page; the errors are Consul's.
package enum CatalogOperation: Hashable, Sendable {
    package enum Subject: Hashable, Sendable {
        case node(NodeName)
        case service(InstanceKey)
        case check(CheckKey)
    }

    /// What to put in the subject's place.
    package enum Content: Hashable, Sendable {
        case node(Node)
        case service(ServiceInstance)
        case check(HealthCheck)
    }

    case get(Subject)
    case set(Content)
    /// Only if the subject was last changed at `index`; 0: only if it is not there.
    case compareAndSet(Content, index: UInt64)
    case delete(Subject)
    /// Only if the subject is there and was last changed at `index`.
    case compareAndDelete(Subject, index: UInt64)

    var isRead: Bool {
        if case .get = self { true } else { false }
    }

    /// What the operation changes; `nil`: nothing.
    func change(in snapshot: CatalogSnapshot) throws(TransactionFault.Reason) -> CatalogChange? {
        switch self {
        case .get(let subject):
            guard snapshot.modifyIndex(of: subject) != nil else { throw .conflict("\(subject) doesn't exist") }
            return nil
        case .set(let content): return try content.change(in: snapshot)
        case .compareAndSet(let content, let index):
            guard (snapshot.modifyIndex(of: content.subject) ?? 0) == index else {
                throw .conflict("failed to set \(content.subject), index is stale")
            }
            return try content.change(in: snapshot)
        case .delete(let subject): return try subject.removal(in: snapshot)
        case .compareAndDelete(let subject, let index):
            guard snapshot.modifyIndex(of: subject) == index else {
                throw .conflict("failed to delete \(subject), index is stale")
            }
            return try subject.removal(in: snapshot)
        }
    }

    /// What the operation answers after its change.
    func result(in snapshot: CatalogSnapshot) -> Transaction.Result? {
        switch self {
        case .get(let subject): snapshot.result(of: subject)
        case .set(let content), .compareAndSet(let content, index: _): snapshot.result(of: content.subject)
        case .delete, .compareAndDelete: nil
        }
    }
}

extension CatalogOperation.Content {
    var subject: CatalogOperation.Subject {
        switch self {
        case .node(let node): .node(node.name)
        case .service(let instance): .service(instance.key)
        case .check(let check): .check(check.key)
        }
    }

    fileprivate func change(in snapshot: CatalogSnapshot) throws(TransactionFault.Reason) -> CatalogChange {
        switch self {
        case .node(var node):
            if node.id.isEmpty { node.id = snapshot.node(node.name)?.node.value.id ?? "" }
            return .putNode(node)
        case .service(let instance):
            try snapshot.refuseOwned(instance.key)
            return .putInstance(instance, checks: nil)
        case .check(let check):
            guard snapshot.check(check.key)?.value.definition?.isKeptHere != true else {
                throw .impossible(CatalogError.keptHere(check.key).description)
            }
            return .putCheck(check)
        }
    }
}

extension CatalogOperation.Subject: CustomStringConvertible {
    package var description: String {
        switch self {
        case .node(let name): "node \"\(name.text)\""
        case .service(let key): "service \"\(key.id)\" on node \"\(key.node.text)\""
        case .check(let key): "check \"\(key.id)\" on node \"\(key.node.text)\""
        }
    }

    fileprivate func removal(in snapshot: CatalogSnapshot) throws(TransactionFault.Reason) -> CatalogChange {
        switch self {
        case .node(let name): return .removeNode(name)
        case .service(let key):
            if let source = snapshot.instance(key)?.instance.value.source {
                throw .impossible(CatalogError.derived(key, from: source).description)
            }
            return .removeInstance(key)
        case .check(let key):
            do throws(CatalogError) {
                try snapshot.ensureNoContainer(has: key)
            } catch {
                throw .impossible(error.description)
            }
            return .removeCheck(key)
        }
    }
}

extension CatalogSnapshot {
    fileprivate func modifyIndex(of subject: CatalogOperation.Subject) -> UInt64? {
        switch subject {
        case .node(let name): node(name)?.node.modifyIndex
        case .service(let key): instance(key)?.instance.modifyIndex
        case .check(let key): check(key)?.modifyIndex
        }
    }

    fileprivate func result(of subject: CatalogOperation.Subject) -> Transaction.Result? {
        switch subject {
        case .node(let name): node(name).map { .node($0.node) }
        case .service(let key): instance(key).map { .service($0.instance) }
        case .check(let key):
            check(key).map { check in
                let instance = check.value.instance.flatMap { self.instance(InstanceKey(node: key.node, id: $0)) }
                return .check(check, of: instance?.instance.value)
            }
        }
    }

    /// What belongs to a container or to an agent, only these alter.
    fileprivate func refuseOwned(_ key: InstanceKey) throws(TransactionFault.Reason) {
        switch instance(key)?.instance.value.owner {
        case .docker(let engine, let container):
            let docker = Owner.docker(engine: engine, container: container)
            throw .impossible(CatalogError.derived(key, from: docker).description)
        case .agent: throw .impossible(CatalogError.agents(key).description)
        case nil: break
        }
    }
}
