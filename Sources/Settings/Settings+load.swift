extension Settings {
    /// Reads the file, if there is one, and the flags, which win: a flag replaces the file's whole value of its key.
    ///
    /// - Parameters:
    ///   - file: a YAML file; relative to the working directory.
    ///   - flags: each flag's values in the order they were given; none for a flag that was not.
    ///   - unknown: the arguments that are none of the flags, nor values of them, in order.
    ///   - objections: what only this host can say against the settings, as far as they could be read, and of which keys.
    /// - Throws: ``SettingsError`` with everything that is wrong with either.
    package init(
        file: String? = nil, flags: [SettingsKey: [String]] = [:], unknown: [String] = [],
        objections: (Settings) -> [(key: SettingsKey, reason: String)] = { _ in [] }
    ) throws(SettingsError) {
        var reader = SettingsReader()
        if let file { ConfigFile(path: file).read(into: &reader) }
        for key in SettingsKey.allCases {
            guard let texts = flags[key], !texts.isEmpty else { continue }
            let values = texts.map { GivenValue(flag: $0) }
            reader.take(values.count == 1 ? values[0] : GivenValue(.list(values), at: .flag), for: key)
        }
        for problem in Self.problems(with: unknown) { reader.note(problem) }
        self = try reader.finish(objections)
    }

    /// What follows an unknown flag may be its value, and is not told.
    private static func problems(with unknown: [String]) -> [SettingsProblem] {
        unknown.enumerated().compactMap { position, argument in
            if argument.hasPrefix("-") {
                let name = argument.prefix { $0 != "=" }
                let nearest = NearestWord.to(String(name), among: SettingsKey.allCases.map(\.rawValue))
                let advice = nearest.map { "did you mean --\($0)?" } ?? "berth serve --help lists all"
                return SettingsProblem(origin: .argument, reason: "there is no flag \(String(name).shown); \(advice)")
            }
            let before = position > 0 ? unknown[position - 1] : ""
            let isValue = before.hasPrefix("-") && !before.contains("=")
            return isValue ? nil : SettingsProblem(origin: .argument, reason: "\(argument.shown) belongs to no flag")
        }
    }
}
