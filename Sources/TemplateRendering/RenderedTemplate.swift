import GoTemplate
import Registry

/// One template with all that is known about it between two renderings.
struct RenderedTemplate: Sendable {
    let template: Template
    private let delivery: Delivery
    private var parsed: GoTemplate.Template?
    /// The source file as it was when it was read last; `nil`: it could not be read.
    private var source: File.Status?
    private var dependencies = Dependencies()
    /// Something went wrong last time, or it was never rendered: any change may put it right.
    private var isDue = true

    init(_ template: Template, check: String?) {
        self.template = template
        delivery = Delivery(
            destination: template.destination, check: check, owesCommand: template.command != nil)
    }

    /// What came of a rendering.
    enum Outcome: Sendable {
        case unchanged(commandOwed: Bool)
        case replaced(octets: Int, ownerKept: Bool)
        case failed(RenderingError)
    }

    /// Renders if `delta`, the template's file or an earlier failure gives a reason to.
    ///
    /// - Parameter isForced: render in any case, and read the template's file again.
    /// - Returns: `nil` if there was no reason.
    mutating func update(
        from snapshot: CatalogSnapshot, agent: Agent, delta: CatalogDelta?, isForced: Bool
    ) async -> Outcome? {
        do {
            let isReread = try readSource(isForced: isForced)
            guard isReread || isDue || delta.map(dependencies.isTouched) ?? false, let parsed else { return nil }
            // Until all has gone well, the next change tries again.
            isDue = true
            let data = TemplateData(snapshot: snapshot, agent: agent)
            let result = Result { () throws(TemplateError) in try parsed.render(functions: data.functions) }
            dependencies = data.dependencies
            let text = try result.get()
            let outcome = try await delivery.deliver(text.octets)
            isDue = false
            return switch outcome {
            case .unchanged(let commandOwed): .unchanged(commandOwed: commandOwed)
            case .replaced(let ownerKept): .replaced(octets: text.count, ownerKept: ownerKept)
            }
        } catch {
            return .failed(RenderingError(error))
        }
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
