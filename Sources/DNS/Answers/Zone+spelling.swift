extension Zone {
    /// The spelling that a name of a registry zone is published under; other names as they are.
    package func plainSpelling(of name: DomainName) -> DomainName {
        guard let names = RegistryName(self) else { return name }
        var key = NameKey(name)
        names.rewrite(&key)
        return key.name == name ? name : key.name
    }
}
