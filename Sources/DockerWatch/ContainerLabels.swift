import Registry

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

    enum Origin: String {
        case label
        case variable
    }

    struct Value: Equatable {
        var origin: Origin
        /// The key as it was spelled.
        var key: String
        var text: String
        /// Given for one port, not for the whole container.
        var isForPort: Bool
    }

    /// Longer values are not used.
    static let valueLimit = 4096

    private typealias Entry = (origin: Origin, key: String, text: String)

    /// By what follows `SERVICE_`, in lower case.
    private var entries: [String: Entry] = [:]
    /// What was not used, and why: whole sentences.
    private(set) var notes: [String] = []

    /// - Parameter image: what the container's image sets; needed only if ``disagree(labels:environment:)``.
    init(labels: [String: String], environment: [String: String], image: ImageSettings?) {
        let labels = Self.settings(labels, .label)
        let environment = Self.settings(environment, .variable)
        entries = labels.merging(environment) { label, variable in
            let isImagesLabel = image?.labels[label.key] == label.text
            let isImagesVariable = image?.environment[variable.key] == variable.text
            return isImagesLabel && !isImagesVariable ? variable : label
        }
        for (setting, entry) in entries.sorted(by: { $0.key < $1.key })
        where entry.text.utf8.count > Self.valueLimit && SettingKey(setting) != nil {
            notes.append(
                "\(entry.key.printable) has \(entry.text.utf8.count) octets, more than \(Self.valueLimit): not used")
            entries[setting] = nil
        }
    }

    /// Whether a label and an environment variable set the same thing differently, so that the image must be asked which of
    /// them is its own.
    static func disagree(labels: [String: String], environment: [String: String]) -> Bool {
        let environment = settings(environment, .variable)
        return settings(labels, .label).contains { setting, label in
            environment[setting].map { $0.text != label.text } ?? false
        }
    }

    func value(_ setting: Setting, port: ContainerPort) -> Value? {
        for prefix in ["\(port.number)_\(port.transport.rawValue)_", "\(port.number)_"] {
            if let entry = entries[prefix + setting.rawValue] {
                return Value(origin: entry.origin, key: entry.key, text: entry.text, isForPort: true)
            }
        }
        return value(setting)
    }

    func value(_ setting: Setting) -> Value? {
        entries[setting.rawValue].map {
            Value(origin: $0.origin, key: $0.key, text: $0.text, isForPort: false)
        }
    }

    /// What is said of keys that nothing is done with: whole sentences.
    ///
    /// - Parameter ports: all that the container has.
    func notesOnIdleKeys(ports: Set<ContainerPort>) -> [String] {
        var notes: [String] = []
        var unread: [String] = []
        for (text, entry) in entries.sorted(by: { $0.key < $1.key }) {
            let name = entry.key.printable
            guard let key = SettingKey(text) else {
                unread.append(name)
                continue
            }
            if key.setting == .id {
                notes.append(
                    "\(name) is not used: an instance's id is made of node, container and port, and stays the same")
            } else if let target = key.target, !ports.contains(where: target.includes) {
                notes.append("\(name) is for port \(target), which the container does not have")
            }
        }
        // A few tell enough of a container with thousands.
        return notes.prefix(Self.noteLimit) + (unread.isEmpty ? [] : [Self.note(onUnread: unread)])
    }

    private static let noteLimit = 8

    private static func note(onUnread keys: [String]) -> String {
        let shown = keys.prefix(noteLimit).joined(separator: ", ")
        let more = keys.count > noteLimit ? " and \(keys.count - noteLimit) more" : ""
        return "\(shown)\(more) \(keys.count == 1 ? "is" : "are") not read: known are SERVICE_NAME, SERVICE_TAGS and "
            + "SERVICE_IGNORE, and those for one port, such as SERVICE_80_NAME"
    }

    /// Keys start with capitals, as Registrator wants them; the rest is read without case. Of two spellings of one key the
    /// one that sorts first counts.
    private static func settings(_ texts: [String: String], _ origin: Origin) -> [String: Entry] {
        let prefix = "SERVICE_"
        var settings: [String: Entry] = [:]
        for (key, text) in texts.sorted(by: { $0.key < $1.key }) where key.hasPrefix(prefix) {
            let setting = key.dropFirst(prefix.count).lowercased()
            if settings[setting] == nil { settings[setting] = (origin, key, text) }
        }
        return settings
    }
}

extension ContainerLabels.Value {
    /// `label SERVICE_NAME`.
    var source: String { "\(origin.rawValue) \(key.printable)" }

    /// The text as a yes or no: empty, `false`, `0`, `no`, `off`, `n` and `f` are no, in any case; all else is yes.
    var isTrue: Bool {
        let word = text.lowercased().filter { !$0.isWhitespace }
        return !["", "false", "0", "no", "off", "n", "f"].contains(word)
    }
}
