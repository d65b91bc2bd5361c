extension HealthCheck: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        key.write(to: &writer)
        writer.write(name)
        status.write(to: &writer)
        writer.write(notes)
        writer.write(output)
        writer.write(instance)
        writer.write(definition)
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        let key = try CheckKey(from: &reader)
        self.init(
            node: key.node, id: key.id, name: try reader.text(), status: try HealthStatus(from: &reader),
            notes: try reader.text(), output: try reader.text(), instance: try reader.optional(),
            definition: try reader.optional())
    }
}

extension CheckKey: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        node.write(to: &writer)
        writer.write(id)
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        self.init(node: try NodeName(from: &reader), id: try reader.text())
    }
}

extension HealthStatus: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        switch self {
        case .passing: writer.write(UInt8(1))
        case .warning: writer.write(UInt8(2))
        case .critical: writer.write(UInt8(3))
        }
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        switch try reader.octet() {
        case 1: self = .passing
        case 2: self = .warning
        case 3: self = .critical
        case let tag: throw .unknownTag(tag)
        }
    }
}

extension Duration: OctetRepresentable {
    /// Whole seconds and attoseconds, each as the bit pattern of its 64 bits.
    func write(to writer: inout OctetWriter) {
        writer.write(UInt64(bitPattern: components.seconds))
        writer.write(UInt64(bitPattern: components.attoseconds))
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        let seconds = Int64(bitPattern: try reader.integer())
        let attoseconds = Int64(bitPattern: try reader.integer())
        guard (-999_999_999_999_999_999...999_999_999_999_999_999).contains(attoseconds) else { throw .outOfRange }
        self.init(secondsComponent: seconds, attosecondsComponent: attoseconds)
    }
}
