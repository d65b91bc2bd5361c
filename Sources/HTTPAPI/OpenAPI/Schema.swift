/// The shape of a JSON value, or of a parameter's text.
indirect enum Schema: Sendable {
    /// - Parameters:
    ///   - form: a regular expression (ECMA-262) that it matches.
    ///   - format: a name that JSON Schema has for its form.
    ///   - most: characters that it has at most.
    case string(form: String? = nil, format: String? = nil, most: Int? = nil)
    case word(of: [String])
    case integer(from: Int64? = nil, to: Int64? = nil)
    case number
    case boolean
    /// A parameter's truth, as Go reads it; without a value it is true.
    case flag
    case array(of: Schema, most: Int? = nil)
    /// An object whose member names are data.
    ///
    /// - Parameter keys: a regular expression that they match.
    case map(of: Schema, keys: String? = nil, most: Int? = nil)
    /// An object of an answer. It has all its fields, but for those that are said to be left out at times.
    case answer([Field])
    /// An object of a request. It may have its fields, must have those that are said to be needed, and has no others; `null`
    /// is the same as nothing.
    case request([Field])
    case named(Shape)
    case nullable(Schema)
    case either([Schema])
    case anything
}

/// A schema with a name of its own.
struct Shape: Sendable {
    let name: String
    /// One sentence or more.
    let note: String
    let schema: Schema

    init(_ name: String, _ note: String, _ schema: Schema) {
        self.name = name
        self.note = note
        self.schema = schema
    }
}

/// A member of an object.
struct Field: Sendable {
    let name: String
    let schema: Schema
    /// One sentence, or nothing where the name says it.
    let note: String
    /// `nil`: as is usual for its object.
    private(set) var isRequired: Bool?

    init(_ name: String, _ schema: Schema, _ note: String = "") {
        self.name = name
        self.schema = schema
        self.note = note
    }

    /// Of an answer: it is not always there.
    var leftOutAtTimes: Field { with(isRequired: false) }
    /// Of a request: it must be there.
    var needed: Field { with(isRequired: true) }

    private func with(isRequired: Bool) -> Field {
        var field = self
        field.isRequired = isRequired
        return field
    }
}

/// Forms that several parts of the API have.
extension Schema {
    private static let label = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"

    /// What a service may be called where names are refused rather than rewritten.
    static let serviceName = string(form: "^\(label)$")
    static let nodeName = string(form: "^\(label)(\\.\(label))*$", most: 246)
    /// Of 4096 octets at most, without control characters.
    static let line = line(most: 4096)
    static func line(most: Int) -> Schema { string(form: #"^[^\u0000-\u001f\u007f-\u009f]*$"#, most: most) }

    /// An address may be left empty.
    static let address = either([
        string(format: "ipv4"), string(format: "ipv6"), string(format: "hostname"), word(of: [""]),
    ])
    static let port = integer(from: 0, to: 65535)
    static let index = integer(from: 0)
    static let metaKeys = "^[A-Za-z0-9_-]{1,128}$"
    static let meta = map(of: line(most: 512), keys: metaKeys, most: 64)
    /// As answers have them.
    static let texts = array(of: string())
    static let textMap = map(of: string())
    static let status = word(of: ["passing", "warning", "critical"])
    /// The status that a check begins with.
    static let firstStatus = word(of: ["", "passing", "warning", "critical"])

    private static let durationForm = "([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)"
    /// `1m30s`, in Go's notation.
    static let durationText = string(form: "^(0|(\(durationForm))+)$")
    /// In Go's notation, or nanoseconds.
    static let duration = either([durationText, integer(from: 0)])
    /// `{}`: nothing of a service mesh.
    static let nothing = answer([])
}
