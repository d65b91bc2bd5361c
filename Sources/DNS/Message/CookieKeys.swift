/// The secrets that server cookies are made with. They live as long as the process, and each is used for a day.
///
/// A day's key is the hash of its number under a master key, so that all threads have it without telling each other. A
/// cookie says when it was made, and so with which key: at most the day before's, as it is good for an hour.
struct CookieKeys {
    private let master: SipHash.Key
    private var day: UInt32 = 0
    private var today: SipHash.Key
    private var yesterday: SipHash.Key

    /// Seconds. RFC 9018 4.3: good for an hour, and for clocks that differ, five minutes ahead; renewed after half an hour.
    private static let lifetime: Int32 = 3600
    private static let lead: Int32 = 300
    private static let renewal: Int32 = 1800
    private static let secondsOfDay: UInt32 = 86_400

    init(master: SipHash.Key) {
        self.master = master
        today = Self.key(0, master)
        yesterday = today
    }

    /// Makes ready for cookies at a Unix time.
    @inline(__always)
    mutating func turn(to time: UInt32) {
        if time / Self.secondsOfDay != day { change(to: time / Self.secondsOfDay) }
    }

    @inline(never)
    private mutating func change(to day: UInt32) {
        self.day = day
        today = Self.key(day, master)
        yesterday = Self.key(day &- 1, master)
    }

    private static func key(_ day: UInt32, _ master: SipHash.Key) -> SipHash.Key {
        func half(_ number: UInt64) -> UInt64 {
            var hash = SipHash(key: master)
            hash.take(UInt64(day))
            hash.take(number)
            return hash.finish(octets: 16)
        }
        return SipHash.Key(low: half(0), high: half(1))
    }

    /// Whether the client has a good server cookie, which proves that it gets what is sent to its address; and the
    /// cookie for its reply.
    @inline(__always)
    func reply(to cookie: Cookie, from address: IPAddress, at time: UInt32) -> (cookie: Cookie, isGood: Bool) {
        if let made = cookie.time {
            let age = Int32(bitPattern: time &- made)
            let key = made / Self.secondsOfDay == day ? today : yesterday
            if age >= -Self.lead, age <= Self.lifetime, cookie.hash == cookie.expectedHash(for: address, key: key) {
                return (age < Self.renewal ? cookie : cookie.renewed(for: address, at: time, key: today), true)
            }
        }
        return (cookie.renewed(for: address, at: time, key: today), false)
    }
}
