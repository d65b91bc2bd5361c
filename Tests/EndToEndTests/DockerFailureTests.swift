import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite struct `A Docker that is away or says odd things` {
        @Test func `a Docker that is absent at the start is waited for, and found when it appears`() async throws {
            try await withTemporaryDirectory { directory in
                try await withDockerEngine { engine in
                    let containers = WebContainers(engine: engine)
                    try await containers.makeImage("web")
                    try await containers.runPublished("early")
                    let socket = directory.appending(path: "docker.sock").path
                    let arguments = ["--docker", "unix://\(socket)", "--advertise", WebContainers.advertised]
                    try await Berth.run(in: directory, arguments) { berth in
                        try await retrying(for: .seconds(20)) {
                            let warning = try berth.output.contains(/(?i)warn.*docker|docker.*warn/)
                            try expectNow(warning, "it says nothing of Docker: \(berth.output)")
                        }
                        #expect(
                            try await berth.http.put("/v1/agent/service/register", #"{"name": "other"}"#).status == 200)
                        try FileManager.default.createSymbolicLink(
                            atPath: socket, withDestinationPath: engine.socketPath)
                        let endpoints = Set(try await containers.endpoints().values)
                        try await retrying(for: .seconds(20)) {
                            let answer = try await berth.dig("web.service.consul", "SRV")
                            try expectNow(answer.endpoints == endpoints, answer.text)
                        }
                    }
                }
            }
        }

        @Test func `ghosts go and newcomers come when Berth starts again, and foreign registrations stay`() async throws
        {
            try await withTemporaryDirectory { directory in
                try await withDockerEngine { engine in
                    let containers = WebContainers(engine: engine)
                    try await containers.makeImage("web")
                    try await containers.runPublished("old")
                    let arguments = ["--docker", engine.url, "--advertise", WebContainers.advertised]
                    try await Berth.run(in: directory, arguments) { berth in
                        let body = #"{"id": "foreign", "name": "web", "address": "10.0.0.7", "port": 80}"#
                        #expect(try await berth.http.put("/v1/agent/service/register", body).status == 200)
                        try await retrying(for: .seconds(20)) {
                            try expectNow(try await berth.http.instances(of: "web").count == 2, "old is not there")
                        }
                        try await berth.kill()
                        try await engine.docker("rm", "--force", "old")
                        try await containers.runPublished("new")
                        try await berth.start()
                        let expected = Set(try await containers.endpoints().values).union(["10.0.0.7:80"])
                        try await retrying(for: .seconds(20)) {
                            let endpoints = Set(try await berth.http.instances(of: "web").map(\.endpoint))
                            try expectNow(endpoints == expected, "\(endpoints), not \(expected)")
                        }
                    }
                }
            }
        }

        @Test func `labels with nonsense harm nobody but their own container`() async throws {
            let nonsense: [[String: String]] = [
                ["SERVICE_NAME": "web;}\nserver { listen 1; }"],
                ["SERVICE_NAME": "../../../etc/passwd"],
                ["SERVICE_NAME": "{{range service \"web\"}}"],
                ["SERVICE_NAME": String(repeating: "long", count: 2500)],
                ["SERVICE_NAME": "", "SERVICE_80_NAME": "---"],
                ["SERVICE_NAME": "日本語"],
                [
                    "SERVICE_NAME": "tagged",
                    "SERVICE_TAGS": "a\nb,\u{7F},\\,;}{,\(String(repeating: "t", count: 10_000))",
                ],
                ["SERVICE_99999999999_NAME": "web", "SERVICE_-1_NAME": "web", "SERVICE_": "web"],
                ["com.docker.compose.service": "$(reboot)`reboot`"],
            ]
            try await withTemporaryDirectory { directory in
                try await withDockerEngine { engine in
                    let containers = WebContainers(engine: engine)
                    try await containers.makeImage("web")
                    let arguments = ["--docker", engine.url, "--advertise", WebContainers.advertised]
                    try await Berth.run(in: directory, arguments) { berth in
                        for (number, labels) in nonsense.enumerated() {
                            try await containers.runPublished(
                                "odd-\(number)", labels.flatMap { ["--label", "\($0.key)=\($0.value)"] })
                        }
                        try await containers.runPublished("sound", ["--label", "SERVICE_NAME=sound"])
                        let sound = try #require(try await containers.endpoints()["sound"])
                        try await retrying(for: .seconds(20)) {
                            let answer = try await berth.dig("sound.service.consul", "SRV")
                            try expectNow(answer.endpoints == [sound], answer.text)
                        }
                        let services = try await berth.http.get("/v1/catalog/services").decoded(
                            as: [String: [String]].self)
                        for name in services.keys {
                            #expect(
                                name.wholeMatch(of: /[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?/) != nil, "\(name)")
                            #expect(try await berth.dig("\(name).service.consul", "SRV").status == "NOERROR", "\(name)")
                        }
                        for number in nonsense.indices {
                            let explained = try await berth.http.get("/v1/berth/explain/odd-\(number)")
                            #expect(explained.status == 200, "\(nonsense[number]): \(explained.body)")
                        }
                    }
                }
            }
        }
    }
}
