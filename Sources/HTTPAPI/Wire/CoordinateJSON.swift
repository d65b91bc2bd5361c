import Registry

/// Where a node is in the network, as `/v1/coordinate/nodes` lists it.
struct NodeCoordinateJSON: Encodable {
    var node: String
    var segment = ""
    var coordinate = CoordinateJSON()

    enum CodingKeys: String, CodingKey {
        case node = "Node"
        case segment = "Segment"
        case coordinate = "Coord"
    }

    init(_ name: NodeName) { node = name.text }
}

/// A point of Consul's eight-dimensional space: the origin, as of a node that was never measured.
struct CoordinateJSON: Encodable {
    var vector = [Int](repeating: 0, count: 8)
    var error = 1.5
    var adjustment = 0
    var height = 1e-05

    enum CodingKeys: String, CodingKey {
        case vector = "Vec"
        case error = "Error"
        case adjustment = "Adjustment"
        case height = "Height"
    }
}

/// The servers of a datacenter with their coordinates, as `/v1/coordinate/datacenters` lists them.
struct DatacenterCoordinatesJSON: Encodable {
    var datacenter: String
    var areaID = "wan"
    var coordinates: [NodeCoordinateJSON]

    enum CodingKeys: String, CodingKey {
        case datacenter = "Datacenter"
        case areaID = "AreaID"
        case coordinates = "Coordinates"
    }
}
