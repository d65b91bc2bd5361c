import Registry

/// The name a container's port should have, before it is made DNS-safe.
struct DerivedName {
    /// With `-<port>` at the end if the container has several ports and the name was not given for this one.
    let text: String
    /// The name without the port.
    let base: String
    /// Where it came from: `label SERVICE_NAME`.
    let source: String

    init(of container: Container, _ labels: ContainerLabels, port: ContainerPort, isOneOfSeveral: Bool) {
        let explicit =
            labels.value(.name, port: port).flatMap { $0.text.isEmpty ? nil : $0 }
            // An empty name for the port does not hide the container's.
            ?? labels.value(.name).flatMap { $0.text.isEmpty ? nil : $0 }
        let given = explicit.map { (text: $0.text, source: $0.source) } ?? Self.default(of: container)
        base = given.text
        if isOneOfSeveral && explicit?.isForPort != true {
            text = "\(base)-\(port.number)"
            source = "\(given.source), and the port because there are several"
        } else {
            text = base
            source = given.source
        }
    }

    /// The name as the registry can hold it, in lower case; `nil` if nothing of the base is usable: a port number alone is
    /// no name.
    var serviceName: ServiceName? {
        guard Label.rewrite(base) != nil else { return nil }
        return Label.rewrite(text).flatMap { try? ServiceName($0) }
    }

    /// Whether the name needs no more than lower case, in which it is the same name.
    var isGood: Bool { (try? ServiceName(text)) != nil }

    /// The name of the compose service, else the last part of the image's name, else, for an image without one, the
    /// container's.
    private static func `default`(of container: Container) -> (text: String, source: String) {
        if let service = container.labels["com.docker.compose.service"], !service.isEmpty {
            return (service, "compose service")
        }
        let lastPart = container.image.split(separator: "/").last ?? ""
        let name = lastPart.prefix { $0 != ":" && $0 != "@" }
        let isNamed = !name.isEmpty && !isID(container.image, of: container.imageID)
        return isNamed ? (String(name), "image") : (container.name, "container, as its image has no name")
    }

    /// Whether an image was named by its id, whole or cut short.
    private static func isID(_ image: String, of imageID: String) -> Bool {
        let prefix = "sha256:"
        if image.hasPrefix(prefix) { return true }
        let isHexadecimal = image.utf8.count >= 4 && image.allSatisfy { $0.isHexDigit && !$0.isUppercase }
        return isHexadecimal && imageID.hasPrefix(prefix + image)
    }
}
