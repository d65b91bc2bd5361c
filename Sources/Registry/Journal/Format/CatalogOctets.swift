// Each type's fields in the order of its declaration, written and read side by side. Version 1.

extension CatalogChange: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        switch self {
        case .putNode(let node):
            writer.write(UInt8(1))
            node.write(to: &writer)
        case .removeNode(let name):
            writer.write(UInt8(2))
            name.write(to: &writer)
        case .putInstance(let instance, let checks):
            writer.write(UInt8(3))
            instance.write(to: &writer)
            writer.write(checks)
            instance.transport?.write(to: &writer)
        case .removeInstance(let key):
            writer.write(UInt8(4))
            key.node.write(to: &writer)
            writer.write(key.id)
        case .setStatus(let key, let status, let output):
            writer.write(UInt8(5))
            key.write(to: &writer)
            status.write(to: &writer)
            writer.write(output)
        case .putCheck(let check):
            writer.write(UInt8(6))
            check.write(to: &writer)
        case .removeCheck(let key):
            writer.write(UInt8(7))
            key.write(to: &writer)
        case .advance: writer.write(UInt8(8))
        case .key(let change): change.write(to: &writer)
        case .session(let change): change.write(to: &writer)
        case .event(let event):
            writer.write(UInt8(32))
            event.write(to: &writer)
        case .query(let change): change.write(to: &writer)
        case .restoration(let change): change.write(to: &writer)
        }
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        switch try reader.octet() {
        case 1: self = .putNode(try Node(from: &reader))
        case 2: self = .removeNode(try NodeName(from: &reader))
        case 3:
            var instance = try ServiceInstance(from: &reader)
            let checks: [HealthCheck]? = try reader.optional()
            instance.transport = try reader.last()
            self = .putInstance(instance, checks: checks)
        case 4: self = .removeInstance(InstanceKey(node: try NodeName(from: &reader), id: try reader.text()))
        case 5:
            self = .setStatus(
                try CheckKey(from: &reader), try HealthStatus(from: &reader), output: try reader.text())
        case 6: self = .putCheck(try HealthCheck(from: &reader))
        case 7: self = .removeCheck(try CheckKey(from: &reader))
        case 8: self = .advance
        case let tag where KeyChange.tags.contains(tag): self = .key(try KeyChange(tag: tag, from: &reader))
        case let tag where SessionChange.tags.contains(tag): self = .session(try SessionChange(tag: tag, from: &reader))
        case 32: self = .event(try Event(from: &reader))
        case let tag where PreparedQueryChange.tags.contains(tag):
            self = .query(try PreparedQueryChange(tag: tag, from: &reader))
        case let tag where RestorationChange.tags.contains(tag):
            self = .restoration(try RestorationChange(tag: tag, from: &reader))
        case let tag: throw .unknownTag(tag)
        }
    }
}

extension CatalogRecord: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        switch self {
        case .indexes(let indexes):
            writer.write(UInt8(1))
            for index in [indexes.catalog, indexes.nodes, indexes.services, indexes.checks, indexes.extinction] {
                writer.write(index)
            }
        case .node(let node, let checks):
            writer.write(UInt8(2))
            node.write(to: &writer)
            writer.write(checks)
        case .service(let name, let index):
            writer.write(UInt8(3))
            name.write(to: &writer)
            writer.write(index)
        case .instance(let instance, let checks):
            writer.write(UInt8(4))
            instance.write(to: &writer)
            writer.write(checks)
            instance.value.transport?.write(to: &writer)
        case .keyIndexes, .key, .session, .lockDelay: writeKeys(to: &writer)
        case .event(let event):
            writer.write(UInt8(14))
            event.write(to: &writer)
        case .eventIndex(let index):
            writer.write(UInt8(15))
            writer.write(index)
        case .queryIndex(let index):
            writer.write(UInt8(20))
            writer.write(index)
        case .query(let query):
            writer.write(UInt8(21))
            query.write(to: &writer)
        }
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        switch try reader.octet() {
        case 1:
            var indexes = CatalogIndexes()
            indexes.catalog = try reader.integer()
            indexes.nodes = try reader.integer()
            indexes.services = try reader.integer()
            indexes.checks = try reader.integer()
            indexes.extinction = try reader.integer()
            self = .indexes(indexes)
        case 2: self = .node(try Indexed(from: &reader), checks: try reader.list())
        case 3: self = .service(try ServiceName(from: &reader), index: try reader.integer())
        case 4:
            var instance: Indexed<ServiceInstance> = try Indexed(from: &reader)
            let checks: [Indexed<HealthCheck>] = try reader.list()
            instance.value.transport = try reader.last()
            self = .instance(instance, checks: checks)
        case 14: self = .event(try Indexed(from: &reader))
        case 15: self = .eventIndex(try reader.integer())
        case 20: self = .queryIndex(try reader.integer())
        case 21: self = .query(try Indexed(from: &reader))
        case let tag: self = try Self.keys(tag: tag, from: &reader)
        }
    }
}

