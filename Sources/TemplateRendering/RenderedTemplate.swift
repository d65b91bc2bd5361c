import GoTemplate
import Registry

/// One template with all that is known about it between two renderings.
struct RenderedTemplate: Sendable {
    let template: Template
    private var delivery: Delivery
    private var parsed: GoTemplate.Template?
    /// The source file as it was when it was read last; `nil`: it could not be read.
    private var source: File.Status?
    private var dependencies = Dependencies()
    private var state = State.new

    private enum State {
        /// It was never tried.
        case new
        /// The file is as the template says.
        case done
        /// Docker must answer first.
        case waiting
        /// Something went wrong last time. A change of what the template reads may put it right. Where it was the file
        /// system or the check, which looks at more than this file, so may time.
        case failed(RetryClock)
    }

    /// When to try again although nothing has changed; `nil`: not before something does.
    var nextAttempt: ContinuousClock.Instant? {
        if case .failed(let clock) = state { clock.next } else { nil }
    }

    /// Whether a command of the operator's looks at the text before it replaces the file.
    var isChecked: Bool { delivery.check != nil }

    /// Whether the destination is there already, and not by our own doing.
    private var wouldReplaceForeignFile: Bool {
        do {
            return try !isOurs && File.status(of: File.resolve(template.destination)) != nil
        } catch {
            // What cannot be looked at is there.
            return true
        }
    }

    /// This process has rendered the file, or found it as it would have rendered it.
    private var isOurs = false

    init(_ template: Template, check: String?) {
        self.template = template
        delivery = Delivery(
            destination: template.destination, check: check, owesCommand: template.command != nil)
    }

    /// The same, with another check before the file is replaced.
    func checked(by check: String?) -> RenderedTemplate {
        var copy = self
        copy.delivery.check = check
        return copy
    }

    /// What came of a rendering.
    enum Outcome: Sendable {
        case unchanged(commandOwed: Bool)
        case replaced(octets: Int, ownerKept: Bool)
        /// The file was there, and the catalog may not know all that belongs into it.
        case waits
        case failed(RenderingError)
    }

    /// Renders if a change, the template's file or an earlier failure gives a reason to.
    ///
    /// - Parameter trusted: the services that the catalog can be believed to know; a file that was there is not replaced
    ///   for less than it says. `nil`: all.
    /// - Returns: `nil` if there was no reason.
    mutating func update(
        from work: RenderInbox.Element, agent: Agent, trusted: Set<ServiceName>?, at now: ContinuousClock.Instant
    ) async -> Outcome? {
        do {
            let isReread = try readSource(isForced: work.reload != nil)
            guard isReread || isDue(for: work, isWhole: trusted == nil, at: now), let parsed else { return nil }
            let data = TemplateData(snapshot: work.snapshot, agent: agent)
            let result = Result { () throws(TemplateError) in try parsed.render(functions: data.functions) }
            dependencies = data.dependencies
            let text = try result.get()
            if let trusted, !dependencies.areMet(by: trusted), wouldReplaceForeignFile {
                state = .waiting
                return .waits
            }
            let outcome = try await delivery.deliver(text.octets)
            state = .done
            isOurs = true
            return switch outcome {
            case .unchanged(let commandOwed): .unchanged(commandOwed: commandOwed)
            case .replaced(let ownerKept): .replaced(octets: text.count, ownerKept: ownerKept)
            }
        } catch {
            let error = RenderingError(error)
            fail(error, at: now)
            return .failed(error)
        }
    }

    private func isDue(for work: RenderInbox.Element, isWhole: Bool, at now: ContinuousClock.Instant) -> Bool {
        let isTouched = work.delta.map(dependencies.isTouched) ?? false
        return switch state {
        case .new: true
        case .done: isTouched
        case .waiting: isTouched || isWhole
        case .failed(let clock): isTouched || clock.next != nil && !clock.isAhead(of: now)
        }
    }

    private mutating func fail(_ error: RenderingError, at now: ContinuousClock.Instant) {
        guard case .delivery = error else {
            state = .failed(RetryClock())
            return
        }
        var clock = if case .failed(let clock) = state { clock } else { RetryClock() }
        clock.fail(at: now)
        state = .failed(clock)
    }

    /// Notes that the command has succeeded.
    func settle() throws(FileError) { try delivery.settle() }

    private static let maximumOctets = 16 << 20

    /// Reads and parses the template's file if it has changed.
    ///
    /// - Returns: whether it did.
    private mutating func readSource(isForced: Bool) throws -> Bool {
        let status = try File.status(of: template.source)
        guard isForced || parsed == nil && status == nil || status != source else { return false }
        source = status
        parsed = nil
        guard status?.isRegular ?? true else {
            throw RenderingError.source("\(template.source) is not a regular file")
        }
        // Known only once it is read: a file that could not be read for a moment is tried again at the next pass.
        source = nil
        guard let contents = try File.read(template.source, maximum: Self.maximumOctets) else {
            throw RenderingError.source("there is no template file \(template.source)")
        }
        source = status
        parsed = try GoTemplate.Template(
            parsing: GoString(octets: contents), name: template.source, functions: TemplateData.signatures)
        return true
    }
}

/// Why a file was not brought up to date. It is as it was.
enum RenderingError: Error, Equatable, Sendable {
    /// The template's file cannot be read: a sentence.
    case source(String)
    case template(TemplateError)
    case delivery(DeliveryError)

    init(_ error: any Error) {
        self =
            switch error {
            case let error as RenderingError: error
            case let error as TemplateError: .template(error)
            case let error as DeliveryError: .delivery(error)
            default: .source("\(error)")
            }
    }
}
