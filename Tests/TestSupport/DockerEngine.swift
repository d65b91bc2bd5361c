import Subprocess

/// A Docker engine of its own for a test: own socket, data, bridge and networks, nothing shared with the machine's Docker,
/// no firewall rules. Ports are published by docker-proxy, so they are reachable on every address of the machine.
///
/// Needs root, the packages docker.io and busybox-static, and control groups.
package struct DockerEngine: Sendable {
    /// Holds the socket, the engine's data and its log; removed at the end.
    package let directory: String
    private let supervisor: StandardInputWriter

    /// The path of the engine's socket.
    package var socketPath: String { "\(directory)/docker.sock" }
    /// The socket as `--docker` and `DOCKER_HOST` take it.
    package var url: String { "unix://\(socketPath)" }

    /// Runs `docker` against this engine, and gives what it wrote.
    @discardableResult
    package func docker(_ arguments: String...) async throws -> String { try await docker(arguments) }

    @discardableResult
    package func docker(_ arguments: [String]) async throws -> String {
        try await Command.run("docker", ["-H", url] + arguments)
    }

    /// Makes an image that holds a static busybox as `/bin/busybox` and `/bin/sh`.
    ///
    /// - Parameter changes: Dockerfile instructions, such as `EXPOSE 80`. Unless they have a `CMD`, a container sleeps until
    ///   it is told to stop, and then ends at once.
    package func makeImage(_ name: String, _ changes: [String] = []) async throws {
        // The first process of a container gets only the signals that it handles: a bare `sleep` would not end on SIGTERM.
        let instructions = ["CMD trap 'exit 0' TERM; sleep 1000000 & wait"] + changes
        try await docker(
            ["import"] + instructions.flatMap { ["--change", $0] } + ["\(directory)/root.tar", name])
    }

    /// Removes all containers, and every network that a test made.
    package func removeContainers() async throws {
        let ids = try await docker("ps", "--all", "--quiet").split(separator: "\n").map(String.init)
        if !ids.isEmpty { try await docker(["rm", "--force", "--volumes"] + ids) }
        try await docker("network", "prune", "--force")
    }

    /// Ends the engine as an administrator would; its containers end with it, unless it restores them live.
    package func stop() async throws { try await tell("stop") }

    /// Ends the engine with SIGKILL; its containers run on until it is back.
    package func kill() async throws { try await tell("kill") }

    /// Starts the engine again, and returns when it answers.
    package func start() async throws {
        try await tell("start")
        try await waitUntilReady()
    }

    /// Gives the supervisor an order and waits until it is done.
    private func tell(_ order: String) async throws {
        let ticket = "\(order)-\(UInt32.random(in: 0...UInt32.max))"
        _ = try await supervisor.write("\(order) \(ticket)\n", using: UTF8.self)
        let done = try await eventually(within: .seconds(60)) {
            (try? await Command.run("test", ["-e", "\(directory)/\(ticket)"])) != nil
        }
        guard done else { throw DockerEngineError(reason: "it did not \(order) within a minute", log: await log) }
    }

    fileprivate func waitUntilReady() async throws {
        let ready = try await eventually(within: .seconds(30)) {
            if (try? await docker("info", "--format", "{{.ID}}")) != nil { return true }
            try await Task.sleep(for: .milliseconds(20))
            return false
        }
        guard ready else { throw DockerEngineError(reason: "it did not answer within 30 seconds", log: await log) }
    }

    private var log: String {
        get async { (try? await Command.run("tail", ["-n", "5", "\(directory)/log"])) ?? "" }
    }

    fileprivate init(directory: String, supervisor: StandardInputWriter) {
        self.directory = directory
        self.supervisor = supervisor
    }
}

