// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every target: Swift 6 concurrency, every `unsafe` spelled out, no warning let through.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let dequeModule = product(name: "DequeModule", package: "swift-collections")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let hashTreeCollections = product(name: "HashTreeCollections", package: "swift-collections")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let heapModule = product(name: "HeapModule", package: "swift-collections")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let hummingbirdTesting = product(name: "HummingbirdTesting", package: "hummingbird")
    static let hummingbirdTLS = product(name: "HummingbirdTLS", package: "hummingbird")
    static let logging = product(name: "Logging", package: "swift-log")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioFoundationCompat = product(name: "NIOFoundationCompat", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioHPACK = product(name: "NIOHPACK", package: "swift-nio-http2")
    static let nioHTTP2 = product(name: "NIOHTTP2", package: "swift-nio-http2")
    static let nioHTTPTypes = product(name: "NIOHTTPTypes", package: "swift-nio-extras")
    static let nioHTTPTypesHTTP1 = product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let serviceLifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let subprocess = product(name: "Subprocess", package: "swift-subprocess")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let yams = product(name: "Yams", package: "Yams")
}

/// A library target of the product.
func part(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests that mirror the target `name`.
func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.target(name: name)] + dependencies, swiftSettings: settings)
}

let package = Package(
    name: "berth",
    products: [.executable(name: "berth", targets: ["berth"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.34.0"),
        .package(url: "https://github.com/apple/swift-nio-http2.git", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", from: "1.0.2"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    ],
    targets: [
        // The names and addresses every part speaks of, and DNS itself: octets in, octets out, no I/O.
        .target(name: "CDatagram"),
        .systemLibrary(name: "CLDNS", pkgConfig: "ldns", providers: [.apt(["libldns-dev"])]),
        // Without pkgConfig: that of Debian asks for the development files of what the library itself uses.
        .systemLibrary(name: "CUnbound", providers: [.apt(["libunbound-dev"])]),
        part("DNS", ["CDatagram", .crypto]),
        part("ZoneFiles", ["CLDNS", "DNS"]),
        // Figures of the running program: what they are called, and how they are told.
        part("Telemetry"),
        // Other people's names, asked of other people's servers.
        part("Forwarding", ["CUnbound", "DNS", .logging]),

        // The operator's own programs, run with a limit of time.
        part("Programs", [.subprocess]),

        // The store: one writer, immutable snapshots.
        part("Registry", ["DNS", "Telemetry", .grdb, .hashTreeCollections, .logging, .serviceLifecycle]),

        // All that the store holds, in one file.
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        part("Snapshots", ["CZlib", "Registry", .crypto]),

        // The edges. They meet only in the registry and never import each other.
        part(
            "DNSServer",
            [
                "CDatagram", "DNS", "Forwarding", "ZoneFiles", "Registry", "Telemetry", .dequeModule,
                .hashTreeCollections,
                .logging, .nioCore, .nioPosix, .serviceLifecycle,
            ]),
        part(
            "DockerWatch",
            [
                "DNS", "Registry", "Telemetry", .asyncHTTPClient, .logging, .nioCore, .nioFoundationCompat, .nioHTTP1,
                .nioPosix,
                .serviceLifecycle,
            ]),
        part(
            "HealthChecks",
            [
                "DNS", "Programs", "Registry", .asyncHTTPClient, .logging, .nioCore, .nioFoundationCompat, .nioHPACK,
                .nioHTTP1, .nioHTTP2, .nioPosix, .nioSSL, .serviceLifecycle,
            ]),
        part(
            "HTTPAPI",
            [
                "DNS", "Registry", "Snapshots", "Telemetry", .dequeModule, .heapModule, .httpTypes, .hummingbird,
                .hummingbirdCore, .logging, .nioCore, .nioFoundationCompat, .nioHTTP1, .nioHTTPTypes,
                .nioHTTPTypesHTTP1, .nioPosix, .serviceLifecycle,
            ]),
        part("GoTemplate"),
        part(
            "TemplateRendering",
            ["DNS", "Programs", "Registry", "Telemetry", "GoTemplate", .logging, .serviceLifecycle]),

        part("Settings", ["DNS", "Registry", .yams]),

        // The commands' side of the HTTP API: it knows of the server what any client knows.
        part(
            "APIClient", [.asyncHTTPClient, .nioCore, .nioFoundationCompat, .nioHTTP1, .nioPosix, .nioSSL]),
        .executableTarget(
            name: "berth",
            dependencies: [
                "APIClient", "DNS", "Registry", "DNSServer", "DockerWatch", "HealthChecks", "HTTPAPI",
                "TemplateRendering", "Settings", "Snapshots", "Telemetry",
                .argumentParser, .logging, .nioCore, .nioFoundationCompat, .serviceLifecycle, .subprocess,
                .unixSignals,
            ],
            swiftSettings: settings),

        // A real Docker engine and other things that tests of several parts share.
        .target(
            name: "TestSupport", dependencies: ["DNS", .nioCore, .nioPosix, .nioSSL, .subprocess],
            path: "Tests/TestSupport",
            swiftSettings: settings),
        tests("DNS", ["CDatagram", "TestSupport"]),
        tests("Telemetry"),
        tests("ZoneFiles", ["DNS"]),
        tests("Forwarding", ["DNS", "TestSupport", .logging]),
        tests("Registry", ["DNS", "Snapshots", .logging]),
        tests("Snapshots", ["DNS", "Registry", .crypto, .subprocess]),
        tests(
            "DNSServer",
            [
                "CLDNS", "DNS", "Forwarding", "Registry", "TestSupport", "ZoneFiles", .hashTreeCollections, .logging,
                .nioCore,
                .nioPosix, .serviceLifecycle, .subprocess,
            ]),
        tests(
            "DockerWatch",
            [
                "DNS", "Registry", "TestSupport", .asyncHTTPClient, .logging, .nioCore, .nioHTTP1, .nioPosix,
                .serviceLifecycle,
            ]),
        tests(
            "HealthChecks",
            [
                "DNS", "Registry", "TestSupport", .asyncHTTPClient, .logging, .nioCore, .nioHPACK, .nioHTTP2, .nioPosix,
                .nioSSL, .serviceLifecycle,
            ]),
        tests(
            "HTTPAPI",
            [
                "DNS", "Registry", "Snapshots", "Telemetry", .httpTypes, .hummingbird, .hummingbirdCore,
                .hummingbirdTesting, .logging, .nioCore, .nioPosix, .serviceLifecycle,
            ]),
        tests("GoTemplate"),
        tests("TemplateRendering", ["DNS", "GoTemplate", "Programs", "Registry", .logging, .serviceLifecycle]),
        tests("Settings", ["DNS", "Registry"]),
        tests(
            "APIClient",
            ["TestSupport", .httpTypes, .hummingbird, .hummingbirdCore, .hummingbirdTLS, .logging, .nioCore, .nioSSL]),
        tests("berth", ["DNS", "HTTPAPI", "Registry", "Settings", .argumentParser, .logging, .serviceLifecycle]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "berth", "DNS", "TestSupport", .asyncHTTPClient, .nioCore, .nioFoundationCompat, .nioHTTP1, .nioPosix,
                .subprocess,
            ],
            swiftSettings: settings),
    ]
)

// libFuzzer brings the main function, so these are built by `make fuzz` alone, which says so.
if Context.environment["BERTH_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz",
            dependencies: ["CDatagram", "DNS", "DNSServer", "Registry", "ZoneFiles", .logging, .nioCore], path: "Fuzz",
            exclude: ["corpus"], swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]))
}
