"""How long nautiloid takes from its start to its first answer, and how large its binary is."""

import statistics
import subprocess
import time
from pathlib import Path

from client import Client


def stripped_mib(bench, binary):
    stripped = bench.dir / "stripped"
    subprocess.run(["strip", "-o", stripped, binary], check=True)
    return stripped.stat().st_size / 1024**2


def first_answer_ms(bench, binary, redis):
    """From before the process is made to the end of the answer of a hook that asks Redis."""
    command, port = bench.nautiloid_command("start", binary, redis)
    with open(bench.dir / "start.log", "w") as log:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        while process.poll() is None and time.perf_counter() - begin < 10:
            try:
                with Client(port, 1) as client:
                    client.requests(["get"])
                return (time.perf_counter() - begin) * 1000
            except ConnectionRefusedError:
                time.sleep(0.0002)
        raise SystemExit(f"nautiloid did not start:\n{Path(log.name).read_text()}")
    finally:
        bench.end(process)


def median_ms(bench, binary, redis, starts):
    return statistics.median(first_answer_ms(bench, binary, redis) for _ in range(starts))
