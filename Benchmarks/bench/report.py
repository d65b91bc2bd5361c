"""The table for the terminal, and the figures and plots for docs/."""

import json
import os
import sys

# What the project promises; a figure on the wrong side is marked, not hidden.
TARGETS = {
    ("registry", "rss_mb"): ("at most", 120),
    ("registry", "rate"): ("at least", 3000),
    ("docker", "run_to_answer_ms"): ("at most", 10),
    ("start", "empty_ms"): ("at most", 300),
    ("delay", "p99_us"): ("at most", 1000),
    ("changes", "cpu_ratio"): ("at most", 1.05),
    ("changes", "visible_ms"): ("at most", 5),
    ("options", "guarded_cpu_ratio"): ("at most", 1.03),
    ("options", "segments_cpu_ratio"): ("at most", 0.88),
    ("million", "start_s"): ("at most", 5),
    ("million", "rss_mb"): ("at most", 1200),
}
COLOURS = {"berth": "#2563eb", "reflector": "#9ca3af", "nsd": "#d97706", "knot": "#059669"}


def show(results):
    print(heading(f"{results['machine']['processor']}, {results['machine']['cores']} cores, Linux {results['machine']['kernel']}"))
    for kind, servers in results.get("dns", {}).items():
        show_dns(kind, servers)
    for kind, servers in results.get("million", {}).get("dns", {}).items():
        show_dns(f"{kind}, {results['million']['instances']:,} instances,", servers)
    show_answering(results)
    rows = []
    if "start" in results:
        rows.append(("ready to answer, empty journal", results["start"]["empty_ms"], "ms", TARGETS["start", "empty_ms"]))
    if "registry" in results:
        filled = results["registry"]
        rows += [
            ("durable registrations, 4 clients", filled["registration"]["rate"], "/s", TARGETS["registry", "rate"]),
            ("  of these failed", filled["registration"]["failed"], "", ("at most", 0)),
            ("  p50 / p99", f"{filled['registration']['p50']:.2f} / {filled['registration']['p99']:.2f}", "ms", None),
            (f"resident memory, {filled['instances']} instances", filled["rss_mb"], "MB", TARGETS["registry", "rss_mb"]),
            ("  after a restart", filled["restarted_rss_mb"], "MB", TARGETS["registry", "rss_mb"]),
            ("ready to answer, filled journal", filled["filled_ms"], "ms", None),
            ("journal on disk", filled["journal_mb"], "MB", None),
        ]
    if results.get("docker"):
        docker = results["docker"]
        rows += [
            ("docker run returned to DNS answer", docker["run_to_answer_ms"], "ms", TARGETS["docker", "run_to_answer_ms"]),
            ("  the slowest", docker["run_to_answer_max_ms"], "ms", None),
            ("docker kill returned to name gone", docker["kill_to_gone_ms"], "ms", None),
        ]
    if rows:
        print(heading("Registry and start-up (negative: seen before the command returned)"))
        show_rows(rows)


def show_answering(results):
    rows = []

    def row(section, figure, label, unit):
        if section in results:
            rows.append((label, results[section][figure], unit, TARGETS.get((section, figure))))

    row("delay", "p50_us", "delay at half load, p50", "us")
    row("delay", "p99_us", "  p99", "us")
    row("changes", "changes_per_second", "changes arriving", "/s")
    row("changes", "cpu_ratio", "  CPU/query to that without changes", "x")
    row("changes", "lost", "  queries lost", "")
    row("changes", "visible_ms", "  registration returned to DNS answer", "ms")
    row("options", "guarded_cpu_ratio", "CPU/query with rate limit, cookies, identity", "x")
    row("options", "segments_cpu_ratio", "CPU/query with --dns-segments on", "x")
    row("options", "alone_p50_us", "one query at a time, p50", "us")
    row("options", "spin_p50_us", "  with --dns-spin on", "us")
    row("million", "start_s", "start with a million instances", "s")
    row("million", "rss_mb", "  resident memory", "MB")
    row("million", "change_ms", "  one more registration over HTTP", "ms")
    if rows:
        print(heading("Answering"))
        show_rows(rows)


def show_rows(rows):
    for label, value, unit, target in rows:
        shown = value if isinstance(value, str) else format(value, ",.2f" if unit in ("x", "ms", "s") else ",.0f")
        print(f"  {label:<46}{shown:>14} {unit:<3} {verdict(value, target)}")


def show_dns(kind, servers):
    print(heading(f"{kind} on one core (ratios: medians of interleaved rounds, Berth to the other)"))
    print(f"  {'':<11}{'queries/s':>11}{'us CPU/query':>14}{'octets':>8}{'lost':>6}{'CPU x floor':>13}{'qps ratio':>11}{'CPU ratio':>11}")
    best = max(s["qps"] for s in servers.values())
    for name, s in sorted(servers.items(), key=lambda item: -item[1]["qps"]):
        other = name != "berth"
        ratios = f"{s['berth_qps_ratio']:>10.2f}x{s['berth_cpu_ratio']:>10.2f}x" if other else f"{'':>22}"
        bar = "█" * round(s["qps"] / best * 24)
        line = f"  {name:<11}{s['qps']:>11,.0f}{s['cpu_us']:>14.2f}{s['octets']:>8.0f}{s['lost']:>6}{s['cpu_to_reflector']:>12.2f}x"
        print(f"{line}{ratios}  {colour('36' if other else '32', bar)}")


def verdict(value, target):
    if target is None or isinstance(value, str):
        return ""
    direction, limit = target
    good = value <= limit if direction == "at most" else value >= limit
    return colour("32" if good else "31", f"{'ok' if good else 'MISSED'}: {direction} {limit:,}")


def heading(text):
    return "\n" + colour("1", text)


def colour(code, text):
    return f"\033[{code}m{text}\033[0m" if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else text


def save(results, folder):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "performance.json"), "w") as file:
        json.dump(results, file, indent=2, sort_keys=True)
        file.write("\n")
    for kind, servers in results.get("dns", {}).items():
        with open(os.path.join(folder, f"queries-{kind.lower()}.svg"), "w") as file:
            file.write(bar_plot(f"{kind} queries per second, one core", {n: s["qps"] for n, s in servers.items()}))


def bar_plot(title, values):
    order = sorted(values.items(), key=lambda item: -item[1])
    top = max(values.values())
    rows = []
    for row, (name, value) in enumerate(order):
        y = 44 + row * 34
        width = value / top * 420
        rows.append(f'<text x="96" y="{y + 17}" text-anchor="end">{name}</text>')
        rows.append(f'<rect x="104" y="{y}" width="{width:.0f}" height="24" rx="3" fill="{COLOURS.get(name, "#6b7280")}"/>')
        rows.append(f'<text x="{112 + width:.0f}" y="{y + 17}">{value:,.0f}</text>')
    height = 56 + len(order) * 34
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="620" height="{height}" font-family="sans-serif" font-size="14">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n<text x="12" y="26" font-weight="bold">{title}</text>\n'
        + "\n".join(rows) + "\n</svg>\n")
