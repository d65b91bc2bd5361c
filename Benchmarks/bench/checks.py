"""Ten thousand health checks, each every ten seconds, on one core: how many of the probes that are due are made, and when."""

import json
import os
import subprocess
import time
import urllib.request

from . import dns, registry, tools

CHECKS, INTERVAL, SECONDS = 10_000, 10, 30
TARGET_PORT = 9400


def measure(berth, work, binaries):
    target = os.path.join(work, "check_target")
    subprocess.run(["cc", "-O2", "-o", target, os.path.join(tools.HERE, "check_target.c")], check=True)
    return {kind: run(kind, berth, work, target, binaries) for kind in ("http", "tcp")}


def run(kind, berth, work, target, binaries):
    asked = tools.start(["taskset", "-c", str(dns.LOAD_CORE), target, str(TARGET_PORT), kind])
    process = registry.serve(berth, os.path.join(work, f"checks-{kind}"), core=dns.SERVER_CORE % os.cpu_count())
    tools.wait_for_answer(registry.DNS_PORT, "consul", registry.SOA)
    tools.note(f"registering {CHECKS:,} {kind} checks ...")
    command = [binaries["http_load"], "127.0.0.1", str(registry.HTTP_PORT), "4"]
    load = tools.run_json(command, "\n".join(registrations(kind)))
    if load["failed"]:
        raise SystemExit(f"{load['failed']} checks could not be registered")
    begin = time.monotonic()
    wait_until_passing()
    passing = time.monotonic() - begin
    time.sleep(INTERVAL)
    tools.note(f"watching {SECONDS} s of {kind} probes ...")
    figures()
    before, begin = tools.cpu_seconds(process.pid), time.monotonic()
    time.sleep(SECONDS)
    found = figures()
    seconds = time.monotonic() - begin
    cpu = (tools.cpu_seconds(process.pid) - before) / seconds
    memory = tools.resident_megabytes(process.pid)
    tools.stop(process)
    tools.stop(asked)
    return {
        "made_percent": found["probes"] / (CHECKS / INTERVAL * seconds) * 100, "core_percent": cpu * 100, "rss_mb": memory,
        "all_passing_s": passing, "different": found["checks"], **{k: v for k, v in found.items() if k.startswith("late")},
    }


def registrations(kind):
    """Each check asks an address of its own, as if it were on a host of its own."""
    for number in range(CHECKS):
        place = f"127.1.{number >> 8}.{number & 255}:{TARGET_PORT}"
        check = {"HTTP": f"http://{place}/health"} if kind == "http" else {"TCP": place}
        body = {
            "ID": f"checked-{number}", "Name": registry.name_of(number // registry.INSTANCES), "Address": "10.0.0.1",
            "Port": 80, "Check": {**check, "Interval": f"{INTERVAL}s", "Timeout": "5s"},
        }
        yield f"PUT /v1/agent/service/register {json.dumps(body, separators=(',', ':'))}"


def wait_until_passing(limit=120.0):
    deadline = time.monotonic() + limit
    while passing() < CHECKS:
        if time.monotonic() > deadline:
            raise SystemExit(f"only {passing()} of {CHECKS} checks pass after {limit:.0f} s")
        time.sleep(0.2)


def passing():
    url = f"http://127.0.0.1:{registry.HTTP_PORT}/v1/agent/metrics?format=prometheus"
    with urllib.request.urlopen(url) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith('berth_registry_checks{status="passing"}'):
                return int(float(line.split()[-1]))
    return 0


def figures():
    with urllib.request.urlopen(f"http://127.0.0.1:{TARGET_PORT}/figures") as answer:
        return json.load(answer)
