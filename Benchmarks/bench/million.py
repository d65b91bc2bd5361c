"""The same with a million instances: start-up, memory, and answers out of a table that no cache holds."""

import os
import time

from . import dns, journal, registry, tools

SERVICES = 200_000
ASKED = 50_000
NAME_ERROR = 3


def measure(berth, work, binaries, arguments):
    data = os.path.join(work, "million")
    total = SERVICES * registry.INSTANCES
    tools.note(f"writing a journal of {total:,} instances ...")
    journal.fill(berth, data, SERVICES)
    tools.note("start-up on it ...")
    last = f"{registry.name_of(SERVICES - 1)}.service.consul"
    begin = time.monotonic()
    process = registry.serve(berth, data, core=None)
    started = tools.wait_for_answer(registry.DNS_PORT, last, registry.SRV, limit=300) - begin
    whole = wait_until_whole() - begin
    results = {
        "instances": total, "start_s": started, "whole_s": whole, "rss_mb": tools.resident_megabytes(process.pid),
        "change_ms": time_of_change(),
    }
    step = SERVICES // ASKED
    names = [registry.name_of(service * step) for service in range(ASKED)]
    servers = {"berth": process}
    results["dns"] = {kind: dns.compare(kind, servers, names, binaries, arguments) for kind in dns.KINDS}
    tools.stop(process)
    return results


def wait_until_whole(limit=300.0):
    """Until all names are published, a name that is not there is SERVFAIL; then it is NXDOMAIN."""
    deadline = time.monotonic() + limit
    while tools.code(registry.DNS_PORT, "absent.service.consul", registry.SRV) != NAME_ERROR:
        if time.monotonic() > deadline:
            raise SystemExit(f"not all names are published within {limit:.0f} s")
        time.sleep(0.01)
    return time.monotonic()


def time_of_change(times=50):
    """The median of registering one more service over HTTP, which returns when the change is durable and in DNS."""
    taken = []
    for attempt in range(times):
        begin = time.monotonic()
        registry.register(f"late-{attempt}")
        taken.append(time.monotonic() - begin)
    return sorted(taken)[times // 2] * 1e3
