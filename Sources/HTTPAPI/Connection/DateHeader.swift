import Foundation
import Synchronization

/// The time as answers carry it (RFC 9110 5.6.7), written once a second.
final class DateHeader: Sendable {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private let latest = Mutex((second: 0.0, text: ""))

    var now: String {
        let second = Date.now.timeIntervalSince1970.rounded(.down)
        return latest.withLock { latest in
            if latest.second != second { latest = (second, Self.text(Date(timeIntervalSince1970: second))) }
            return latest.text
        }
    }

    static func text(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents(in: .gmt, from: date)
        func two(_ number: Int?) -> String {
            let text = String(number ?? 0)
            return text.utf8.count < 2 ? "0\(text)" : text
        }
        let day = "\(two(parts.day)) \(months[(parts.month ?? 1) - 1]) \(parts.year ?? 0)"
        let time = "\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second))"
        return "\(days[(parts.weekday ?? 1) - 1]), \(day) \(time) GMT"
    }
}
