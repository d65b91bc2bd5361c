"""A thousand blocking queries on one service: how long after a change the last of them has its whole answer."""

import json
import os
import statistics

from . import consul, dns, http, registry, tools

WATCHERS = 1_000
NAME = "watched"
PATH = "/v1/agent/service/register"


def measure(berth, work, binaries, arguments):
    servers = http.start(berth, os.path.join(work, "watchers"), arguments, "--http-connections-per-client", "0")
    for name in servers:
        lines = "\n".join(f"PUT {PATH} {registration(instance, 20000 + instance)}" for instance in range(registry.INSTANCES))
        tools.run_json([binaries["http_load"], "127.0.0.1", str(http.PORTS[name]), "1"], lines)
        consul.wait_until_listed(http.PORTS[name], NAME, registry.INSTANCES)
    results = {}
    for name, process in servers.items():
        tools.note(f"{WATCHERS:,} watchers of one service, {arguments.rounds} changes: {name}")
        encoded = http.metric("berth_http_answers_encoded_total") if name == "berth" else None
        results[name] = run(name, process, binaries, arguments)
        if encoded is not None:
            encodings = http.metric("berth_http_answers_encoded_total") - encoded
            results[name]["encodings_per_change"] = encodings / arguments.rounds
        tools.stop(process)
    return results


def registration(instance, port):
    body = {"ID": f"{NAME}-{instance}", "Name": NAME, "Address": "10.0.0.1", "Port": port}
    return json.dumps(body, separators=(",", ":"))


def run(name, process, binaries, arguments):
    tools.pin(process, http.server_core())
    # Every change gives one instance another port, by which an answer is known to show it.
    changes = "\n".join(f'"Port":{port} {registration(0, port)}' for port in range(30000, 30000 + arguments.rounds))
    before = tools.cpu_seconds(process.pid)
    command = [binaries["http_watch"], "127.0.0.1", str(http.PORTS[name]), str(WATCHERS), f"/v1/health/service/{NAME}", PATH]
    found = tools.run_json(command, changes, core=dns.LOAD_CORE)
    answers = WATCHERS * (arguments.rounds + 1)
    return {
        "answers": answers, "octets": found["octets"], "without": found["without"],
        "last_ms": statistics.median(found["last_ms"]), "worst_ms": max(found["last_ms"]),
        "first_ms": statistics.median(found["first_ms"]), "changed_ms": statistics.median(found["changed_ms"]),
        "cpu_us": (tools.cpu_seconds(process.pid) - before) / answers * 1e6,
    }
