extension Zone {
    /// The spelling that a name of a registry zone, or of its alternative domain, is published under; other names as they
    /// are.
    package func plainSpelling(of name: DomainName) -> DomainName {
        guard let names = RegistryName(self) else { return name }
        var name = name
        if let alternative, name.isSubdomain(of: alternative) {
            name = AlternativeDomain(apex: apex, alternative: alternative).original(name) ?? name
        }
        var key = NameKey(name)
        names.rewrite(&key)
        return key.name == name ? name : key.name
    }
}
