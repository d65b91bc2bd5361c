import Registry

struct WeightsJSON: Encodable {
    var passing: UInt16
    var warning: UInt16

    enum CodingKeys: String, CodingKey {
        case passing = "Passing"
        case warning = "Warning"
    }

    init(_ weights: Weights) {
        passing = weights.passing
        warning = weights.warning
    }
}
