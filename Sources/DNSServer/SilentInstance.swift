import DNS
import Registry

/// An instance that DNS does not hand out, and why. Its names exist all the same.
struct SilentInstance: Equatable {
    let id: InstanceID
    let tags: [String]
    let transport: TransportProtocol?
    /// What its first critical check says; `nil`: it is not critical, but has no address that DNS can publish.
    let complaint: String?

    init(_ entry: InstanceEntry, in snapshot: CatalogSnapshot) {
        let instance = entry.instance.value
        id = instance.id
        tags = instance.foundTags
        transport = instance.transport
        let checks = [entry.checks, snapshot.node(instance.node)?.checks ?? []].joined()
        complaint = checks.first { $0.value.status == .critical }.map { Self.complaint($0.value) }
    }

    private static func complaint(_ check: HealthCheck) -> String {
        [check.output, check.notes, check.name].first { !$0.isEmpty } ?? check.id
    }

    /// The note at a name that none but these are found under.
    ///
    ///     3 instances, all critical: web-1 "HTTP GET http://10.0.0.1/: 500 Internal Server Error", web-2 ...
    static func note(on instances: [SilentInstance]) -> String {
        let count = instances.count
        let isCritical = instances.allSatisfy { $0.complaint != nil }
        let state = isCritical ? "critical" : "critical or without an address"
        var note = count == 1 ? "1 instance, \(state): " : "\(count) instances, all \(state): "
        for (index, instance) in instances.enumerated() {
            let text = (index == 0 ? "" : ", ") + instance.summary
            let room = OwnerRecords.longestNote - note.utf8.count - (index + 1 < count ? ellipsis.utf8.count : 0)
            guard text.utf8.count <= room else { return note + ellipsis }
            note += text
        }
        return note
    }

    private static let ellipsis = ", ..."
    /// Octets of an instance's id, and of what is wrong with it, that leave room for others.
    private static let longestPart = 60

    /// `web-1 "HTTP 500"`
    private var summary: String {
        let id = Self.oneLine(id)
        guard let complaint else { return id }
        // What a web server sent back comes last and says least.
        let head = complaint.firstRange(of: " Output: ").map { complaint[..<$0.lowerBound] } ?? complaint[...]
        return "\(id) \"\(Self.oneLine(head))\""
    }

    /// Without line ends and other control characters, which could play tricks on the terminal that shows them.
    private static func oneLine(_ text: some StringProtocol) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(longestPart) {
            line.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return String(line).prefix(octets: longestPart)
    }
}

/// An instance as the names of its service see it.
enum Member: Equatable {
    case endpoint(Endpoint)
    case silent(SilentInstance)

    init(_ entry: InstanceEntry, in snapshot: CatalogSnapshot, _ zone: RegistryZone) {
        self = Endpoint(entry, in: snapshot, zone).map(Self.endpoint) ?? .silent(SilentInstance(entry, in: snapshot))
    }

    var tags: [String] {
        switch self {
        case .endpoint(let endpoint): endpoint.tags
        case .silent(let instance): instance.tags
        }
    }

    var transport: TransportProtocol? {
        switch self {
        case .endpoint(let endpoint): endpoint.transport
        case .silent(let instance): instance.transport
        }
    }

    var silent: SilentInstance? { if case .silent(let instance) = self { instance } else { nil } }

    var endpoint: Endpoint? { if case .endpoint(let endpoint) = self { endpoint } else { nil } }
}
