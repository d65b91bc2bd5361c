// Keys and sessions as octets. Changes have tags from 20 on, records from 10 on.

extension KeyChange {
    static let tags: ClosedRange<UInt8> = 20...25

    func write(to writer: inout OctetWriter) {
        switch self {
        case .put(let key, let value, let flags):
            writer.write(UInt8(20))
            key.write(to: &writer)
            writer.write(data: value)
            writer.write(flags)
        case .lock(let key, let value, let flags, let session):
            writer.write(UInt8(21))
            key.write(to: &writer)
            writer.write(data: value)
            writer.write(flags)
            writer.write(session)
        case .unlock(let key, let value, let flags):
            writer.write(UInt8(22))
            key.write(to: &writer)
            writer.write(data: value)
            writer.write(flags)
        case .remove(let key):
            writer.write(UInt8(23))
            key.write(to: &writer)
        case .removeAll(let prefix):
            writer.write(UInt8(24))
            writer.write(prefix.text)
        case .endLockDelay(let key):
            writer.write(UInt8(25))
            key.write(to: &writer)
        }
    }

    /// - Parameter tag: has been read.
    init(tag: UInt8, from reader: inout OctetReader) throws(FormatError) {
        switch tag {
        case 20: self = .put(try Key(from: &reader), value: try reader.data(), flags: try reader.integer())
        case 21:
            self = .lock(
                try Key(from: &reader), value: try reader.data(), flags: try reader.integer(), try reader.text())
        case 22: self = .unlock(try Key(from: &reader), value: try reader.data(), flags: try reader.integer())
        case 23: self = .remove(try Key(from: &reader))
        case 24:
            let text = try reader.text()
            do { self = .removeAll(under: try KeyPrefix(text)) } catch { throw FormatError(error) }
        case 25: self = .endLockDelay(try Key(from: &reader))
        default: throw .unknownTag(tag)
        }
    }
}

extension SessionChange {
    static let tags: ClosedRange<UInt8> = 30...31

    func write(to writer: inout OctetWriter) {
        switch self {
        case .put(let session):
            writer.write(UInt8(30))
            session.write(to: &writer)
        case .remove(let id):
            writer.write(UInt8(31))
            writer.write(id)
        }
    }

    /// - Parameter tag: has been read.
    init(tag: UInt8, from reader: inout OctetReader) throws(FormatError) {
        switch tag {
        case 30: self = .put(try Session(from: &reader))
        case 31: self = .remove(try reader.text())
        default: throw .unknownTag(tag)
        }
    }
}

extension CatalogRecord {
    func writeKeys(to writer: inout OctetWriter) {
        switch self {
        case .keyIndexes(let removal, let sessions):
            writer.write(UInt8(10))
            writer.write(removal)
            writer.write(sessions)
        case .session(let session):
            writer.write(UInt8(11))
            session.write(to: &writer)
        case .key(let entry):
            writer.write(UInt8(12))
            entry.write(to: &writer)
        case .lockDelay(let key, let duration):
            writer.write(UInt8(13))
            key.write(to: &writer)
            duration.write(to: &writer)
        default: preconditionFailure("not a record of keys or sessions")
        }
    }

    /// - Parameter tag: has been read.
    static func keys(tag: UInt8, from reader: inout OctetReader) throws(FormatError) -> CatalogRecord {
        switch tag {
        case 10: .keyIndexes(removal: try reader.integer(), sessions: try reader.integer())
        case 11: .session(try Indexed(from: &reader))
        case 12: .key(try KeyEntry(from: &reader))
        case 13: .lockDelay(try Key(from: &reader), try Duration(from: &reader))
        default: throw .unknownTag(tag)
        }
    }
}

extension Key: OctetRepresentable {
    func write(to writer: inout OctetWriter) { writer.write(data: octets) }

    init(from reader: inout OctetReader) throws(FormatError) {
        do { try self.init(try reader.text()) } catch { throw FormatError(error) }
    }
}

extension KeyEntry: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        key.write(to: &writer)
        writer.write(data: value)
        writer.write(flags)
        writer.write(lockIndex)
        writer.write(session)
        writer.write(createIndex)
        writer.write(modifyIndex)
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        self.init(
            key: try Key(from: &reader), value: try reader.data(), flags: try reader.integer(),
            lockIndex: try reader.integer(), session: try reader.optional(), createIndex: try reader.integer(),
            modifyIndex: try reader.integer())
    }
}

extension Session: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        writer.write(id)
        writer.write(name)
        node.write(to: &writer)
        lockDelay.write(to: &writer)
        switch behavior {
        case .release: writer.write(UInt8(1))
        case .delete: writer.write(UInt8(2))
        }
        writer.write(timeToLive)
        writer.write(nodeChecks)
        writer.write(serviceChecks)
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        self.init(
            id: try reader.text(), name: try reader.text(), node: try NodeName(from: &reader),
            lockDelay: try Duration(from: &reader), behavior: try Behavior(from: &reader),
            timeToLive: try reader.optional(), nodeChecks: try reader.list(), serviceChecks: try reader.list())
    }
}

extension Session.Behavior {
    fileprivate init(from reader: inout OctetReader) throws(FormatError) {
        switch try reader.octet() {
        case 1: self = .release
        case 2: self = .delete
        case let tag: throw .unknownTag(tag)
        }
    }
}

extension Session.TimeToLive: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        writer.write(text)
        duration.write(to: &writer)
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        self.init(text: try reader.text(), duration: try Duration(from: &reader))
    }
}
