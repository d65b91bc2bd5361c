"""What is measured, in the order it is shown, and what the project promises of it."""

from typing import NamedTuple, Optional


class Figure(NamedTuple):
    group: str
    label: str
    path: tuple  # of keys into the results
    unit: str
    goal: Optional[tuple] = None  # "at most" or "at least", and the number

    def value(self, results):
        """The number, or None where it was not measured."""
        for key in self.path:
            results = (results or {}).get(key)
        return results

    def met(self, value):
        direction, limit = self.goal
        return value <= limit if direction == "at most" else value >= limit


def at_most(limit):
    return ("at most", limit)


def at_least(limit):
    return ("at least", limit)


def of_kind(kind, path, more=()):
    def figure(label, server, key, goal):
        return Figure(f"{kind} queries on one core", label, (*path, kind, server, key), "x", goal)

    return [
        figure("processor time per query, to the reflector", "berth", "cpu_to_reflector", at_most(1.10)),
        figure("queries per second, to the reflector", "reflector", "berth_qps_ratio", at_least(0.92)),
        *[figure(f"queries per second, to {name}", name.lower(), "berth_qps_ratio", at_least(limit)) for name, limit in more],
    ]


def of_million(kind):
    return [f._replace(group="A million instances", label=f"{kind}: {f.label}") for f in of_kind(kind, ("million", "dns"))]


def of_checks(kind):
    def figure(label, key, unit, goal=None):
        return Figure("10,000 checks, each every 10 s, on one core", f"{kind.upper()}: {label}", ("checks", kind, key), unit, goal)

    return [
        figure("probes made, of those due", "made_percent", "%", at_least(98)),
        figure("processor", "core_percent", "%", at_most(100)),
        figure("a probe too late, p99", "late_p99", "ms"),
        figure("the latest", "late_max", "ms"),
        figure("resident memory", "rss_mb", "MB"),
    ]


ANSWERING, FILLING, MILLION = "Answering", "Registry, start-up and Docker", "A million instances"
HTTP, REGISTERING, WATCHING = "Reads over HTTP", "Registrations over HTTP", "Watchers over HTTP"


def of_http(label, kind, goal=None):
    return [
        Figure(HTTP, f"{label}, a second", ("http", kind, "berth", "rate"), "/s", goal),
        Figure(HTTP, "requests a second, to Consul", ("http", kind, "consul", "berth_rate_ratio"), "x", goal and at_least(3)),
        Figure(HTTP, "processor time of one", ("http", kind, "berth", "cpu_us"), "us"),
        Figure(HTTP, "processor time, to Consul", ("http", kind, "consul", "berth_cpu_ratio"), "x"),
        Figure(HTTP, "processor time, to the plain responder", ("http", kind, "berth", "cpu_to_reflector"), "x"),
    ]


def of_registrations(label, kind, goal=None):
    return [
        Figure(REGISTERING, f"durable, {label}, 16 clients", ("registrations", kind, "berth", "rate"), "/s", goal),
        Figure(REGISTERING, "registrations a second, to Consul", ("registrations", kind, "consul", "berth_rate_ratio"), "x"),
        Figure(REGISTERING, "processor time of one", ("registrations", kind, "berth", "cpu_us"), "us"),
        Figure(REGISTERING, "processor time, to Consul", ("registrations", kind, "consul", "berth_cpu_ratio"), "x"),
        Figure(REGISTERING, "delay of one, p99", ("registrations", kind, "berth", "p99"), "ms"),
        Figure(REGISTERING, "registrations made durable together", ("registrations", kind, "berth", "batch"), "x"),
        Figure(REGISTERING, "part of the time in the journal", ("registrations", kind, "berth", "commit_share"), "x"),
        Figure(REGISTERING, "registrations that failed", ("registrations", kind, "berth", "failed"), "", at_most(0)),
    ]


