"""What options cost or gain: Berth with each of them beside Berth without, in interleaved rounds."""

import os
import shutil
import statistics

from . import dns, registry, tools

# An address that is not loopback, where the rate limit holds.
ADDRESS = "10.99.0.1"
GUARDED = ["--dns-rate-limit", "1000000", "--dns-identity", "bench"]
PORTS = {"plain": 8711, "guarded": 8712, "segments": 8713, "spin": 8714}
FLAGS = {"plain": ["--dns-spin", "off"], "guarded": GUARDED, "segments": ["--dns-segments", "on"], "spin": ["--dns-spin", "on"]}


def measure(berth, data, work, binaries, arguments):
    tools.add_address(ADDRESS)
    names = [registry.name_of(service) for service in range(arguments.services)]
    queries = {kind: dns.queries_of(kind, names) for kind in ("SRV", "A")}
    servers = {}
    for name, port in PORTS.items():
        copy = os.path.join(work, f"options-{name}")
        shutil.copytree(data, copy)
        flags = [*FLAGS[name], "--listen", ADDRESS, "--listen", "127.0.0.1"]
        servers[name] = registry.serve(berth, copy, *flags, core=dns.SERVER_CORE, dns_port=port, http_port=port + 100)
        tools.wait_for_answer(port, f"{names[-1]}.service.consul", registry.SRV)
    rounds = {"plain": [], "guarded": [], "segments": [], "plain-alone": [], "spin-alone": []}
    for number in range(arguments.rounds):
        tools.note(f"options: round {number + 1} of {arguments.rounds}")
        for name in ("plain", "guarded", "segments"):
            rounds[name].append(run(name, servers[name], queries["SRV"], binaries, arguments.seconds, 4, 32))
        for name in ("plain", "spin"):
            rounds[f"{name}-alone"].append(run(name, servers[name], queries["A"], binaries, arguments.seconds, 1, 1))
    for process in servers.values():
        tools.stop(process)
    ratio = lambda one, other, figure: statistics.median(a[figure] / b[figure] for a, b in zip(rounds[one], rounds[other]))
    return {
        "guarded_cpu_ratio": ratio("guarded", "plain", "cpu_us"),
        "segments_cpu_ratio": ratio("segments", "plain", "cpu_us"),
        "spin_delay_ratio": ratio("spin-alone", "plain-alone", "p50_us"),
        "alone_p50_us": statistics.median(r["p50_us"] for r in rounds["plain-alone"]),
        "spin_p50_us": statistics.median(r["p50_us"] for r in rounds["spin-alone"]),
    }


def run(name, process, queries, binaries, seconds, sockets, window):
    tools.pin(process, dns.SERVER_CORE % os.cpu_count())
    before = tools.cpu_seconds(process.pid)
    command = [binaries["dns_load"], ADDRESS, str(PORTS[name]), str(seconds), str(sockets), str(window)]
    figures = tools.run_json(command + (["cookie"] if name == "guarded" else []), queries, core=dns.LOAD_CORE)
    figures["cpu_us"] = (tools.cpu_seconds(process.pid) - before) / max(figures["answers"], 1) * 1e6
    return figures
