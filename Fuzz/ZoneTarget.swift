@testable import DNS
@testable import ZoneFiles

/// Any master file: is read or refused, and what was read can be published and asked for.
enum ZoneTarget {
    static func run(_ octets: [UInt8]) {
        guard let file = try? ZoneFile.parse(octets, path: "example.net.zone") else { return }
        let table = AnswerTable(zones: [file.zone])
        for records in file.owners { table.publish(records) }
        for records in file.owners {
            precondition(records.owner.isSubdomain(of: file.zone.apex), "\(records.owner) is not in the zone")
            for type in [1, 2, 5, 6, 15, 16, 28, 33, 255] as [UInt8] {
                let query = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0] + records.owner.wire + [0, type, 0, 1]
                guard let reply = table.answer(query, over: .tcp) else { fatalError("no reply") }
                precondition(reply.count <= 65_535)
            }
        }
    }
}
