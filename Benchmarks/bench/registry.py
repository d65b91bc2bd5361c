"""Start-up time, durable registration rate, and memory."""

import json
import os
import urllib.request
import shutil
import statistics
import subprocess
import time

from . import tools

DNS_PORT, HTTP_PORT = 8600, 8500
INSTANCES = 5
SOA = 6
SRV = 33


def serve(berth, data, *flags, core=None, dns_port=DNS_PORT, http_port=HTTP_PORT):
    pin = ["taskset", "-c", str(core)] if core is not None else []
    common = ["--docker", "off", "--data-dir", data, "--advertise", "127.0.0.1", "--node", "bench", "--log-level", "error"]
    ports = ["--dns-port", str(dns_port), "--http-port", str(http_port)]
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


def registrations(services, port=20000):
    for service in range(services):
        for instance in range(INSTANCES):
            body = {
                "ID": f"{name_of(service)}-{instance}", "Name": name_of(service), "Address": address_of(service, instance),
                "Port": port + instance, "Tags": [f"v{service % 3}"],
            }
            yield f"PUT /v1/agent/service/register {json.dumps(body, separators=(',', ':'))}"


def register(name):
    body = json.dumps({"Name": name, "Address": "10.0.0.1", "Port": 80}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{HTTP_PORT}/v1/agent/service/register", body, method="PUT")
    urllib.request.urlopen(request).close()


def measure_filled(berth, work, binaries, arguments):
    """Registers everything over HTTP, and restarts on the journal."""
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
    return filled, data
