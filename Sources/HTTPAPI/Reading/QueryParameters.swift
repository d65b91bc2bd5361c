import Foundation

/// What stands behind the question mark of a URL, as forms and Go's clients write it: `+` is a space.
struct QueryParameters {
    private let pairs: [(name: String, value: String)]

    /// A pair that is not percent-encoded UTF-8 is left out, as Go does.
    init(_ text: String?) {
        pairs = (text ?? "").split(separator: "&").compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), let value = parts.count > 1 ? Self.decoded(parts[1]) : "" else {
                return nil
            }
            return (name, value)
        }
    }

    /// The first value of that name; empty for a name without a value.
    subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    /// The pairs in their order, as they were decoded, without those of some names.
    func text(without names: Set<String>) -> String {
        pairs.lazy.filter { !names.contains($0.name) }.map {
            "\($0.name.utf8.count):\($0.name)=\($0.value.utf8.count):\($0.value)"
        }
        .joined(separator: "&")
    }

    func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    private static func decoded(_ text: Substring) -> String? {
        text.contains { $0 == "+" || $0 == "%" } ? text.replacing("+", with: " ").removingPercentEncoding : String(text)
    }
}
