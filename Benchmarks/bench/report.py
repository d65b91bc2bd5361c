"""The tables for the terminal."""

import os
import sys

from . import goals, http, registrations


def show(results):
    machine = results["machine"]
    print(heading(f"{machine['processor']}, {machine['cores']} cores, Linux {machine['kernel']}"))
    for kind, servers in results.get("dns", {}).items():
        show_servers(f"{kind} on one core", servers)
    for kind, servers in results.get("million", {}).get("dns", {}).items():
        show_servers(f"{kind} on one core, {results['million']['instances']:,} instances", servers)
    for kind, label in http.KINDS.items():
        if kind in results.get("http", {}):
            show_http(f"GET of the health of {label} on one core", results["http"][kind])
    for kind, path in registrations.KINDS.items():
        if kind in results.get("registrations", {}):
            show_http(f"PUT {path}, {registrations.CLIENTS} clients", results["registrations"][kind])
    for group, figures in goals.groups(results):
        print(heading(group))
        for figure, value in figures:
            number = goals.shown(value, figure.unit)
            print(f"  {figure.label:<54}{number:>12} {figure.unit:<3} {verdict(figure, value)}")


def show_servers(title, servers):
    print(heading(f"{title} (ratios: medians of interleaved rounds, Berth to the other)"))
    print(f"  {'':<11}{'queries/s':>11}{'us CPU/query':>14}{'octets':>8}{'lost':>6}{'CPU x floor':>13}{'qps ratio':>11}{'CPU ratio':>11}")
    best = max(s["qps"] for s in servers.values())
    for name, s in sorted(servers.items(), key=lambda item: -item[1]["qps"]):
        other = name != "berth"
        ratios = f"{s['berth_qps_ratio']:>10.2f}x{s['berth_cpu_ratio']:>10.2f}x" if other else f"{'':>22}"
        bar = "█" * round(s["qps"] / best * 24)
        line = f"  {name:<11}{s['qps']:>11,.0f}{s['cpu_us']:>14.2f}{s['octets']:>8.0f}{s['lost']:>6}{s['cpu_to_reflector']:>12.2f}x"
        print(f"{line}{ratios}  {colour('36' if other else '32', bar)}")


def show_http(title, servers):
    print(heading(f"{title} (ratios: medians of interleaved rounds, Berth to the other)"))
    columns = f"{'requests/s':>11}{'us CPU each':>14}{'octets':>8}{'failed':>8}{'p50 ms':>8}{'p99 ms':>8}"
    print(f"  {'':<11}{columns}{'rate ratio':>12}{'CPU ratio':>11}")
    best = max(s["rate"] for s in servers.values())
    for name, s in sorted(servers.items(), key=lambda item: -item[1]["rate"]):
        other = name != "berth"
        ratios = f"{s['berth_rate_ratio']:>11.2f}x{s['berth_cpu_ratio']:>10.2f}x" if other else f"{'':>23}"
        bar = "█" * round(s["rate"] / best * 24)
        amounts = f"{s['rate']:>11,.0f}{s['cpu_us']:>14.1f}{s['octets']:>8.0f}{s['failed']:>8}"
        print(f"  {name:<11}{amounts}{s['p50']:>8.2f}{s['p99']:>8.2f}{ratios}  {colour('36' if other else '32', bar)}")


def verdict(figure, value):
    if figure.goal is None:
        return ""
    good = figure.met(value)
    return colour("32" if good else "31", f"{'ok' if good else 'MISSED'}: {figure.goal[0]} {figure.goal[1]:,}")


def heading(text):
    return "\n" + colour("1", text)


def colour(code, text):
    return f"\033[{code}m{text}\033[0m" if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else text
