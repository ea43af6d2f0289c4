"""Load on one program, and what it showed."""

import json
import statistics
import subprocess
from dataclasses import dataclass, fields

from servers import BENCH, url


@dataclass
class Run:
    """What one run of wrk showed. Times are in milliseconds, memory is in MiB."""

    rate: float
    p50: float
    p99: float
    p999: float
    cpu_us: float
    errors: int
    resident: float


def load(server, hook, connections, seconds):
    cpu = server.cpu_seconds()
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(BENCH / "report.lua"), url(server.port, hook)]
    command += ["--", str(server.spread)] if server.spread else []
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    report = json.loads(next(line for line in output.splitlines() if line.startswith("{")))
    requests = max(report["requests"], 1)
    return Run(
        rate=report["requests"] / report["seconds"],
        p50=report["p50_us"] / 1000,
        p99=report["p99_us"] / 1000,
        p999=report["p999_us"] / 1000,
        cpu_us=(server.cpu_seconds() - cpu) * 1e6 / requests,
        errors=report["errors"],
        resident=server.resident_mib(),
    )


def in_turn(servers, hook, connections, options):
    """All servers in turn, round by round, so that whatever else the machine does hits each of them alike. Gives the runs
    of each server by its name."""
    for server in servers:
        load(server, hook, connections, options.warm_up)
    runs = {server.name: [] for server in servers}
    for _ in range(options.rounds):
        for server in servers:
            runs[server.name].append(load(server, hook, connections, options.duration))
    return runs


def median(runs):
    """The median of each figure; of errors the sum."""
    values = {field.name: statistics.median(getattr(run, field.name) for run in runs) for field in fields(Run)}
    return Run(**{**values, "errors": sum(run.errors for run in runs)})