extension Indexed: OctetRepresentable where Value: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        value.write(to: &writer)
        writer.write(createIndex)
        writer.write(modifyIndex)
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        self.init(
            value: try Value(from: &reader), createIndex: try reader.integer(), modifyIndex: try reader.integer())
    }
}

extension Node: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        name.write(to: &writer)
        writer.write(id)
        address.write(to: &writer)
        writer.write(taggedAddresses)
        writer.write(meta)
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        self.init(
            name: try NodeName(from: &reader), id: try reader.text(), address: try Address(from: &reader),
            taggedAddresses: try reader.dictionary(), meta: try reader.dictionary())
    }
}

extension ServiceInstance: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        node.write(to: &writer)
        writer.write(id)
        name.write(to: &writer)
        writer.write(tags)
        writer.write(address)
        writer.write(UInt64(port))
        writer.write(meta)
        writer.write(taggedAddresses)
        writer.write(UInt64(weights.passing))
        writer.write(UInt64(weights.warning))
        enableTagOverride.write(to: &writer)
        writer.write(owner)
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        self.init(
            node: try NodeName(from: &reader), id: try reader.text(), name: try ServiceName(from: &reader),
            tags: try reader.list(), address: try reader.optional(), port: try reader.integer(),
            meta: try reader.dictionary(), taggedAddresses: try reader.dictionary(),
            weights: Weights(passing: try reader.integer(), warning: try reader.integer()),
            enableTagOverride: try Bool(from: &reader), owner: try reader.optional())
    }
}

/// Stands at the end of what it belongs to, and only where it is known: what was written before it was kept has none.
extension TransportProtocol: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        switch self {
        case .tcp: writer.write(UInt8(1))
        case .udp: writer.write(UInt8(2))
        case .sctp: writer.write(UInt8(3))
        }
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        switch try reader.octet() {
        case 1: self = .tcp
        case 2: self = .udp
        case 3: self = .sctp
        case let tag: throw .unknownTag(tag)
        }
    }
}

extension TaggedAddress: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        address.write(to: &writer)
        writer.write(UInt64(port))
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        self.init(address: try Address(from: &reader), port: try reader.integer())
    }
}

extension Owner: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        switch self {
        case .docker(let engine, let container):
            writer.write(UInt8(1))
            writer.write(engine)
            writer.write(container)
        case .agent: writer.write(UInt8(2))
        }
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        switch try reader.octet() {
        case 1: self = .docker(engine: try reader.text(), container: try reader.text())
        case 2: self = .agent
        case let tag: throw .unknownTag(tag)
        }
    }
}

extension Address: OctetRepresentable {
    func write(to writer: inout OctetWriter) { writer.write(text) }

    init(from reader: inout OctetReader) throws(FormatError) {
        do { try self.init(try reader.text()) } catch { throw FormatError(error) }
    }
}

extension NodeName: OctetRepresentable {
    func write(to writer: inout OctetWriter) { writer.write(text) }

    init(from reader: inout OctetReader) throws(FormatError) {
        do { try self.init(try reader.text()) } catch { throw FormatError(error) }
    }
}

extension ServiceName: OctetRepresentable {
    func write(to writer: inout OctetWriter) { writer.write(text) }

    /// Under whichever policy it was let in once.
    init(from reader: inout OctetReader) throws(FormatError) {
        do { try self.init(try reader.text(), policy: .allow) } catch { throw FormatError(error) }
    }
}

extension Bool: OctetRepresentable {
    func write(to writer: inout OctetWriter) { writer.write(UInt8(self ? 1 : 0)) }

    init(from reader: inout OctetReader) throws(FormatError) {
        switch try reader.octet() {
        case 0: self = false
        case 1: self = true
        case let tag: throw .unknownTag(tag)
        }
    }
}

extension FormatError {
    /// What a catalog type refused, or the reader's own error.
    init(_ error: any Error) { self = error as? FormatError ?? .refused("\(error)") }
}
