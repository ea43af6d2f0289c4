"""The results as Markdown tables and as a chart."""

import os
import subprocess
from datetime import date
from pathlib import Path

COLORS = {"nautiloid": "#2a6fb0", "nautiloid, embedded": "#7fb3de", "nautiloid, cluster": "#4c8f8b", "nginx": "#b8b8b8",
          "limit": "#e0a030"}
HEAD = ("| program | requests/s | to nginx | p50 ms | p99 ms | p99.9 ms | CPU µs/request | to limit | MiB | errors |\n"
        "|---|---|---|---|---|---|---|---|---|---|")


def machine(*programs):
    def output(*command):
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return result.stdout.strip().splitlines()[0]

    model = "unknown CPU"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    versions = [output(program, "-v").split(" sha=")[0] for program in programs]
    return "; ".join([str(date.today()), f"{model}, {os.cpu_count()} CPUs", ", ".join(versions)])


def table(hook, connections, medians):
    """`medians`: the median run of each program, by its name."""
    def ratio(name, other, field):
        base = medians.get(other)
        return f"{getattr(medians[name], field) / getattr(base, field):.2f}" if base and name != other else "–"

    lines = [f"\n### `{hook}`, {connections} connections\n", HEAD]
    for name, run in medians.items():
        lines.append(
            f"| {name} | {run.rate:,.0f} | {ratio(name, 'nginx', 'rate')} | {run.p50:.2f} | {run.p99:.2f} | {run.p999:.2f} "
            f"| {run.cpu_us:.1f} | {ratio(name, 'limit', 'cpu_us')} | {run.resident:.1f} | {run.errors} |"
        )
    return "\n".join(lines)


def chart(results, connections, caption):
    """Bars of requests a second, a group for each hook: an SVG that needs no fonts or scripts."""
    hooks = [hook for hook, at in results if at == connections]
    names = list(dict.fromkeys(name for hook in hooks for name in results[hook, connections]))
    top = max(run.rate for hook in hooks for run in results[hook, connections].values())
    bar, gap, height, left = 26, 28, 260, 70
    width = left + sum(bar * len(names) + gap for _ in hooks) + gap
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height + 110}" font-family="sans-serif" '
        'font-size="12">',
        f'<rect width="{width}" height="{height + 110}" fill="white"/>',
        f'<text x="{left}" y="18" font-size="14">Requests a second, {connections} connections</text>',
    ]
    for tenth in range(0, 11, 2):
        y = 30 + height - height * tenth / 10
        parts.append(f'<line x1="{left}" y1="{y}" x2="{width - 10}" y2="{y}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{top * tenth / 10:,.0f}</text>')
    x = left + gap / 2
    for hook in hooks:
        for name in names:
            run = results[hook, connections].get(name)
            if run:
                tall = height * run.rate / top
                parts.append(
                    f'<rect x="{x}" y="{30 + height - tall:.1f}" width="{bar - 3}" height="{tall:.1f}" '
                    f'fill="{COLORS.get(name, "#888")}"><title>{name}: {run.rate:,.0f}</title></rect>'
                )
            x += bar
        middle = x - bar * len(names) / 2
        parts.append(f'<text x="{middle}" y="{height + 48}" text-anchor="middle">{hook}</text>')
        x += gap
    x = left
    for name in names:
        parts.append(f'<rect x="{x}" y="{height + 62}" width="12" height="12" fill="{COLORS.get(name, "#888")}"/>')
        parts.append(f'<text x="{x + 17}" y="{height + 73}">{name}</text>')
        x += 30 + 7 * len(name)
    parts.append(f'<text x="{left}" y="{height + 97}" fill="#666" font-size="10">{caption}</text>')
    parts.append("</svg>\n")
    return "\n".join(parts)