/// Starts a Docker engine, lends it to `body`, and always takes away all of it: containers, processes, mounts, files.
///
/// - Parameter liveRestore: whether containers outlive a dockerd that is stopped, until it is back.
package func withDockerEngine<Result: Sendable>(
    liveRestore: Bool = false, _ body: (DockerEngine) async throws -> Result
) async throws -> Result {
    for (tool, package) in [("dockerd", "docker.io"), ("docker", "docker.io"), ("ip", "iproute2")] {
        guard (try? await Command.run("which", [tool])) != nil else {
            throw DockerEngineError(reason: "\(tool) is not installed: install the package \(package)", log: "")
        }
    }
    guard (try? await Command.run("test", ["-x", "/bin/busybox"])) != nil else {
        throw DockerEngineError(reason: "/bin/busybox is missing: install the package busybox-static", log: "")
    }
    guard try await Command.run("id", ["-u"]) == "0" else {
        throw DockerEngineError(reason: "only root may start dockerd: run the tests as root", log: "")
    }
    let number = UInt32.random(in: 0..<1 << 24)
    let tag = String(number, radix: 16)
    let directory = "/tmp/berth-docker-\(tag)"
    // 198.18.0.0/15 is set aside for tests (RFC 2544, RFC 6890): no real network is hidden while the test runs.
    let bridgeAddress = "198.18.\(number % 254 + 1).1/24"
    let outcome = try await Subprocess.run(
        .name("sh"),
        arguments: [
            "-c", supervisorScript, "supervisor", directory, "bt\(tag)", bridgeAddress, "--live-restore=\(liveRestore)",
        ],
        input: .inputWriter, output: .discarded, error: .discarded
    ) { supervisor in
        let engine = DockerEngine(directory: directory, supervisor: supervisor.standardInputWriter)
        // The end of its input is what tells the supervisor to clean up, so it must come however `body` ends.
        let result: Swift.Result<Result, any Error>
        do {
            try await engine.waitUntilReady()
            result = .success(try await body(engine))
        } catch {
            result = .failure(error)
        }
        try await supervisor.standardInputWriter.finish()
        return result
    }
    return try outcome.closureResult.get()
}

/// Why there is no engine to test with: a whole sentence, and the end of the engine's log.
package struct DockerEngineError: Error, CustomStringConvertible {
    package var reason: String
    package var log: String

    package var description: String { "no Docker engine for this test: \(reason)\n\(log)" }
}

/// Owns dockerd, so that it goes away even if the test process is killed: the end of the script's input, which nobody can
/// forget to send, is the order to clean up.
private let supervisorScript = """
    directory=$1 bridge=$2 address=$3 restore=$4
    export DOCKER_HOST="unix://$directory/docker.sock"
    trap '' INT TERM HUP
    launch() {
        dockerd --host "$DOCKER_HOST" --data-root "$directory/data" --exec-root "$directory/exec" \\
            --pidfile "$directory/pid" --bridge "$bridge" --default-address-pool base=198.19.0.0/16,size=24 \\
            --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false "$restore" \\
            --containerd-namespace "$bridge" --containerd-plugins-namespace "$bridge-plugins" \\
            >>"$directory/log" 2>&1 &
        daemon=$!
    }
    end() {
        kill -"$1" "$daemon" 2>/dev/null
        wait "$daemon" 2>/dev/null
        # containerd dies with a killed dockerd, but seems alive to the next one where no init collects it.
        if [ "$1" = KILL ]; then rm -f "$directory/pid" "$directory/exec/containerd/containerd.pid"; fi
    }
    answers() { docker info >/dev/null 2>&1; }

    mkdir -p "$directory/root/bin"
    cp /bin/busybox "$directory/root/bin/busybox"
    ln -s busybox "$directory/root/bin/sh"
    tar -C "$directory/root" -cf "$directory/root.tar" .
    ip link add "$bridge" type bridge
    ip address add "$address" dev "$bridge"
    ip link set "$bridge" up
    launch

    while read -r order ticket; do
        case $order in
        start) launch ;;
        stop) end TERM ;;
        kill) end KILL ;;
        esac
        : >"$directory/$ticket"
    done

    # A killed engine leaves containers that only a new one finds.
    if ! kill -0 "$daemon" 2>/dev/null; then launch; fi
    tries=0
    while [ $tries -lt 50 ] && ! answers; do sleep 0.1; tries=$((tries + 1)); done
    docker ps --all --quiet | xargs -r docker rm --force --volumes >/dev/null 2>&1
    docker network prune --force >/dev/null 2>&1
    end TERM
    awk -v under="$directory/" 'index($2, under) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount -l
    ip link delete "$bridge"
    rm -rf "$directory"
    """
