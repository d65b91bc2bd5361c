import Registry
import Testing

@testable import DockerWatch

@Suite struct `SERVICE_ settings` {
    private let http = ContainerPort(80)

    @Test func `for a port and protocol beat those for a port, which beat those for the container`() {
        let labels = ContainerLabels(
            labels: ["SERVICE_NAME": "all", "SERVICE_80_NAME": "port", "SERVICE_80_tcp_NAME": "exact"],
            environment: [:], image: nil)
        #expect(labels.value(.name, port: http)?.text == "exact")
        #expect(labels.value(.name, port: ContainerPort(80, .udp))?.text == "port")
        #expect(labels.value(.name, port: ContainerPort(443))?.text == "all")
        #expect(labels.value(.name, port: ContainerPort(443))?.isForPort == false)
    }

    @Test func `start with capitals and are otherwise read without case`() {
        let labels = ContainerLabels(
            labels: ["service_name": "no", "SERVICE_name": "yes", "SERVICE_80_Tags": "t"], environment: [:], image: nil)
        #expect(labels.value(.name)?.text == "yes")
        #expect(labels.value(.name)?.key == "SERVICE_name")
        #expect(labels.value(.tags, port: http)?.text == "t")
    }

    @Test func `of two spellings are always taken from the same one`() {
        for _ in 0..<20 {
            let texts = ["SERVICE_NAME": "capitals", "SERVICE_Name": "mixed", "SERVICE_name": "small"]
            #expect(ContainerLabels(labels: texts, environment: [:], image: nil).value(.name)?.text == "capitals")
        }
    }

    @Test func `that are too long are not used, and that is noted`() {
        let labels = ContainerLabels(
            labels: [
                "SERVICE_NAME": String(repeating: "n", count: 4097),
                "SERVICE_BLOB": String(repeating: "b", count: 5000),
            ],
            environment: [:], image: nil)
        #expect(labels.value(.name) == nil)
        #expect(labels.notes == ["SERVICE_NAME has 4097 octets, more than 4096: not used"])
    }

    @Test func `that nobody reads are told in one note`() {
        let labels = ContainerLabels(
            labels: ["SERVICE_FOO": "bar", "SERVICE_80_SNI": "on", "SERVICE_NAME": "web", "SERVICE_-1_NAME": "web"],
            environment: ["SERVICE_ACCOUNT_JSON": "secret", "SERVICE_80_quic_NAME": "web"], image: nil)
        #expect(
            labels.notesOnIdleKeys(ports: [http]) == [
                "SERVICE_-1_NAME, SERVICE_80_quic_NAME, SERVICE_80_SNI, SERVICE_ACCOUNT_JSON, SERVICE_FOO are not read: "
                    + "known are SERVICE_NAME, SERVICE_TAGS and SERVICE_IGNORE, and those for one port, such as "
                    + "SERVICE_80_NAME"
            ])
    }

    @Test func `for a port that the container does not have are told`() {
        let labels = ContainerLabels(
            labels: [
                "SERVICE_99999_NAME": "x", "SERVICE_080_NAME": "x", "SERVICE_80_udp_TAGS": "x", "SERVICE_80_NAME": "x",
                "SERVICE_80_tcp_IGNORE": "",
            ], environment: [:], image: nil)
        #expect(
            labels.notesOnIdleKeys(ports: [http]) == [
                "SERVICE_080_NAME is for port 080, which the container does not have",
                "SERVICE_80_udp_TAGS is for port 80/udp, which the container does not have",
                "SERVICE_99999_NAME is for port 99999, which the container does not have",
            ])
    }

    @Test func `need few words however many nothing is done with`() {
        let texts = (1000..<2000).flatMap { [("SERVICE_\($0)_NAME", "x"), ("SERVICE_X\($0)", "y")] }
        let labels = ContainerLabels(
            labels: Dictionary(uniqueKeysWithValues: texts), environment: [:], image: nil)
        let notes = labels.notesOnIdleKeys(ports: [http])
        #expect(notes.count == 9)
        #expect(notes.last?.contains("SERVICE_X1007 and 992 more are not read") == true, "\(notes)")
    }

    @Test func `ask for the image only where a label and a variable differ`() {
        #expect(!ContainerLabels.disagree(labels: ["SERVICE_NAME": "a"], environment: ["SERVICE_NAME": "a", "X": "y"]))
        #expect(!ContainerLabels.disagree(labels: ["SERVICE_NAME": "a"], environment: ["SERVICE_TAGS": "t"]))
        #expect(ContainerLabels.disagree(labels: ["SERVICE_NAME": "a"], environment: ["SERVICE_name": "b"]))
    }

    @Test(arguments: ["", "false", "False", "0", "no", "NO", "off", "n", "f", " false "])
    func `say no`(text: String) {
        #expect(!ContainerLabels.Value(origin: .label, key: "k", text: text, isForPort: false).isTrue)
    }

    @Test(arguments: ["true", "1", "yes", "on", "TRUE", "please"])
    func `say yes`(text: String) {
        #expect(ContainerLabels.Value(origin: .label, key: "k", text: text, isForPort: false).isTrue)
    }
}

@Suite struct `A list of tags` {
    @Test(arguments: [
        ("a, b ,c", ["a", "b", "c"]), (#"x\,y,,z,"#, ["x,y", "z"]), (#"\,foo"#, [",foo"]), ("", []), (" , ,", []),
        ("b,a,b", ["b", "a"]), (#"back\slash,end\"#, [#"back\slash"#, #"end\"#]), ("v1.2,ä=ö", ["v1.2", "ä=ö"]),
    ])
    func `keeps its order, splits at commas, and trims`(text: String, tags: [String]) {
        #expect(TagList(text, key: "SERVICE_TAGS").tags == tags)
        #expect(TagList(text, key: "SERVICE_TAGS").notes.isEmpty)
    }

    @Test func `leaves out what a tag must not be, and says so`() {
        let list = TagList("ok,a\u{7}b,\(String(repeating: "x", count: 256)),a\u{202e}b,fine", key: "SERVICE_TAGS")
        #expect(list.tags == ["ok", "fine"])
        #expect(list.notes.count == 3)
        #expect(list.notes.first == #"the tag "a\u{07}b" of SERVICE_TAGS is left out: it contains \u{07}"#)
    }

    @Test(arguments: ["x y", "a..b", ".", "a.\(String(repeating: "x", count: 64))"])
    func `keeps what cannot be asked for in DNS, and says so`(tag: String) {
        let list = TagList("ok,\(tag)", key: "SERVICE_TAGS")
        #expect(list.tags == ["ok", tag])
        #expect(
            list.notes == [
                "the tag \"\(tag)\" of SERVICE_TAGS cannot be asked for in DNS, only found over HTTP and in templates"
            ])
    }

    @Test func `has at most 64 tags, and few words about the rest`() {
        let list = TagList((0..<1000).map { "t\($0)" }.joined(separator: ","), key: "SERVICE_TAGS")
        #expect(list.tags.count == 64)
        #expect(list.notes.count == 8)
    }

    @Test func `marks what is not TCP, once`() {
        var list = TagList("udp", key: "")
        list.mark(.udp)
        #expect(list.tags == ["udp"])
        list.mark(.sctp)
        list.mark(.tcp)
        #expect(list.tags == ["udp", "sctp"])
    }
}
