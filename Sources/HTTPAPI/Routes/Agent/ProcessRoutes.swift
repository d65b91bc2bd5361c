import Hummingbird

/// What the process can be told over HTTP, as by signals.
package struct ProcessControl: Sendable {
    /// Reads the settings, zones and templates again; returns what is wrong with them: sentences.
    package var reload: @Sendable () async -> [String]
    /// Begins the graceful end of the process, and returns at once.
    package var leave: @Sendable () -> Void

    package init(reload: @escaping @Sendable () async -> [String], leave: @escaping @Sendable () -> Void) {
        self.reload = reload
        self.leave = leave
    }
}

/// `/v1/agent/reload` and `/v1/agent/leave`.
struct ProcessRoutes {
    /// `nil`: there is no process of its own.
    let control: ProcessControl?

    var endpoints: [Endpoint] {
        guard let control else { return [] }
        return [
            .put("/v1/agent/reload") { _ in
                // Files are read and zones parsed: not on the event loop, which serves other connections meanwhile.
                let mistakes = await withTaskExecutorPreference(globalConcurrentExecutor) { await control.reload() }
                guard mistakes.isEmpty else { throw APIError.notReloaded(mistakes) }
                return .done
            },
            .put("/v1/agent/leave") { _ in
                // Not before the answer is on its way.
                Response(
                    status: .ok,
                    body: ResponseBody(contentLength: 0) { writer in
                        defer { control.leave() }
                        try await writer.finish(nil)
                    })
            },
        ]
    }
}
