"""Durable registrations: 16 clients, each request another service, an empty journal for every round.

The servers have all cores, one of which they share with the clients.
"""

import json
import os
import shutil
import statistics
import time

from . import consul, dns, http, registry, tools

CLIENTS = 16
LENGTH_OF_ENTRY = 4096
KINDS = {"agent": "/v1/agent/service/register", "catalog": "/v1/catalog/register"}


def measure(berth, work, binaries, arguments):
    return {kind: compare(kind, berth, work, binaries, arguments) for kind in KINDS} | {"sync_us": time_of_sync(work)}


def compare(kind, berth, work, binaries, arguments):
    rounds = {}
    for number in range(arguments.rounds):
        tools.note(f"registrations, {KINDS[kind]}: round {number + 1} of {arguments.rounds}")
        for name in ("berth", "consul") if arguments.consul else ("berth",):
            rounds.setdefault(name, []).append(one_round(name, kind, berth, work, binaries, arguments))
    results = {name: http.summary(runs, rounds["berth"]) for name, runs in rounds.items()}
    for figure in ("batch", "commit_share"):
        results["berth"][figure] = statistics.median(r[figure] for r in rounds["berth"])
    return results


def one_round(name, kind, berth, work, binaries, arguments):
    data = os.path.join(work, f"registrations-{name}")
    if name == "berth":
        process = registry.serve(berth, data)
        tools.wait_for_answer(registry.DNS_PORT, "consul", registry.SOA)
    else:
        process = consul.serve(arguments.consul, data)
    journal = journal_of_berth() if name == "berth" else None
    before = tools.cpu_seconds(process.pid)
    command = [binaries["http_load"], "127.0.0.1", str(http.PORTS[name]), str(CLIENTS), str(arguments.seconds * 3)]
    figures = tools.run_json(command, "\n".join(requests(kind, arguments.registrations)), core=dns.LOAD_CORE)
    if journal:
        figures |= share_of_journal(journal, figures)
    wait_until_quiet(process)
    figures["cpu_us"] = (tools.cpu_seconds(process.pid) - before) / max(figures["requests"], 1) * 1e6
    tools.stop(process)
    shutil.rmtree(data, ignore_errors=True)
    return figures


def requests(kind, count):
    for number in range(count):
        name = f"registered-{number:06d}"
        service = {"ID": name, "Port": 20000 + number % 10000, "Tags": ["v1"]}
        if kind == "agent":
            body = service | {"Name": name, "Address": registry.address_of(number, 0)}
        else:
            body = {"Node": "elsewhere", "Address": "10.99.0.1", "Service": service | {"Service": name}}
        yield f"PUT {KINDS[kind]} {json.dumps(body, separators=(',', ':'))}"


def journal_of_berth():
    """The number of durable batches and the seconds they took, so far."""
    return http.metric("berth_journal_commit_seconds_count"), http.metric("berth_journal_commit_seconds_sum")


def share_of_journal(before, figures):
    commits, seconds = (now - then for now, then in zip(journal_of_berth(), before))
    return {"batch": figures["requests"] / max(commits, 1), "commit_share": seconds / figures["seconds"]}


def wait_until_quiet(process, limit=60.0):
    """Consul's agent answers first, and tells its catalog afterwards: that is work of the registration, too."""
    deadline = time.monotonic() + limit
    used = tools.cpu_seconds(process.pid)
    while time.monotonic() < deadline:
        time.sleep(0.3)
        before, used = used, tools.cpu_seconds(process.pid)
        if used - before < 0.02:
            return


def time_of_sync(work, times=200):
    """Microseconds of an fdatasync after a page was appended, where the journals are: the disk's own part of it all."""
    path = os.path.join(work, "sync")
    taken = []
    with open(path, "wb", buffering=0) as file:
        for _ in range(times):
            file.write(b"\0" * LENGTH_OF_ENTRY)
            begin = time.monotonic()
            os.fdatasync(file.fileno())
            taken.append(time.monotonic() - begin)
    os.remove(path)
    return statistics.median(taken) * 1e6
