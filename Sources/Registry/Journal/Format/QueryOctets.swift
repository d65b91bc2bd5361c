// Prepared queries as octets. Changes have tags from 40 on, records from 20 on.

extension PreparedQueryChange {
    static let tags: ClosedRange<UInt8> = 40...41

    func write(to writer: inout OctetWriter) {
        switch self {
        case .put(let query):
            writer.write(UInt8(40))
            query.write(to: &writer)
        case .remove(let id):
            writer.write(UInt8(41))
            writer.write(id)
        }
    }

    /// - Parameter tag: has been read.
    init(tag: UInt8, from reader: inout OctetReader) throws(FormatError) {
        switch tag {
        case 40: self = .put(try PreparedQuery(from: &reader))
        case 41: self = .remove(try reader.text())
        default: throw .unknownTag(tag)
        }
    }
}

extension PreparedQuery: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        writer.write(id)
        writer.write(name)
        writer.write(session)
        writer.write(token)
        writer.write(template)
        search.write(to: &writer)
        writer.write(timeToLive)
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        self.init(
            id: try reader.text(), name: try reader.text(), session: try reader.optional(), token: try reader.text(),
            template: try reader.optional(), search: try Search(from: &reader), timeToLive: try reader.optional())
    }
}

extension QueryTemplate: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        writer.write(expression)
        removesEmptyTags.write(to: &writer)
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        let (expression, removesEmptyTags) = (try reader.text(), try Bool(from: &reader))
        do {
            try self.init(expression: expression, removesEmptyTags: removesEmptyTags)
        } catch {
            throw FormatError(error)
        }
    }
}

extension PreparedQuery.Search: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        writer.write(service)
        writer.write(UInt64(failover.nearest))
        writer.write(failover.datacenters)
        onlyPassing.write(to: &writer)
        writer.write(ignoredChecks)
        writer.write(near)
        writer.write(tags)
        writer.write(nodeMeta)
        writer.write(serviceMeta)
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        self.init(service: try reader.text())
        failover = PreparedQuery.Failover(nearest: try reader.integer(), datacenters: try reader.list())
        onlyPassing = try Bool(from: &reader)
        ignoredChecks = try reader.list()
        near = try reader.text()
        tags = try reader.list()
        nodeMeta = try reader.dictionary()
        serviceMeta = try reader.dictionary()
    }
}

extension PreparedQuery.TimeToLive: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        writer.write(text)
        duration.write(to: &writer)
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        self.init(text: try reader.text(), duration: try Duration(from: &reader))
    }
}
