import Registry

extension CheckRun {
    /// Says what others say, each time they say something new.
    func follow(_ alias: CheckDefinition.Alias, _ news: AsyncStream<CatalogSnapshot>) async {
        for await snapshot in news {
            var snapshot = snapshot
            while !Task.isCancelled {
                let verdict = HealthJudge.alias(alias, own: key, in: snapshot).cut(to: definition.outputLimit)
                let known = known.verdict
                if verdict == known { break }
                if await write(verdict, instead: known) { break }
                do { try await Task.sleep(for: .seconds(1)) } catch { return }
                snapshot = tools.registry.snapshot
            }
        }
    }
}
