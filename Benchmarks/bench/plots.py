"""The figures as JSON, and as pictures for docs/."""

import json
import os

from . import goals, http, registrations

COLOURS = {"berth": "#2563eb", "reflector": "#9ca3af", "nsd": "#d97706", "knot": "#059669", "consul": "#be185d"}
MET, MISSED, PLAIN = "#2563eb", "#dc2626", "#6b7280"
ROW, WIDTH = 34, 420


def save(results, folder):
    """A run of some sections replaces those, and leaves the others as they were."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "performance.json")
    if os.path.exists(path):
        with open(path) as file:
            results = json.load(file) | results
    write(path, json.dumps(results, indent=2, sort_keys=True) + "\n")
    for place, title in (("dns", "10,000 services"), ("million", "200,000 services")):
        section = results.get(place, {})
        for kind, servers in (section if place == "dns" else section.get("dns", {})).items():
            prefix = "" if place == "dns" else "million-"
            bars = [(name, s["qps"], f"{s['qps']:,.0f}", COLOURS.get(name, PLAIN)) for name, s in servers.items()]
            plot(folder, f"{prefix}queries-{kind.lower()}", f"{kind} queries per second, {title}, one core", falling(bars), 96)
            bars = [(name, s["cpu_us"], f"{s['cpu_us']:.2f}", COLOURS.get(name, PLAIN)) for name, s in servers.items()]
            bars.sort(key=lambda bar: bar[1])
            plot(folder, f"{prefix}cost-{kind.lower()}", f"{kind}: us of processor time per query, {title}", bars, 96)
    plot_http(folder, results)
    plot_goals(folder, results)


def plot_http(folder, results):
    """Reads, registrations and watchers: a bar for each server and what was asked of it."""
    for section, labels, what in (
        ("http", http.KINDS, "GET of a service's health"), ("registrations", registrations.KINDS, "durable registration"),
    ):
        asked = [
            (f"{name}: {label}", figures, COLOURS.get(name, PLAIN))
            for kind, label in labels.items() for name, figures in results.get(section, {}).get(kind, {}).items()]
        if asked:
            bars = [(label, f["rate"], f"{f['rate']:,.0f}", colour) for label, f, colour in asked]
            plot(folder, f"{section}-rate", f"{what}: requests per second, one core", bars, 280)
            bars = [(label, f["cpu_us"], f"{f['cpu_us']:,.0f}", colour) for label, f, colour in asked]
            plot(folder, f"{section}-cost", f"{what}: us of processor time for one", bars, 280)
    bars = [
        (f"{name}: {label}", found[figure], f"{found[figure]:,.0f}", COLOURS.get(name, PLAIN))
        for name, found in results.get("watchers", {}).items()
        for figure, label in (("last_ms", "half of the changes"), ("worst_ms", "slowest change"))]
    if bars:
        plot(folder, "watchers-last", "ms until the last of 1,000 watchers has its answer, one core", bars, 220)


def falling(bars):
    return sorted(bars, key=lambda bar: -bar[1])


def plot_goals(folder, results):
    """How much of each goal is used: what may be at most its limit, or the inverse of what must be at least it."""
    for group, figures in goals.groups(results):
        bars = []
        for figure, value in figures:
            if figure.goal is None or not figure.goal[1]:
                continue
            used = value / figure.goal[1] if figure.goal[0] == "at most" else figure.goal[1] / max(value, 1e-9)
            text = f"{goals.shown(value, figure.unit)} {figure.unit} ({figure.goal[0]} {figure.goal[1]:,})"
            bars.append((figure.label, max(used, 0), text, MET if figure.met(value) else MISSED))
        if bars:
            name = group.lower().replace(",", "").replace(" ", "-")
            plot(folder, f"goals-{name}", f"{group}: the part of each goal that is used", bars, 350, limit=1)


def plot(folder, name, title, bars, margin, limit=None):
    """Horizontal bars: (label, length, text, colour). A line at `limit`, if there is one."""
    top = max([bar[1] for bar in bars] + [limit or 0])
    rows = []
    for row, (label, length, text, colour) in enumerate(bars):
        y = 44 + row * ROW
        width = length / top * WIDTH
        rows.append(f'<text x="{margin}" y="{y + 17}" text-anchor="end">{label}</text>')
        rows.append(f'<rect x="{margin + 8}" y="{y}" width="{width:.0f}" height="24" rx="3" fill="{colour}"/>')
        rows.append(f'<text x="{margin + 16 + width:.0f}" y="{y + 17}">{text}</text>')
    height = 56 + len(bars) * ROW
    if limit:
        x = margin + 8 + limit / top * WIDTH
        rows.append(f'<line x1="{x:.0f}" y1="38" x2="{x:.0f}" y2="{height - 12}" stroke="#111" stroke-dasharray="4 3"/>')
    write(
        os.path.join(folder, f"{name}.svg"),
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{margin + WIDTH + 210}" height="{height}"'
        ' font-family="sans-serif" font-size="14">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n<text x="12" y="26" font-weight="bold">{title}</text>\n'
        + "\n".join(rows) + "\n</svg>\n")


def write(path, text):
    with open(path, "w") as file:
        file.write(text)
