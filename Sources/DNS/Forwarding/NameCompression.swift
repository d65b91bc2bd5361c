/// Where names stand in a message under construction, so that others can end in pointers to them (RFC 1035 4.1.4).
struct NameCompression {
    private var places: [DomainName: Int] = [:]

    /// Notes a name that stands at `position`, uncompressed, with all its ancestors.
    mutating func note(_ name: DomainName, at position: Int) {
        var name = name
        var position = position
        while name != .root, position < MessageWriter.pointerReach {
            if places[name] == nil { places[name] = position }
            position += 1 + Int(name.wire[0])
            guard let parent = name.parent else { return }
            name = parent
        }
    }

    /// The name's octets for the place `position`: its first labels, then a pointer to the longest rest that is known.
    mutating func encode(_ name: DomainName, at position: Int) -> [UInt8] {
        var octets: [UInt8] = []
        var rest = name
        while rest != .root {
            if let place = places[rest] { return octets + [UInt8(0xc0 | place >> 8), UInt8(place & 255)] }
            if position + octets.count < MessageWriter.pointerReach { places[rest] = position + octets.count }
            octets += rest.wire.prefix(1 + Int(rest.wire[0]))
            guard let parent = rest.parent else { break }
            rest = parent
        }
        return octets + [0]
    }
}
