import HTTPTypes
import NIOHTTP1

/// What a plain read asks, apart from when it wants to know.
///
/// Plain is a read of which nothing matters to the answer but its path and its parameters.
struct ReadQuestion {
    /// The path and the parameters as they came, without those of a blocking query.
    let text: String
    /// What the reader has seen already; `nil`: it takes what there is.
    let index: UInt64?
    /// How long it waits for more; `nil`: the usual time.
    let wait: Duration?

    /// - Returns: `nil` for what is no plain read, or may not be one that makes sense.
    init?(_ head: HTTPRequestHead) {
        guard head.method == .GET else { return nil }
        let headers = head.headers
        guard !headers.contains(name: HTTPField.Name.cacheControl.rawName) else { return nil }
        guard !SiteGuard.isFromBrowser(sends: { headers.contains(name: $0.rawName) }) else { return nil }
        self.init(uri: head.uri)
    }

    private init?(uri: String) {
        guard let mark = uri.utf8.firstIndex(of: UInt8(ascii: "?")) else {
            (text, index, wait) = (uri, nil, nil)
            return
        }
        var text = String(uri[...mark])
        var index: String?
        var wait: String?
        for parameter in uri[uri.utf8.index(after: mark)...].utf8.split(separator: UInt8(ascii: "&")) {
            let parameter = Substring(parameter)
            if let value = parameter.value(of: "index=") {
                guard index == nil else { return nil }
                index = value
            } else if let value = parameter.value(of: "wait=") {
                guard wait == nil else { return nil }
                wait = value
            } else {
                text += parameter
                text += "&"
            }
        }
        self.text = text
        do {
            self.index = try ReadOptions.index(index)
            self.wait = try wait.map { try ReadOptions.wait($0) }
        } catch {
            return nil
        }
    }
}

extension Substring {
    fileprivate func value(of name: String) -> String? {
        utf8.starts(with: name.utf8) ? String(dropFirst(name.utf8.count)) : nil
    }
}
