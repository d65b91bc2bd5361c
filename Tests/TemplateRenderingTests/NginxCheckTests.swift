import Foundation
import Programs
import Testing

@testable import TemplateRendering

/// With the real nginx.
@Suite struct `The check nginx -t` {
    private let check = "nginx -t -q -p /tmp -e stderr -c {}"

    private func configuration(_ directory: String, upstream: String) -> String {
        """
        pid \(directory)/nginx.pid;
        events {}
        http {
            access_log off;
            upstream http_backend {
        \(upstream)
            }
            server {
                listen unix:\(directory)/nginx.sock;
                location / { proxy_pass http://http_backend; }
            }
        }
        """
    }

    private func requireNginx() {
        let isInstalled = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx", "/usr/local/bin/nginx"]
            .contains { FileManager.default.isExecutableFile(atPath: $0) }
        #expect(isInstalled, "these tests need nginx: install the package nginx")
    }

    @Test func `lets a good configuration pass`() async throws {
        requireNginx()
        try await withDirectory { directory async throws in
            let path = "\(directory)/nginx.conf"
            let text = configuration(directory, upstream: "server 10.11.97.181:32768;")
            let outcome = try await Delivery(destination: path, check: check).deliver(Array(text.utf8))
            #expect(outcome == .replaced(ownerKept: true))
            #expect(contents(of: path) == text)
        }
    }

    @Test(arguments: [
        ("", "no servers are inside upstream"), ("server 10.0.0.1:80", "unexpected \"}\""),
        ("server 10.0.0.1:99999;", "invalid port"), ("nonsense;", "unknown directive \"nonsense\""),
    ])
    func `keeps a bad one out, and its reason is told`(upstream: String, reason: String) async throws {
        requireNginx()
        try await withDirectory { directory async throws in
            let path = "\(directory)/nginx.conf"
            let good = configuration(directory, upstream: "server 10.11.97.181:32768;")
            try write(good, to: path)
            let bad = configuration(directory, upstream: upstream)
            let error = await #expect(throws: DeliveryError.self) {
                try await Delivery(destination: path, check: check).deliver(Array(bad.utf8))
            }
            #expect(contents(of: path) == good)
            guard case .checkFailed(_, let outcome) = error else {
                Issue.record("\(error as Any)")
                return
            }
            #expect(outcome.output.contains(reason))
        }
    }

    @Test func `can include a file that is only part of a configuration`() async throws {
        requireNginx()
        try await withDirectory { directory async throws in
            let path = "\(directory)/default.conf"
            let wrapper = "events {} http { access_log off; include \(directory)/.default.conf.berth; }"
            try write("pid \(directory)/nginx.pid; \(wrapper)", to: "\(directory)/check.conf")
            let delivery = Delivery(
                destination: path, check: "nginx -t -q -p /tmp -e stderr -c \(directory)/check.conf")
            let part = "server { listen unix:\(directory)/nginx.sock; }"
            #expect(try await delivery.deliver(Array(part.utf8)) == .replaced(ownerKept: true))
            await #expect(throws: DeliveryError.self) { try await delivery.deliver(Array("server {".utf8)) }
            #expect(contents(of: path) == part)
        }
    }
}
