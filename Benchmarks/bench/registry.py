"""Start-up time, durable registration rate, and memory."""

import json
import os
import shutil
import statistics
import subprocess
import time

from . import tools

DNS_PORT, HTTP_PORT = 8600, 8500
INSTANCES = 5
SOA = 6
SRV = 33


def serve(berth, data, *flags, core=None):
    pin = ["taskset", "-c", str(core)] if core is not None else []
    common = ["--docker", "off", "--data-dir", data, "--advertise", "127.0.0.1", "--node", "bench", "--log-level", "error"]
    ports = ["--dns-port", str(DNS_PORT), "--http-port", str(HTTP_PORT)]
    return tools.start(pin + [berth, "serve", *common, *ports, *flags], cwd=os.path.dirname(data))


def measure_empty_start(berth, work, times=9):
    tools.note("start-up with an empty journal ...")
    taken = []
    for attempt in range(times):
        data = os.path.join(work, f"empty-{attempt}")
        begin = time.monotonic()
        process = serve(berth, data)
        taken.append(tools.wait_for_answer(DNS_PORT, "consul", SOA) - begin)
        tools.stop(process)
        shutil.rmtree(data, ignore_errors=True)
    return {"empty_ms": statistics.median(taken) * 1e3}


def name_of(service):
    return f"service-{service:05d}"


def address_of(service, instance):
    number = service * INSTANCES + instance
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def registrations(services):
    for service in range(services):
        for instance in range(INSTANCES):
            body = {
                "ID": f"{name_of(service)}-{instance}", "Name": name_of(service), "Address": address_of(service, instance),
                "Port": 20000 + instance, "Tags": [f"v{service % 3}"],
            }
            yield f"PUT /v1/agent/service/register {json.dumps(body, separators=(',', ':'))}"


def measure_filled(berth, work, binaries, arguments, dns):
    """Registers everything over HTTP, restarts on the journal, and hands the filled server to the DNS measurement."""
    data = os.path.join(work, "filled")
    total = arguments.services * INSTANCES
    process = serve(berth, data)
    tools.wait_for_answer(DNS_PORT, "consul", SOA)
    tools.note(f"registering {total} instances over HTTP, 4 clients ...")
    load = tools.run_json([binaries["http_load"], "127.0.0.1", str(HTTP_PORT), "4"], "\n".join(registrations(arguments.services)))
    filled = {"registration": load, "instances": total, "rss_mb": tools.resident_megabytes(process.pid)}
    tools.stop(process)

    tools.note("start-up on the filled journal ...")
    taken = []
    last = f"{name_of(arguments.services - 1)}.service.consul"
    for _ in range(5):
        begin = time.monotonic()
        process = serve(berth, data)
        taken.append(tools.wait_for_answer(DNS_PORT, last, SRV) - begin)
        filled["restarted_rss_mb"] = tools.resident_megabytes(process.pid)
        tools.stop(process)
    filled["filled_ms"] = statistics.median(taken) * 1e3
    size = subprocess.run(["du", "-sk", data], capture_output=True, text=True, check=True)
    filled["journal_mb"] = int(size.stdout.split()[0]) / 1024

    results = {"registry": filled}
    if dns:
        results["dns"] = dns.measure(berth, data, work, binaries, arguments)
    return results
