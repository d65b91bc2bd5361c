import Registry
import Testing

@testable import berth

@Suite struct `The host's name` {
    @Test(arguments: [
        ("server01", "server01"), ("Server01", "Server01"), ("web_1.lab.internal", "web-1-lab-internal"),
        ("web1.example.com", "web1-example-com"),
        ("-x-", "x"), ("", "localhost"), ("___", "localhost"),
    ])
    func `it becomes a node's name`(_ host: String, _ node: String) {
        #expect(HostName(host).node.text == node)
    }
}
