import DNS
import Registry

/// Which instances of a service have which tags, for questions with any number of them.
///
///     primary.eu.web.service.consul       tags "primary" and "eu", or the one tag "primary.eu"
///
/// A tag with dots takes as many labels as it has. An instance is given by its number in the service's list.
struct TagIndex {
    enum Match: Equatable {
        /// Of these instances, in order, each has all the tags. At least one.
        case instances([Int])
        /// The labels are the end of a spelling only: names below this one exist.
        case partial
        case none
    }

    /// By the tag's labels in wire form.
    private var tags: [ArraySlice<UInt8>: [Int]] = [:]
    /// By the labels that stand behind a dot of a tag.
    private var ends: [ArraySlice<UInt8>: [Int]] = [:]
    /// Labels of the longest tag.
    private var longestTag = 0

    /// Labels of a question. With more, it would be one that is asked for nobody's use.
    private static let longestQuestion = 16

    init(_ instances: [InstanceEntry]) {
        for (number, entry) in instances.enumerated() {
            for tag in entry.instance.value.foundTags { add(tag, number) }
        }
    }

    private mutating func add(_ tag: String, _ number: Int) {
        var labels: [UInt8] = []
        var starts: [Int] = []
        for label in CaselessText(tag).folded.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        {
            // Nobody can ask for it.
            guard (1...DomainName.maximumLabelLength).contains(label.count) else { return }
            starts.append(labels.count)
            labels.append(UInt8(label.count))
            labels += label
        }
        longestTag = max(longestTag, starts.count)
        Self.add(number, to: &tags[labels[...], default: []])
        for start in starts.dropFirst() { Self.add(number, to: &ends[labels[start...], default: []]) }
    }

    private static func add(_ number: Int, to numbers: inout [Int]) {
        if numbers.last != number { numbers.append(number) }
    }

    /// - Parameter labels: at least one, in lower case.
    func match(_ labels: [[UInt8]]) -> Match {
        guard labels.count <= Self.longestQuestion else { return .none }
        let spelled = labels.map { [UInt8($0.count)] + $0 }
        /// For each label and the end: who has all the tags from there on; `nil`: everybody.
        var made = [[Int]?](repeating: [], count: labels.count + 1)
        made[labels.count] = nil
        for start in labels.indices.reversed() {
            var spelling: ArraySlice<UInt8> = []
            var found: [Int] = []
            for end in start..<min(labels.count, start + longestTag) {
                spelling += spelled[end]
                guard let tagged = tags[spelling] else { continue }
                found = Self.union(found, Self.intersection(tagged, made[end + 1]))
            }
            made[start] = found
        }
        if let whole = made[0], !whole.isEmpty { return .instances(whole) }
        var spelling: ArraySlice<UInt8> = []
        for end in labels.indices {
            spelling += spelled[end]
            guard let ended = ends[spelling] else { continue }
            if !Self.intersection(ended, made[end + 1]).isEmpty { return .partial }
        }
        return .none
    }

    /// - Parameter others: `nil`: all that there are.
    private static func intersection(_ numbers: [Int], _ others: [Int]?) -> [Int] {
        guard let others, others != numbers else { return numbers }
        var common: [Int] = []
        var place = 0
        for number in numbers {
            while place < others.count, others[place] < number { place += 1 }
            guard place < others.count else { break }
            if others[place] == number { common.append(number) }
        }
        return common
    }

    private static func union(_ numbers: [Int], _ others: [Int]) -> [Int] {
        if numbers.isEmpty { return others }
        return others.isEmpty ? numbers : Set(numbers).union(others).sorted()
    }
}