FIGURES = [
    *of_kind("SRV", ("dns",), [("Knot", 1.6), ("NSD", 1.45)]),
    *of_kind("A", ("dns",), [("Knot", 1.2), ("NSD", 1.2)]),
    *of_kind("mix", ("dns",)),
    Figure(ANSWERING, "delay at half load, p50", ("delay", "p50_us"), "us"),
    Figure(ANSWERING, "delay at half load, p99", ("delay", "p99_us"), "us", at_most(1000)),
    Figure(ANSWERING, "allocations, retains, releases in a million queries", ("allocations", "calls"), "", at_most(0)),
    Figure(ANSWERING, "the same in 100 queries off the fast path", ("allocations", "control_calls"), "", at_least(1)),
    Figure(ANSWERING, "changes arriving while asked", ("changes", "changes_per_second"), "/s"),
    Figure(ANSWERING, "processor time per query meanwhile", ("changes", "cpu_ratio"), "x", at_most(1.05)),
    Figure(ANSWERING, "queries lost meanwhile", ("changes", "lost"), "", at_most(0)),
    Figure(ANSWERING, "registration returned to DNS answer", ("changes", "visible_ms"), "ms", at_most(5)),
    Figure(ANSWERING, "processor time with rate limit, cookies, identity", ("options", "guarded_cpu_ratio"), "x", at_most(1.03)),
    Figure(ANSWERING, "processor time with --dns-segments on", ("options", "segments_cpu_ratio"), "x", at_most(0.88)),
    Figure(ANSWERING, "one query at a time, p50", ("options", "alone_p50_us"), "us"),
    Figure(ANSWERING, "the same with --dns-spin on", ("options", "spin_p50_us"), "us"),
    Figure(FILLING, "ready to answer, empty journal", ("start", "empty_ms"), "ms", at_most(300)),
    Figure(FILLING, "durable registrations, 4 clients", ("registry", "registration", "rate"), "/s", at_least(3000)),
    Figure(FILLING, "registrations that failed", ("registry", "registration", "failed"), "", at_most(0)),
    Figure(FILLING, "delay of a registration, p50", ("registry", "registration", "p50"), "ms"),
    Figure(FILLING, "delay of a registration, p99", ("registry", "registration", "p99"), "ms"),
    Figure(FILLING, "resident memory, 50,000 instances", ("registry", "rss_mb"), "MB", at_most(120)),
    Figure(FILLING, "the same after a restart", ("registry", "restarted_rss_mb"), "MB", at_most(120)),
    Figure(FILLING, "ready to answer, filled journal", ("registry", "filled_ms"), "ms"),
    Figure(FILLING, "journal on disk", ("registry", "journal_mb"), "MB"),
    Figure(FILLING, "docker run returned to DNS answer", ("docker", "run_to_answer_ms"), "ms", at_most(10)),
    Figure(FILLING, "the slowest of these", ("docker", "run_to_answer_max_ms"), "ms"),
    Figure(FILLING, "docker kill returned to name gone", ("docker", "kill_to_gone_ms"), "ms"),
    Figure(MILLION, "start to first answer", ("million", "start_s"), "s", at_most(5)),
    Figure(MILLION, "start to all names published", ("million", "whole_s"), "s"),
    Figure(MILLION, "resident memory", ("million", "rss_mb"), "MB", at_most(1200)),
    Figure(MILLION, "one more registration over HTTP", ("million", "change_ms"), "ms"),
    *of_million("SRV"),
    *of_million("A"),
    *of_million("mix"),
    *of_http("health of one service", "one", at_least(20_000)),
    *of_http("the same with ?passing", "passing"),
    *of_http("health of any of 1,000 services", "many"),
    Figure(HTTP, "answers about these, sent", ("http", "encoded", "requests"), ""),
    Figure(HTTP, "answers that were encoded meanwhile", ("http", "encoded", "encodings"), "", at_most(0)),
    *of_registrations("by the agent", "agent", at_least(10_000)),
    *of_registrations("by the catalog", "catalog"),
    Figure(REGISTERING, "the disk's own fdatasync of a page", ("registrations", "sync_us"), "us"),
    Figure(WATCHING, "the last of 1,000 has its answer", ("watchers", "berth", "last_ms"), "ms", at_most(50)),
    Figure(WATCHING, "the same after the slowest change", ("watchers", "berth", "worst_ms"), "ms", at_most(50)),
    Figure(WATCHING, "the first has its answer", ("watchers", "berth", "first_ms"), "ms"),
    Figure(WATCHING, "processor time of an answer", ("watchers", "berth", "cpu_us"), "us"),
    Figure(WATCHING, "answers sent in all", ("watchers", "berth", "answers"), ""),
    Figure(WATCHING, "answers encoded for a change", ("watchers", "berth", "encodings_per_change"), "x", at_most(1)),
    Figure(WATCHING, "Consul: the last has its answer", ("watchers", "consul", "last_ms"), "ms"),
    Figure(WATCHING, "Consul: the same after the slowest change", ("watchers", "consul", "worst_ms"), "ms"),
    Figure(WATCHING, "Consul: processor time of an answer", ("watchers", "consul", "cpu_us"), "us"),
    *of_checks("http"),
    *of_checks("tcp"),
]


def groups(results):
    """The figures that were measured, by group and in order: (group, [(figure, value)])."""
    found = {}
    for figure in FIGURES:
        value = figure.value(results)
        if value is not None:
            found.setdefault(figure.group, []).append((figure, value))
    return list(found.items())


def shown(value, unit):
    return format(value, ",.2f" if unit in ("x", "ms", "s", "%") else ",.0f")
