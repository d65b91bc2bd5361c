/// A value as it was written, on the command line or in the file, before anyone asked what it means.
struct GivenValue {
    indirect enum Form {
        /// A key with nothing behind it.
        case nothing
        /// `quoted`: it was in quotes, so it is a text whatever it looks like.
        case scalar(String, quoted: Bool)
        case list([GivenValue])
        /// The keys as they were written, in order.
        case map([(key: String, origin: Origin, value: GivenValue)])
    }

    var form: Form
    var origin: Origin

    init(_ form: Form, at origin: Origin) {
        self.form = form
        self.origin = origin
    }

    init(flag text: String) { self.init(.scalar(text, quoted: false), at: .flag) }

    /// The value as part of a message: what it is, if not what it says.
    var shown: String {
        switch form {
        case .nothing: "nothing"
        case .scalar(let text, let quoted): quoted && Int(text) != nil ? "the text \(text.shown)" : text.shown
        case .list: "a list"
        case .map: "a map"
        }
    }
}
