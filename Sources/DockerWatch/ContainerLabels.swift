/// The `SERVICE_*` settings of a container, from its labels and its environment.
///
/// A setting may be given for the container, `SERVICE_NAME`, for one exposed port, `SERVICE_80_NAME`, or for one port and
/// protocol, `SERVICE_53_udp_NAME`; the most particular one counts. Where a label and an environment variable disagree,
/// whoever ran the container beats whoever made the image, and otherwise the label counts.
struct ContainerLabels {
    enum Setting: String {
        case name
        case tags
        case ignore
        case id
    }

    struct Value: Equatable {
        /// The key as it was spelled.
        var key: String
        var text: String
        /// Given for one port, not for the whole container.
        var isForPort: Bool
    }

    /// Longer values are not used.
    static let valueLimit = 4096

    /// By what follows `SERVICE_`, in lower case.
    private var entries: [String: (key: String, text: String)] = [:]
    /// What was not used, and why: whole sentences.
    private(set) var notes: [String] = []

    /// - Parameter image: what the container's image sets; needed only if ``disagree(labels:environment:)``.
    init(labels: [String: String], environment: [String: String], image: ImageSettings?) {
        let labels = Self.settings(labels)
        let environment = Self.settings(environment)
        entries = labels.merging(environment) { label, variable in
            let isImagesLabel = image?.labels[label.key] == label.text
            let isImagesVariable = image?.environment[variable.key] == variable.text
            return isImagesLabel && !isImagesVariable ? variable : label
        }
        for (setting, entry) in entries.sorted(by: { $0.key < $1.key })
        where entry.text.utf8.count > Self.valueLimit && Self.isUsed(setting) {
            notes.append(
                "\(entry.key.printable) has \(entry.text.utf8.count) octets, more than \(Self.valueLimit): not used")
            entries[setting] = nil
        }
    }

    /// Whether a label and an environment variable set the same thing differently, so that the image must be asked which of
    /// them is its own.
    static func disagree(labels: [String: String], environment: [String: String]) -> Bool {
        let environment = settings(environment)
        return settings(labels).contains { setting, label in
            environment[setting].map { $0.text != label.text } ?? false
        }
    }

    func value(_ setting: Setting, port: ContainerPort) -> Value? {
        for prefix in ["\(port.number)_\(port.transport.rawValue)_", "\(port.number)_"] {
            if let entry = entries[prefix + setting.rawValue] {
                return Value(key: entry.key, text: entry.text, isForPort: true)
            }
        }
        return value(setting)
    }

    func value(_ setting: Setting) -> Value? {
        entries[setting.rawValue].map { Value(key: $0.key, text: $0.text, isForPort: false) }
    }

    /// Keys start with capitals, as Registrator wants them; the rest is read without case. Of two spellings of one key the
    /// one that sorts first counts.
    private static func settings(_ texts: [String: String]) -> [String: (key: String, text: String)] {
        let prefix = "SERVICE_"
        var settings: [String: (key: String, text: String)] = [:]
        for (key, text) in texts.sorted(by: { $0.key < $1.key }) where key.hasPrefix(prefix) {
            let setting = key.dropFirst(prefix.count).lowercased()
            if settings[setting] == nil { settings[setting] = (key, text) }
        }
        return settings
    }

    private static func isUsed(_ setting: String) -> Bool {
        Setting(rawValue: String(setting.split(separator: "_").last ?? "")) != nil
    }
}

extension ContainerLabels.Value {
    /// The text as a yes or no: empty, `false`, `0`, `no`, `off`, `n` and `f` are no, in any case; all else is yes.
    var isTrue: Bool {
        let word = text.lowercased().filter { !$0.isWhitespace }
        return !["", "false", "0", "no", "off", "n", "f"].contains(word)
    }
}
