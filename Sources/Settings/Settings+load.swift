extension Settings {
    /// Reads the file, if there is one, and the flags, which win: a flag replaces the file's whole value of its key.
    ///
    /// - Parameters:
    ///   - file: a YAML file; relative to the working directory.
    ///   - flags: each flag's values in the order they were given; none for a flag that was not.
    /// - Throws: ``SettingsError`` with everything that is wrong with either.
    package init(file: String? = nil, flags: [SettingsKey: [String]] = [:]) throws(SettingsError) {
        var reader = SettingsReader()
        if let file { ConfigFile(path: file).read(into: &reader) }
        for key in SettingsKey.allCases {
            guard let texts = flags[key], !texts.isEmpty else { continue }
            let values = texts.map { GivenValue(flag: $0) }
            reader.take(values.count == 1 ? values[0] : GivenValue(.list(values), at: .flag), for: key)
        }
        self = try reader.finish()
    }
}
