import Glibc

/// libFuzzer's entry: hands the octets that it tries to the target that `FUZZ_TARGET` names. A broken promise traps, which
/// libFuzzer reports together with the octets that led there.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    unsafe target(Array(UnsafeBufferPointer(start: octets, count: count)))
    return 0
}

private let target: @Sendable ([UInt8]) -> Void = {
    let targets: [String: @Sendable ([UInt8]) -> Void] = [
        "packet": PacketTarget.run, "signed": SignedTarget.run, "framing": FramingTarget.run,
        "transfer": TransferTarget.run, "zone": ZoneTarget.run,
    ]
    let name = unsafe getenv("FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    guard let target = targets[name] else {
        fatalError("FUZZ_TARGET must be one of \(targets.keys.sorted().joined(separator: ", "))")
    }
    return target
}()
