import Hummingbird
import NIOCore

/// What a request's handler knows of its connection.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    var circumstances = RequestCircumstances()

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// What a connection knows of a request.
struct RequestCircumstances {
    /// All of its body is there.
    var hasWholeBody = false
    /// What ended its wait, if it has waited already: whatever there is now is the answer.
    var wakeUp: WakeUp?
    /// `nil`: it is no plain read.
    var question: ReadQuestion?
}
