/// A zone with all that a master file may hold and a server has to think about.
enum RichZone {
    static let text = ##"""
        $ORIGIN rich.example.
        $TTL 3600
        @           SOA     ns1 host\.master 2026 7200 900 604800 300
                    NS      ns1
                    NS      ns2
                    NS      ns.other.net.
                    MX      10 mail
                    MX      20 mail.deep
                    MX      30 alias
                    MX      40 mail.other.net.
                    TXT     "v=spf1 -all" "second"
                    CAA     0 issue "ca.example.net"
                    A       192.0.2.1
                    AAAA    2001:db8::1
        ns1         A       192.0.2.2
                    AAAA    2001:db8::2
        ns2   60    A       192.0.2.3
        mail        A       192.0.2.4
        mail.deep   A       192.0.2.5

        ; Several addresses, a name in mixed case, odd names.
        www         A       192.0.2.10
                    A       192.0.2.11
                    A       192.0.2.12
                    AAAA    2001:db8::10
        MiXed.CaSe  A       192.0.2.13
        a\.b        A       192.0.2.14
        \000\255    A       192.0.2.15
        under_score A       192.0.2.16
        a.b.c.d.e.f TXT     "deep"
        a.*.middle  TXT     "an asterisk in the middle"

        ; Aliases: chains, loops, and whatever they may lead to.
        alias       CNAME   www
        chain1 10   CNAME   chain2
        chain2 20   CNAME   chain3
        chain3 30   CNAME   alias
        to-apex     CNAME   @
        to-empty    CNAME   e.f
        to-nothing  CNAME   nothing
        to-outside  CNAME   www.other.net.
        to-wild     CNAME   any.wild
        to-sub      CNAME   host.sub
        to-cut      CNAME   sub
        to-old      CNAME   a.old
        to-long     CNAME   x.long
        self        CNAME   self
        loop1       CNAME   loop2
        loop2       CNAME   loop1

        ; Wildcards.
        *.wild      A       192.0.2.20
                    TXT     "star"
                    MX      10 mail
        known.wild  TXT     "known"
        x.ent.wild  TXT     "below an empty non-terminal"
        *.x.wild    A       192.0.2.21
        *.walias    CNAME   www
        *.wout      CNAME   www.other.net.
        *.wself     CNAME   a.wself
        *.wmx       MX      10 any.wild

        ; Delegations: with glue, without, with the sibling's, signed.
        sub         NS      ns.sub
                    NS      ns1
        ns.sub      A       192.0.2.30
                    AAAA    2001:db8::30
        secure      NS      ns.other.net.
                    DS      12345 8 2 49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC0A0B
        deep.er.cut NS      ns.deep.er.cut
        ns.deep.er.cut A    192.0.2.31
        sibling     NS      ns.sub
        lame        NS      nothing.here
        wildns      NS      any.wild

        ; Redirections.
        old   600   DNAME   new
                    TXT     "at the owner"
                    A       192.0.2.40
        new         TXT     "the target"
        a.new       A       192.0.2.41
        b.c.new     AAAA    2001:db8::41
        *.star.new  A       192.0.2.42
        al.new      CNAME   www
        older       DNAME   old
        away        DNAME   other.net.
        nowhere     DNAME   nothing.here
        intosub     DNAME   sub
        x.y.below   DNAME   wild
        ; Leaves no room for a label in front.
        long        DNAME   llllllllllllllllllllllllllllllllllllllllllllllllllllllllllll.llllllllllllllllllllllllllllllllllllllllllllllllllllllllllll.llllllllllllllllllllllllllllllllllllllllllllllllllllllllllll.llllllllllllllllllllllllllllllllllllllllllllllllllllllll

        ; Whom addresses come along for.
        _sip._tcp   SRV     0 5 5060 www
                    SRV     0 5 5061 mail.deep
        _al._tcp    SRV     0 5 5060 alias
        _wild._tcp  SRV     0 5 5060 any.wild
        _sub._tcp   SRV     0 5 5060 ns.sub
        _old._tcp   SRV     0 5 5060 a.old
        _out._tcp   SRV     0 5 5060 www.other.net.
        _root._tcp  SRV     0 0 0 .
        twice       MX      10 mail
                    MX      20 mail

        ; Many types.
        types       NAPTR   10 20 "u" "E2U+sip" "!^.*$!sip:info@example.net!" .
                    SSHFP   4 2 123456789ABCDEF67890123456789ABCDEF67890123456789ABCDEF123456789
                    TLSA    3 1 1 49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC0A0B
                    HINFO   "CPU" "OS"
                    RP      admin.rich.example. types
                    LOC     52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m
                    PTR     www
                    URI     10 1 "https://www.rich.example/"
                    AFSDB   1 mail
                    KX      10 mail
                    RT      10 mail
                    CERT    PKIX 65535 8 AQIDBA==
                    HTTPS   1 . alpn=h2
                    SVCB    1 www port=8443
                    SPF     "v=spf1 -all"
                    OPENPGPKEY AQIDBA==
                    EUI48   00-00-5e-00-53-2a
                    TYPE65280 \# 3 010203

        """##

    /// A zone with sets that fit some datagrams and not others.
    static var large: String {
        let head = "$TTL 3600\n@ SOA ns h 1 2 3 4 5\n"
        let addresses = (1...60).map { "many A 198.51.100.\($0)" }
        let texts = (1...9).map { "texts TXT \"\(String(repeating: "t", count: 90 + $0))\"" }
        let exchangers = (1...16).map { "exchangers MX \($0) host-number-\($0)" }
        let hosts = (1...16).map { "host-number-\($0) A 203.0.113.\($0)" }
        let servers = (1...9).map { "crowded NS ns\($0).crowded\nns\($0).crowded A 203.0.113.\(100 + $0)" }
        return head + (addresses + texts + exchangers + hosts + servers).joined(separator: "\n") + "\n"
    }
}
