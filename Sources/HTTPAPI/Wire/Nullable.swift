/// A member that is there and `null` where it has no value, as Go's encoder writes it.
@propertyWrapper struct Nullable<Value: Encodable>: Encodable {
    var wrappedValue: Value?

    init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.singleValueContainer()
        if let wrappedValue { try json.encode(wrappedValue) } else { try json.encodeNil() }
    }
}
