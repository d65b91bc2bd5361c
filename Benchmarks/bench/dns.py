"""Queries per second and processor time per query, on one core, beside other servers that hold the same zone."""

import ipaddress
import os
import shutil
import statistics

from . import registry, tools

SERVER_CORE, LOAD_CORE = 1, 0
SOCKETS, WINDOW = 4, 32  # More than about 256 outstanding overflow a default receive buffer, which is not what is measured.
PORTS = {"berth": registry.DNS_PORT, "reflector": 8701, "nsd": 8702, "knot": 8703}
KINDS = ("SRV", "A", "mix")


def measure(berth, data, work, binaries, arguments):
    """Compares the servers, and gives Berth, still running, to whoever measures more with it."""
    if os.cpu_count() < 2:
        tools.note("one core only: server and load share it, so look at processor time, not at queries per second")
    zone = write_zone(work, arguments.services)
    servers = {"berth": registry.serve(berth, data, core=SERVER_CORE % os.cpu_count())}
    last = f"{registry.name_of(arguments.services - 1)}.service.consul"
    tools.wait_for_answer(PORTS["berth"], last, registry.SRV)
    for name, starter in (("nsd", start_nsd), ("knot", start_knot)):
        process = starter(work, zone)
        if process:
            servers[name] = process
            tools.wait_for_answer(PORTS[name], last, registry.SRV)
    names = [registry.name_of(service) for service in range(arguments.services)]
    results = {kind: compare(kind, servers, names, binaries, arguments) for kind in KINDS}
    delay = delay_at_half_load(servers["berth"], names, results["A"]["berth"]["qps"], binaries, arguments)
    berth = servers.pop("berth")
    for process in servers.values():
        tools.stop(process)
    return results, delay, berth


def queries_of(kind, names):
    if kind != "mix":
        return "\n".join(f"{name}.service.consul {kind}" for name in names)
    kinds = ("SRV", "A", "AAAA")  # The last has no data; and as many names that are not there.
    return "\n".join(
        f"{'' if number % 2 else 'no-'}{name}.service.consul {kinds[number % 3]}" for number, name in enumerate(names))


def delay_at_half_load(process, names, qps, binaries, arguments):
    """Microseconds, while half of what the core can do is asked of it."""
    tools.pin(process, SERVER_CORE % os.cpu_count())
    command = [*load_command(binaries, "berth", arguments.seconds), "rate", str(qps / 2)]
    runs = [tools.run_json(command, queries_of("A", names), core=LOAD_CORE) for _ in range(arguments.rounds)]
    return {figure: statistics.median(run[figure] for run in runs) for figure in ("qps", "p50_us", "p99_us")}


def load_command(binaries, name, seconds):
    return [binaries["dns_load"], "127.0.0.1", str(PORTS[name]), str(seconds), str(SOCKETS), str(WINDOW)]


def compare(kind, servers, names, binaries, arguments):
    queries = queries_of(kind, names)
    size = round(run(kind, "berth", servers["berth"], queries, binaries, 0.3)["octets"])
    everyone = dict(servers, reflector=tools.start([binaries["reflector"], str(PORTS["reflector"]), str(size)]))
    rounds = {name: [] for name in everyone}
    for number in range(arguments.rounds):
        tools.note(f"{kind}: round {number + 1} of {arguments.rounds}: {', '.join(everyone)}")
        for name, process in everyone.items():
            rounds[name].append(run(kind, name, process, queries, binaries, arguments.seconds))
    tools.stop(everyone["reflector"])
    return {name: summary(runs, rounds["berth"], rounds["reflector"]) for name, runs in rounds.items()}


def run(kind, name, process, queries, binaries, seconds):
    tools.pin(process, SERVER_CORE % os.cpu_count())
    for child in tools.processes_of(process.pid)[1:]:
        os.sched_setaffinity(child, {SERVER_CORE % os.cpu_count()})
    before = tools.cpu_seconds(process.pid)
    figures = tools.run_json(load_command(binaries, name, seconds), queries, core=LOAD_CORE)
    figures["cpu_us"] = (tools.cpu_seconds(process.pid) - before) / max(figures["answers"], 1) * 1e6
    if figures["bad"] and kind != "mix":
        tools.note(f"{name}: {figures['bad']} of {figures['answers']} {kind} answers were empty or errors")
    return figures


def summary(runs, berth, reflector):
    """Medians; the ratios are taken round by round, Berth's figure to this server's."""
    median = statistics.median
    return {
        "qps": median(r["qps"] for r in runs),
        "cpu_us": median(r["cpu_us"] for r in runs),
        "octets": median(r["octets"] for r in runs),
        "lost": sum(r["lost"] for r in runs),
        "berth_qps_ratio": median(b["qps"] / r["qps"] for b, r in zip(berth, runs)),
        "berth_cpu_ratio": median(b["cpu_us"] / r["cpu_us"] for b, r in zip(berth, runs)),
        "cpu_to_reflector": median(r["cpu_us"] / f["cpu_us"] for r, f in zip(runs, reflector)),
    }


def write_zone(work, services):
    """The records that Berth answers, as a master file for the other servers."""
    path = os.path.join(work, "consul.zone")
    with open(path, "w") as file:
        file.write("$ORIGIN consul.\n$TTL 1\n@ SOA ns hostmaster 1 3600 600 86400 1\n@ NS ns\nns A 127.0.0.1\n")
        for service in range(services):
            for instance in range(registry.INSTANCES):
                address = registry.address_of(service, instance)
                target = f"{int(ipaddress.ip_address(address)):08x}.addr.dc1"
                file.write(f"{registry.name_of(service)}.service A {address}\n")
                file.write(f"{registry.name_of(service)}.service SRV 1 1 {20000 + instance} {target}\n")
                file.write(f"{target} A {address}\n")
    return path


def start_nsd(work, zone):
    if not shutil.which("nsd", path=os.environ["PATH"] + ":/usr/sbin"):
        tools.note("nsd is not installed (package nsd): left out")
        return None
    folder = os.path.join(work, "nsd")
    os.makedirs(folder)
    config = os.path.join(folder, "nsd.conf")
    with open(config, "w") as file:
        # Rate limiting is on by default in some packages and would be measured instead of the server.
        file.write(
            f"""server:
  ip-address: 127.0.0.1
  port: {PORTS['nsd']}
  server-count: 1
  username: ""
  rrl-ratelimit: 0
  round-robin: yes
  zonesdir: "{work}"
  database: ""
  zonelistfile: "{folder}/zone.list"
  xfrdfile: "{folder}/xfrd.state"
  pidfile: "{folder}/nsd.pid"
  logfile: "{folder}/nsd.log"
remote-control:
  control-enable: no
zone:
  name: consul
  zonefile: "{zone}"
""")
    return tools.start(["nsd", "-d", "-c", config], env=dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin"))


def start_knot(work, zone):
    if not shutil.which("knotd", path=os.environ["PATH"] + ":/usr/sbin"):
        tools.note("knotd is not installed (package knot): left out")
        return None
    folder = os.path.join(work, "knot")
    os.makedirs(folder)
    config = os.path.join(folder, "knot.conf")
    with open(config, "w") as file:
        file.write(
            f"""server:
  listen: 127.0.0.1@{PORTS['knot']}
  rundir: "{folder}"
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
database:
  storage: "{folder}"
template:
  - id: default
    storage: "{work}"
    journal-content: none
    zonefile-sync: -1
zone:
  - domain: consul
    file: "{zone}"
log:
  - target: stderr
    any: error
""")
    return tools.start(["knotd", "-c", config], env=dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin"))
