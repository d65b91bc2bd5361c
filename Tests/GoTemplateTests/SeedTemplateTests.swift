import Testing

@testable import GoTemplate

@Suite struct `The nginx template of the walk-through` {
    private let template = """
        upstream http_backend {
        {{range service "nginx"}}
        server {{ .Address }}:{{ .Port }};
        {{ end }}
        }
        server {
        listen 8888;
        server_name localhost;
        location / {
        proxy_pass http://http_backend;
        }
        }

        """

    private func services(_ ports: [Int]) -> FunctionTable {
        let instance = StructDescription<Int>(
            "dependency.HealthService",
            [
                ("Address", .string, { _ in .string("10.11.97.181") }),
                ("Port", .int, { .int($0) }),
            ])
        return FunctionTable([
            "service": Function(variadic: .string) { _ in
                .list(List(ports.map { .pointer(instance.structure($0)) }, of: .pointer(to: instance.type)))
            }
        ])
    }

    @Test func `renders a server line for each instance`() throws {
        let expected = """
            upstream http_backend {

            server 10.11.97.181:32768;

            server 10.11.97.181:32769;

            }
            server {
            listen 8888;
            server_name localhost;
            location / {
            proxy_pass http://http_backend;
            }
            }

            """
        #expect(try render(template, functions: services([32768, 32769])) == expected)
    }

    @Test func `renders no server line without instances`() throws {
        #expect(try render(template, functions: services([])).hasPrefix("upstream http_backend {\n\n}\nserver {\n"))
    }
}
