"""Reads over HTTP: requests per second and processor time per request on one core, beside a plain responder and Consul."""

import os
import statistics
import urllib.request

from . import consul, dns, registry, tools

CONNECTIONS = 64
SERVICES = 1_000
PORTS = {"berth": registry.HTTP_PORT, "consul": consul.HTTP_PORT, "reflector": 8704}
KINDS = {"one": "one service", "passing": "one service, ?passing", "many": f"{SERVICES:,} services"}


def server_core():
    return dns.SERVER_CORE % os.cpu_count()


def measure(berth, work, binaries, arguments):
    servers = start(berth, os.path.join(work, "http"), arguments)
    services = min(SERVICES, arguments.services)
    for name in servers:
        tools.note(f"registering {services * registry.INSTANCES:,} instances with {name} ...")
        tools.run_json([binaries["http_load"], "127.0.0.1", str(PORTS[name]), "16"], "\n".join(registry.registrations(services)))
        consul.wait_until_listed(PORTS[name], registry.name_of(services - 1), registry.INSTANCES)
    results = {kind: compare(kind, servers, services, binaries, arguments) for kind in KINDS}
    results["encoded"] = requests_and_encodings(servers["berth"], services, binaries, arguments)
    for process in servers.values():
        tools.stop(process)
    return results


def start(berth, data, arguments, *flags):
    """Berth, and Consul where there is one, both on the same core and with an empty journal."""
    servers = {"berth": registry.serve(berth, f"{data}-berth", *flags, core=server_core())}
    tools.wait_for_answer(registry.DNS_PORT, "consul", registry.SOA)
    if arguments.consul:
        servers["consul"] = consul.serve(arguments.consul, f"{data}-consul", server_core())
    return servers


def requests_of(kind, services):
    names = [registry.name_of(service) for service in range(services if kind == "many" else 1)]
    return "\n".join(f"GET /v1/health/service/{name}{'?passing' if kind == 'passing' else ''}" for name in names)


def compare(kind, servers, services, binaries, arguments):
    requests = requests_of(kind, services)
    size = round(run("berth", servers["berth"], requests, binaries, 0.3)["octets"])
    everyone = dict(servers, reflector=tools.start([binaries["http_reflector"], str(PORTS["reflector"]), str(size)]))
    rounds = {name: [] for name in everyone}
    for number in range(arguments.rounds):
        tools.note(f"HTTP, {KINDS[kind]}: round {number + 1} of {arguments.rounds}: {', '.join(everyone)}")
        for name, process in everyone.items():
            rounds[name].append(run(name, process, requests, binaries, arguments.seconds))
    tools.stop(everyone["reflector"])
    return {name: summary(runs, rounds["berth"], rounds["reflector"]) for name, runs in rounds.items()}


def run(name, process, requests, binaries, seconds):
    tools.pin(process, server_core())
    before = tools.cpu_seconds(process.pid)
    command = [binaries["http_load"], "127.0.0.1", str(PORTS[name]), str(CONNECTIONS), str(seconds), "random"]
    figures = tools.run_json(command, requests, core=dns.LOAD_CORE)
    figures["cpu_us"] = (tools.cpu_seconds(process.pid) - before) / max(figures["requests"], 1) * 1e6
    return figures


def summary(runs, berth, floor=None):
    """Medians; the ratios are taken round by round, Berth's figure to this server's."""
    median = statistics.median
    found = {figure: median(r[figure] for r in runs) for figure in ("rate", "cpu_us", "octets", "p50", "p99")}
    found["failed"] = sum(r["failed"] for r in runs)
    found["berth_rate_ratio"] = median(b["rate"] / r["rate"] for b, r in zip(berth, runs))
    found["berth_cpu_ratio"] = median(b["cpu_us"] / r["cpu_us"] for b, r in zip(berth, runs))
    if floor:
        found["cpu_to_reflector"] = median(r["cpu_us"] / f["cpu_us"] for r, f in zip(runs, floor))
    return found


def requests_and_encodings(process, services, binaries, arguments):
    """How many answers were encoded while many were sent: none, once each has been asked for and nothing changes."""
    requests = requests_of("many", services)
    tools.run_json([binaries["http_load"], "127.0.0.1", str(PORTS["berth"]), str(CONNECTIONS)], requests)
    before = metric("berth_http_answers_encoded_total")
    done = run("berth", process, requests, binaries, arguments.seconds)
    return {"requests": done["requests"], "encodings": metric("berth_http_answers_encoded_total") - before}


def metric(name):
    """One of Berth's own figures."""
    place = f"http://127.0.0.1:{registry.HTTP_PORT}/v1/agent/metrics?format=prometheus"
    with urllib.request.urlopen(place) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith(f"{name} "):
                return float(line.split()[1])
    raise SystemExit(f"Berth has no metric {name}: is the program older than this benchmark?")
