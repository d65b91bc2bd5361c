"""What the answering threads notice of a registry that changes all the time."""

import os
import statistics
import subprocess
import threading
import time

from . import dns, registry, tools

CONNECTIONS = 4


def measure(process, binaries, arguments):
    """Rounds without and with registrations, in turn. Only the threads that answer are counted."""
    names = [registry.name_of(service) for service in range(arguments.services)]
    queries = dns.queries_of("SRV", names)
    rounds = {"idle": [], "changing": []}
    rates = []
    for number in range(arguments.rounds):
        tools.note(f"changes: round {number + 1} of {arguments.rounds}")
        rounds["idle"].append(run(process, queries, binaries, arguments.seconds))
        changing, rate = with_changes(process, queries, binaries, arguments, number)
        rounds["changing"].append(changing)
        rates.append(rate)
    delays = visible_after()
    return {
        "changes_per_second": statistics.median(rates),
        "cpu_ratio": statistics.median(
            c["cpu_us"] / i["cpu_us"] for c, i in zip(rounds["changing"], rounds["idle"])),
        "lost": sum(r["lost"] for r in rounds["changing"]),
        "visible_ms": statistics.median(delays) * 1e3, "visible_max_ms": max(delays) * 1e3,
    }


def with_changes(process, queries, binaries, arguments, number):
    registrations = list(registry.registrations(arguments.services, port=30000 + number * 10))
    command = [binaries["http_load"], "127.0.0.1", str(registry.HTTP_PORT), str(CONNECTIONS)]
    begin = tools.serial(registry.DNS_PORT, "consul")
    started = time.monotonic()
    load = subprocess.Popen(
        ["taskset", "-c", str(dns.LOAD_CORE), *command], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    feeder = threading.Thread(target=feed, args=(load, registrations))
    feeder.start()
    figures = run(process, queries, binaries, arguments.seconds)
    rate = (tools.serial(registry.DNS_PORT, "consul") - begin) / (time.monotonic() - started)
    load.kill()
    load.wait()
    feeder.join()
    return figures, rate


def feed(load, lines):
    try:
        with load.stdin as pipe:
            pipe.write("\n".join(lines))
    except BrokenPipeError:
        pass  # It was stopped when the round was over.


def run(process, queries, binaries, seconds):
    threads = answering_threads(process.pid)
    for thread in threads:
        os.sched_setaffinity(thread, {dns.SERVER_CORE % os.cpu_count()})
    before = cpu_seconds(process.pid, threads)
    figures = tools.run_json(dns.load_command(binaries, "berth", seconds), queries, core=dns.LOAD_CORE)
    figures["cpu_us"] = (cpu_seconds(process.pid, threads) - before) / max(figures["answers"], 1) * 1e6
    return figures


def answering_threads(pid):
    found = []
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/comm") as file:
            if file.read().startswith("dns-udp"):
                found.append(int(task))
    return found


def cpu_seconds(pid, threads):
    total = 0
    for thread in threads:
        with open(f"/proc/{pid}/task/{thread}/schedstat") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def visible_after(times=50):
    """From the answer to a registration to the moment DNS has it: negative where DNS was first."""
    delays = []
    for attempt in range(times):
        name = f"seen-{attempt}"
        registry.register(name)
        returned = time.monotonic()
        seen = tools.wait_for_answer(registry.DNS_PORT, f"{name}.service.consul", registry.SRV)
        delays.append(seen - returned)
    return delays
