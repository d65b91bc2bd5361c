// A definition begins with 1 or 2 where it is no more than an HTTP or TCP probe, as all were once; with 3 it is whole.

extension CheckDefinition: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        guard !writeShort(to: &writer) else { return }
        writer.write(UInt8(3))
        source.write(to: &writer)
        writer.write(UInt64(thresholds.successesBeforePassing))
        writer.write(UInt64(thresholds.failuresBeforeWarning))
        writer.write(UInt64(thresholds.failuresBeforeCritical))
        writer.write(UInt64(outputLimit))
        writer.write(removesInstanceAfter)
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        switch try reader.octet() {
        case 1: self = try Self.short(.http(try HTTPProbe(from: &reader)), &reader)
        case 2: self = try Self.short(.tcp(host: try Address(from: &reader), port: try reader.integer()), &reader)
        case 3:
            self.init(source: try Source(from: &reader))
            thresholds.successesBeforePassing = try reader.count(in: 1...Int(UInt32.max))
            thresholds.failuresBeforeWarning = try reader.count(in: 1...Int(UInt32.max))
            thresholds.failuresBeforeCritical = try reader.count(in: 1...Int(UInt32.max))
            outputLimit = try reader.count(in: 1...CheckOutput.maximum)
            removesInstanceAfter = try reader.optional()
        case let tag: throw .unknownTag(tag)
        }
    }

    /// - Returns: false, with nothing written, if that cannot hold the definition.
    private func writeShort(to writer: inout OctetWriter) -> Bool {
        guard case .probe(let probe, let interval, let timeout) = source,
            self == CheckDefinition(probe: probe, interval: interval, timeout: timeout)
        else { return false }
        switch probe {
        case .http(let probe) where probe.tlsServerName.isEmpty:
            writer.write(UInt8(1))
            probe.write(to: &writer)
        case .tcp(let host, let port):
            writer.write(UInt8(2))
            host.write(to: &writer)
            writer.write(UInt64(port))
        case .http, .udp, .grpc, .script, .docker: return false
        }
        interval.write(to: &writer)
        timeout.write(to: &writer)
        return true
    }

    private static func short(_ probe: Probe, _ reader: inout OctetReader) throws(FormatError) -> CheckDefinition {
        CheckDefinition(probe: probe, interval: try Duration(from: &reader), timeout: try Duration(from: &reader))
    }
}

extension CheckDefinition.Source: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        switch self {
        case .probe(let probe, let interval, let timeout):
            writer.write(UInt8(1))
            probe.write(to: &writer)
            interval.write(to: &writer)
            timeout.write(to: &writer)
        case .reports(let period):
            writer.write(UInt8(2))
            period.write(to: &writer)
        case .alias(let alias):
            writer.write(UInt8(4))
            writer.write(alias.node)
            writer.write(alias.instance)
        case .container: writer.write(UInt8(5))
        case .elsewhere(let probe, let interval, let timeout):
            writer.write(UInt8(3))
            writer.write(probe)
            interval.write(to: &writer)
            timeout.write(to: &writer)
        }
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        switch try reader.octet() {
        case 1:
            self = .probe(
                try CheckDefinition.Probe(from: &reader), interval: try Duration(from: &reader),
                timeout: try Duration(from: &reader))
        case 2: self = .reports(within: try Duration(from: &reader))
        case 3:
            self = .elsewhere(
                try reader.optional(), interval: try Duration(from: &reader), timeout: try Duration(from: &reader))
        case 4: self = .alias(CheckDefinition.Alias(node: try reader.optional(), instance: try reader.optional()))
        case 5: self = .container
        case let tag: throw .unknownTag(tag)
        }
    }
}

extension CheckDefinition.Probe: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        switch self {
        case .http(let probe):
            writer.write(UInt8(1))
            probe.write(to: &writer)
            writer.write(probe.tlsServerName)
        case .tcp(let host, let port):
            writer.write(UInt8(2))
            host.write(to: &writer)
            writer.write(UInt64(port))
        case .udp(let host, let port):
            writer.write(UInt8(3))
            host.write(to: &writer)
            writer.write(UInt64(port))
        case .grpc(let probe):
            writer.write(UInt8(4))
            probe.write(to: &writer)
        case .script(let arguments):
            writer.write(UInt8(5))
            writer.write(arguments)
        case .docker(let container, let arguments):
            writer.write(UInt8(6))
            writer.write(container)
            writer.write(arguments)
        }
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        switch try reader.octet() {
        case 1:
            var probe = try CheckDefinition.HTTPProbe(from: &reader)
            probe.tlsServerName = try reader.text()
            self = .http(probe)
        case 2: self = .tcp(host: try Address(from: &reader), port: try reader.integer())
        case 3: self = .udp(host: try Address(from: &reader), port: try reader.integer())
        case 4: self = .grpc(try CheckDefinition.GRPCProbe(from: &reader))
        case 5: self = .script(try Self.arguments(&reader))
        case 6: self = .docker(container: try reader.text(), try Self.arguments(&reader))
        case let tag: throw .unknownTag(tag)
        }
    }

    private static func arguments(_ reader: inout OctetReader) throws(FormatError) -> [String] {
        let arguments: [String] = try reader.list()
        guard !arguments.isEmpty else { throw .outOfRange }
        return arguments
    }
}

/// Without the server's name in TLS, which only a whole definition has.
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

extension CheckDefinition.GRPCProbe: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        host.write(to: &writer)
        writer.write(UInt64(port))
        writer.write(service)
        usesTLS.write(to: &writer)
        skipsTLSVerification.write(to: &writer)
        writer.write(tlsServerName)
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        self.init(
            host: try Address(from: &reader), port: try reader.integer(), service: try reader.text(),
            usesTLS: try Bool(from: &reader), skipsTLSVerification: try Bool(from: &reader),
            tlsServerName: try reader.text())
    }
}

extension OctetReader {
    fileprivate mutating func count(in range: ClosedRange<Int>) throws(FormatError) -> Int {
        let count: UInt64 = try integer()
        guard let count = Int(exactly: count), range.contains(count) else { throw .outOfRange }
        return count
    }
}
