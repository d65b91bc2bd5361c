import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import HTTPAPI

/// A body that must be refused: with which words, and nothing registered.
struct Refusal: CustomTestStringConvertible, Sendable {
    var body: String
    var says: String
    var status = HTTPResponse.Status.badRequest

    init(_ body: String, _ says: String) {
        self.body = body
        self.says = says
    }

    var testDescription: String { String(body.prefix(80)) }
}

@Suite struct `Registrations that are refused` {
    @Test(arguments: [
        Refusal("", "the body is empty"),
        Refusal("{", "at octet 1 it ends too early"),
        Refusal(#"{"name":"a""#, "ends too early"),
        Refusal(#"{"name":"a"} x"#, "text after the value"),
        Refusal(#"{"name":"a"}{"name":"b"}"#, "text after the value"),
        Refusal(#"{"name":"a",}"#, "this character cannot stand here"),
        Refusal(#"{'name':'a'}"#, "this character cannot stand here"),
        Refusal(#"{"name":"a" "port":1}"#, "this character cannot stand here"),
        Refusal(#"{"name":"a","port":01}"#, "this character cannot stand here"),
        Refusal(#"{"name":"a","port":1.}"#, "not a number"),
        Refusal(#"{"name":"a","port":-}"#, "not a number"),
        Refusal(#"{"name":"a","port":NaN}"#, "this character cannot stand here"),
        Refusal(#"{"name":"\x"}"#, "an escape that JSON does not have"),
        Refusal(#"{"name":"\ud800"}"#, "an escape that JSON does not have"),
        Refusal(#"{"name":"\ud800\u0041"}"#, "an escape that JSON does not have"),
        Refusal("{\"name\":\"a\nb\"}", "unescaped control character"),
        Refusal("\u{feff}{\"name\":\"a\"}", "this character cannot stand here"),
        Refusal("name=web&port=80", "this character cannot stand here"),
        Refusal(String(repeating: "[", count: 65), "nested more than 64 deep"),
        Refusal(String(repeating: #"{"a":"#, count: 100_000), "nested more than 64 deep"),
    ]) func `are not one JSON value`(_ refusal: Refusal) async throws { try await expect(refusal) }

    @Test(arguments: [
        Refusal("null", "the body must be an object, not null"),
        Refusal("[]", "the body must be an object, not an array"),
        Refusal(#""web""#, "the body must be an object, not a string"),
        Refusal(#"{"name":1}"#, "Name must be a string, not a number"),
        Refusal(#"{"name":["a"]}"#, "Name must be a string, not an array"),
        Refusal(#"{"name":"a","port":"80"}"#, "Port must be a whole number from 0 to 65535, not a string"),
        Refusal(#"{"name":"a","port":-1}"#, "Port must be a whole number from 0 to 65535"),
        Refusal(#"{"name":"a","port":65536}"#, "Port must be a whole number from 0 to 65535"),
        Refusal(#"{"name":"a","port":80.5}"#, "Port must be a whole number from 0 to 65535"),
        Refusal(#"{"name":"a","port":8e1}"#, "Port must be a whole number from 0 to 65535"),
        Refusal(#"{"name":"a","port":\#(String(repeating: "9", count: 64))}"#, "from 0 to 65535"),
        Refusal(#"{"name":"a","port":\#(String(repeating: "9", count: 100_000))}"#, "more than 64 characters"),
        Refusal(#"{"name":"a","tags":"b"}"#, "Tags must be an array, not a string"),
        Refusal(#"{"name":"a","tags":[1]}"#, "Tags[0] must be a string, not a number"),
        Refusal(#"{"name":"a","tags":["b",null]}"#, "Tags[1] must be a string, not null"),
        Refusal(#"{"name":"a","meta":["b"]}"#, "Meta must be an object, not an array"),
        Refusal(#"{"name":"a","meta":{"b":1}}"#, "Meta.b must be a string, not a number"),
        Refusal(#"{"name":"a","EnableTagOverride":"yes"}"#, "EnableTagOverride must be true or false"),
        Refusal(#"{"name":"a","weights":{"passing":0}}"#, "Weights.Passing must be greater than 0"),
        Refusal(#"{"name":"a","weights":{"passing":65536}}"#, "Weights.Passing must be a whole number from 0 to 65535"),
        Refusal(#"{"name":"a","check":[]}"#, "Check must be an object, not an array"),
        Refusal(#"{"name":"a","checks":{}}"#, "Checks must be an array, not an object"),
    ]) func `have a field of another type`(_ refusal: Refusal) async throws { try await expect(refusal) }

    @Test(arguments: [
        Refusal(#"{"foo":1,"name":"a"}"#, #"unknown field "foo""#),
        Refusal(#"{"name":"a","service_name":"b"}"#, #"unknown field "service_name""#),
        Refusal(#"{"name":"a","foo":null}"#, #"unknown field "foo""#),
        Refusal(#"{"name":"a","weights":{"passing":1,"x":2}}"#, #"unknown field "Weights.x""#),
        Refusal(#"{"name":"a","check":{"id":"x","tcp":"h:1","interval":"1s"}}"#, #"unknown field "Check.id""#),
        Refusal(
            #"{"name":"a","checks":[{"check_id":"x","tcp":"h:1","interval":"1s"}]}"#,
            #"unknown field "Checks[0].check_id""#),
        Refusal(
            #"{"name":"a","tagged_addresses":{"lan":{"address":"1.2.3.4","prot":1}}}"#, #""TaggedAddresses.lan.prot""#),
    ]) func `have a field that nobody knows`(_ refusal: Refusal) async throws { try await expect(refusal) }

    @Test(arguments: [
        Refusal("{}", "Missing service name"),
        Refusal(#"{"name":""}"#, "Missing service name"),
        Refusal(#"{"id":"a"}"#, "Missing service name"),
        Refusal(
            #"{"name":"service_name"}"#,
            #"name "service_name" cannot be a DNS label: it contains "_", and only letters, digits and hyphens may be used; use "service-name""#
        ),
        Refusal(#"{"name":"my.web"}"#, #"use "my-web""#),
        Refusal(#"{"name":"-web"}"#, #"starts or ends with a hyphen; use "web""#),
        Refusal(#"{"name":"web;}"}"#, #"use "web""#),
        Refusal(#"{"name":"../../etc/passwd"}"#, #"use "etc-passwd""#),
        Refusal(#"{"name":"{{env \"HOME\"}}"}"#, "cannot be a DNS label"),
        Refusal(#"{"name":"\#(String(repeating: "a", count: 64))"}"#, "it has 64 octets, more than 63"),
        Refusal(#"{"name":"münchen"}"#, "cannot be a DNS label"),
    ]) func `have a name that DNS cannot carry`(_ refusal: Refusal) async throws { try await expect(refusal) }

    @Test(arguments: [
        Refusal(#"{"name":"a\u0000"}"#, "Name contains a control character"),
        Refusal(#"{"name":"a","id":"b\nc"}"#, "ID contains a control character"),
        Refusal(#"{"name":"a","tags":["b\r\nc"]}"#, "Tags[0] contains a control character"),
        Refusal(#"{"name":"a","address":"10.0.0.1\n"}"#, "Address contains a control character"),
        Refusal(#"{"name":"a","meta":{"k":"\u001b[0m"}}"#, "Meta.k contains a control character"),
        Refusal(#"{"name":"a","meta":{"k\n":"v"}}"#, "must be 1 to 128 letters"),
        Refusal(#"{"name":"a","meta":{"a b":"v"}}"#, #"key "a b" must be 1 to 128 letters"#),
        Refusal(#"{"name":"a","meta":{"":"v"}}"#, "must be 1 to 128 letters"),
        Refusal(#"{"name":"a","meta":{"Consul-x":"v"}}"#, "reserved"),
        Refusal(#"{"name":"a","meta":{"\#(String(repeating: "k", count: 129))":"v"}}"#, "must be 1 to 128 letters"),
        Refusal(
            #"{"name":"a","meta":{"k":"\#(String(repeating: "v", count: 513))"}}"#, "Meta.k is longer than 512 octets"),
        Refusal(
            #"{"name":"a","meta":{\#((0...64).map { #""k\#($0)":"v""# }.joined(separator: ","))}}"#,
            "more than 64 members"),
        Refusal(#"{"name":"a","id":"\#(String(repeating: "i", count: 256))"}"#, "ID is longer than 255 octets"),
        Refusal(
            #"{"name":"a","tags":[\#((0...256).map { #""\#($0)""# }.joined(separator: ","))]}"#,
            "more than 256 elements"),
        Refusal(
            #"{"name":"a","tags":[\#((0..<5).map { _ in #""\#(String(repeating: "t", count: 4000))""# }.joined(separator: ","))]}"#,
            "Tags are longer than 16384 octets together"),
        Refusal(#"{"name":"a","address":"0.0.0.0"}"#, "names no host"),
        Refusal(#"{"name":"a","address":"::"}"#, "names no host"),
        Refusal(#"{"name":"a","address":"10.0.0.300"}"#, "neither an IP address nor a host name"),
        Refusal(#"{"name":"a","address":"10.0.0.1; down"}"#, "neither an IP address nor a host name"),
        Refusal(#"{"name":"a","tagged_addresses":{"lan":{"address":"x y"}}}"#, "TaggedAddresses.lan.Address"),
        Refusal(#"{"name":"a","tagged_addresses":{"lan":{"port":1}}}"#, "TaggedAddresses.lan.Address is missing"),
        Refusal(#"{"name":"a","kind":"banana"}"#, "not a service mesh"),
        Refusal(#"{"name":"a","connect":{"native":true}}"#, "not a service mesh"),
    ]) func `have a value that would do harm`(_ refusal: Refusal) async throws { try await expect(refusal) }

    @Test(arguments: [
        Refusal(
            #"{"script":"/bin/true","interval":"1s"}"#,
            "Check.Script: shell script checks are not supported; use http, tcp, udp, grpc, args, alias or ttl"),
        Refusal(#"{"udp":"x","interval":"1s"}"#, "Check.UDP \"x\" must be host:port"),
        Refusal(#"{"udp":"x:1"}"#, "Check.Interval is missing"),
        Refusal(#"{"udp":"x:1","tcp":"x:1","interval":"1s"}"#, "Check.TCP and UDP exclude each other"),
        Refusal(#"{"h2ping":"x:1","interval":"1s"}"#, "HTTP/2 ping checks are not supported"),
        Refusal(#"{"args":["/bin/true"],"interval":"1s"}"#, "Scripts are disabled on this agent"),
        Refusal(#"{"script_args":["/bin/true"],"interval":"1s"}"#, "Scripts are disabled on this agent"),
        Refusal(
            #"{"docker_container_id":"f","shell":"/bin/sh","args":["x"],"interval":"1s"}"#,
            "Scripts are disabled on this agent"),
        Refusal(#"{"dockercontainerid":"f","interval":"1s"}"#, "Check.DockerContainerID needs Args"),
        Refusal(#"{"dockercontainerid":"../x","args":["x"],"interval":"1s"}"#, "is no name or id of a container"),
        Refusal(#"{"dockercontainerid":"a b","args":["x"],"interval":"1s"}"#, "is no name or id of a container"),
        Refusal(#"{"grpc":"/service","interval":"1s"}"#, "must be host:port or host:port/service"),
        Refusal(#"{"grpc":"x:0/service","interval":"1s"}"#, "must be host:port or host:port/service"),
        Refusal(#"{"grpc":"x:1","ttl":"1s"}"#, "exclude each other"),
        Refusal(#"{"grpc":"x:1","interval":"1s","grpc_use_tls":"yes"}"#, "Check.GRPCUseTLS must be true or false"),
        Refusal(#"{"aliasservice":"b","interval":"1s"}"#, "Check.AliasService and AliasNode go with no TTL"),
        Refusal(#"{"aliasservice":"b","ttl":"1s"}"#, "Check.AliasService and AliasNode go with no TTL"),
        Refusal(#"{"aliasservice":"b","tcp":"x:1"}"#, "Check.AliasService and AliasNode go with no TTL"),
        Refusal(#"{"aliasnode":"a b"}"#, "Check.AliasNode: name"),
        Refusal(#"{"alias_service":"b","ttl":"1s"}"#, #"unknown field "Check.alias_service""#),
        Refusal(#"{"args":[""],"interval":"1s"}"#, "Check.Args must begin with a program"),
        Refusal(#"{"args":"/bin/true","interval":"1s"}"#, "Check.Args must be an array"),
        Refusal(#"{"args":["/bin/true"],"ttl":"1s"}"#, "exclude each other"),
        Refusal(#"{"args":["/bin/true"],"tcp":"x:1","interval":"1s"}"#, "Check.TCP and Args exclude each other"),
        Refusal(#"{"name":"x"}"#, "Check.TTL must be > 0 for TTL checks"),
        Refusal(#"{"ttl":"0s"}"#, "Check.TTL must be > 0 for TTL checks"),
        Refusal(#"{"ttl":"-1s"}"#, "Check.TTL must be a duration"),
        Refusal(#"{"ttl":"10"}"#, "Check.TTL must be a duration"),
        Refusal(#"{"ttl":"10s","interval":"5s"}"#, "Check.Interval and TTL cannot both be specified"),
        Refusal(#"{"ttl":"10s","tcp":"x:1"}"#, "Check.TTL and what Berth is to check exclude each other"),
        Refusal(#"{"http":"http://x/","tcp":"x:1","interval":"1s"}"#, "exclude each other"),
        Refusal(#"{"http":"http://x/"}"#, "Check.Interval is missing"),
        Refusal(#"{"http":"http://x/","interval":"0s"}"#, "Check.Interval is missing"),
        Refusal(#"{"http":"http://x/","interval":"5"}"#, "Check.Interval must be a duration"),
        Refusal(#"{"http":"http://x/","interval":"-5s"}"#, "Check.Interval must be a duration"),
        Refusal(#"{"http":"http://x/","interval":"5 s"}"#, "Check.Interval must be a duration"),
        Refusal(#"{"http":"http://x/","interval":"9999999999h"}"#, "Check.Interval must be a duration"),
        Refusal(#"{"http":"http://x/","interval":"5s","timeout":true}"#, "Check.Timeout must be a duration"),
        Refusal(#"{"http":"http://x/","interval":"5s","status":"banana"}"#, "must be passing, warning or critical"),
        Refusal(#"{"http":"file:///etc/passwd","interval":"5s"}"#, "must be a URL"),
        Refusal(#"{"http":"gopher://x/","interval":"5s"}"#, "must be a URL"),
        Refusal(#"{"http":"unix:///var/run/docker.sock","interval":"5s"}"#, "must be a URL"),
        Refusal(#"{"http":"http:///health","interval":"5s"}"#, "must be a URL"),
        Refusal(#"{"http":"http://a b/","interval":"5s"}"#, "must be a URL"),
        Refusal(#"{"http":"http://user:secret@x/","interval":"5s"}"#, "must be a URL"),
        Refusal(#"{"http":"http://x:0/","interval":"5s"}"#, "must be a URL"),
        Refusal(#"{"http":"http://x:99999/","interval":"5s"}"#, "must be a URL"),
        Refusal(#"{"http":"http://x/\r\nHost: y","interval":"5s"}"#, "Check.HTTP contains a control character"),
        Refusal(
            #"{"http":"http://x/","interval":"5s","method":"GET /\r\n"}"#, "Check.Method contains a control character"),
        Refusal(#"{"http":"http://x/","interval":"5s","method":"GET /"}"#, "is not an HTTP method"),
        Refusal(#"{"http":"http://x/","interval":"5s","header":{"A:":["b"]}}"#, "is not a header name"),
        Refusal(#"{"http":"http://x/","interval":"5s","header":{"A":"b"}}"#, "must be an array of strings"),
        Refusal(#"{"http":"http://x/","interval":"5s","header":{"A":["b\r\nC: d"]}}"#, "contains a control character"),
        Refusal(#"{"tcp":"x","interval":"5s"}"#, "must be host:port"),
        Refusal(#"{"tcp":":80","interval":"5s"}"#, "must be host:port"),
        Refusal(#"{"tcp":"::1:80","interval":"5s"}"#, "must be host:port"),
        Refusal(#"{"tcp":"x:http","interval":"5s"}"#, "must be host:port"),
        Refusal(#"{"tcp":"x:1","interval":"5s","success_before_passing":3}"#, "unknown field"),
        Refusal(#"{"tcp":"x:1","interval":"5s","successbeforepassing":-1}"#, "must be a whole number from 0"),
        Refusal(#"{"tcp":"x:1","interval":"5s","successbeforepassing":"3"}"#, "must be a whole number from 0"),
        Refusal(
            #"{"tcp":"x:1","interval":"5s","failuresbeforewarning":3,"failuresbeforecritical":2}"#,
            "Check.FailuresBeforeWarning can't be higher than FailuresBeforeCritical"),
        Refusal(#"{"tcp":"x:1","interval":"5s","outputmaxsize":-1}"#, "Check.OutputMaxSize must be a whole number"),
        Refusal(#"{"tcp":"x:1","interval":"5s","output_max_size":1}"#, "unknown field"),
        Refusal(
            #"{"tcp":"x:1","interval":"5s","deregister_critical_service_after":"1ms"}"#, "must be at least one second"),
        Refusal(#"{"tcp":"x:1","interval":"5s","deregister_critical_service_after":"soon"}"#, "must be a duration"),
        Refusal(#"{"http":"https://x/","interval":"5s","tlsservername":"a b"}"#, "must be a host name"),
        Refusal(#"{"http":"https://x/","interval":"5s","tls_server_name":"10.0.0.1"}"#, "must be a host name"),
    ]) func `have a check that Berth cannot run`(_ refusal: Refusal) async throws {
        try await expect(Refusal(#"{"name":"a","check":\#(refusal.body)}"#, refusal.says))
    }

    @Test func `have two checks of one id`() async throws {
        let check = #"{"checkid":"x","tcp":"h:1","interval":"1s"}"#
        try await expect(Refusal(#"{"name":"a","checks":[\#(check),\#(check)]}"#, #"two checks have the CheckID "x""#))
    }

    @Test func `are not UTF-8`() async throws {
        try await APIUnderTest.run { api in
            let response = try await api.client.execute(
                uri: "/v1/agent/service/register", method: .put,
                body: .init(bytes: Array(#"{"name":"a","id":""#.utf8) + [0xff, 0xfe] + Array(#""}"#.utf8)))
            #expect(response.status == .badRequest)
            #expect(response.text.contains("not UTF-8"))
            #expect(try api.instances.isEmpty)
        }
    }

    private func expect(_ refusal: Refusal) async throws {
        try await APIUnderTest.run { api in
            let response = try await api.register(refusal.body)
            #expect(response.status == .badRequest)
            #expect(response.text.contains(refusal.says), "\(response.text)")
            #expect(response.text.utf8.count < 400)
            #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
            #expect(try api.instances.isEmpty)
        }
    }
}
