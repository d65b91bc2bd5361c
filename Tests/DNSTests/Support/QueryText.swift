@testable import DNS

/// A query to be sent, flaws and all.
struct QueryText {
    var name: String
    var type: String
    var recordClass: UInt16 = 1
    var identifier: UInt16 = 0x1234
    /// RD.
    var flags: UInt16 = 0x0100
    /// `nil`: no OPT record.
    var payloadSize: UInt16?
    var version: UInt8 = 0
    var dnssecOK = false
    var options: [UInt8] = []

    init(_ text: String, payloadSize: UInt16? = nil, flags: UInt16 = 0x0100) {
        let words = text.split(separator: " ")
        name = String(words[0])
        type = String(words[1])
        self.payloadSize = payloadSize
        self.flags = flags
    }

    var question: [UInt8] {
        var octets = PlainText.name(name).wire
        octets.append(bigEndian: PlainText.type(type).rawValue)
        octets.append(bigEndian: recordClass)
        return octets
    }

    var option: [UInt8] {
        guard let payloadSize else { return [] }
        var octets: [UInt8] = [0, 0, 41]
        octets.append(bigEndian: payloadSize)
        octets += [0, version, dnssecOK ? 0x80 : 0, 0]
        octets.append(bigEndian: UInt16(options.count))
        return octets + options
    }

    func octets(counts: [UInt16]? = nil, trailer: [UInt8] = []) -> [UInt8] {
        var octets: [UInt8] = []
        octets.append(bigEndian: identifier)
        octets.append(bigEndian: flags)
        for count in counts ?? [1, 0, 0, payloadSize == nil ? 0 : 1] { octets.append(bigEndian: count) }
        return octets + question + option + trailer
    }
}
