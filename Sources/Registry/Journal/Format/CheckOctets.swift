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

extension CheckDefinition: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        switch probe {
        case .http(let probe):
            writer.write(UInt8(1))
            probe.write(to: &writer)
        case .tcp(let host, let port):
            writer.write(UInt8(2))
            host.write(to: &writer)
            writer.write(UInt64(port))
        }
        interval.write(to: &writer)
        timeout.write(to: &writer)
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        let probe: Probe =
            switch try reader.octet() {
            case 1: .http(try HTTPProbe(from: &reader))
            case 2: .tcp(host: try Address(from: &reader), port: try reader.integer())
            case let tag: throw .unknownTag(tag)
            }
        self.init(probe: probe, interval: try Duration(from: &reader), timeout: try Duration(from: &reader))
    }
}

extension CheckDefinition.HTTPProbe: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        writer.write(url)
        writer.write(method)
        writer.write(headers)
        writer.write(body)
        skipsTLSVerification.write(to: &writer)
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        self.init(
            url: try reader.text(), method: try reader.text(), headers: try reader.dictionary(),
            body: try reader.text(), skipsTLSVerification: try Bool(from: &reader))
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
