import Hummingbird

/// `/v1/berth`: questions that Consul's API has no answer to.
struct ExplainRoutes {
    let explainer: Explainer

    var endpoints: [Endpoint] {
        [
            .get("/v1/berth/explain") { _ in throw FieldError("name a service or a container: /v1/berth/explain/NAME")
            },
            .get("/v1/berth/explain/**") { request in
                let subject = try request.pathRest()
                guard let explanation = explainer.explanation(of: subject) else {
                    throw APIError.notFound(explainer.nothingKnown(of: subject))
                }
                return try .json(explanation, to: request, pretty: true)
            },
        ]
    }
}
