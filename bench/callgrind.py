"""Instructions a request, counted by valgrind: what the program does, and not how fast this machine does it today.

Only instructions of the program itself and its libraries are counted, none of the kernel's: a system call more is not seen
here but in the time that bench/run shows."""

import subprocess

import topologies
from client import Client

CONNECTIONS = 16


def control(switch, process):
    command = ["callgrind_control", "-i", switch, str(process.pid)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def instructions(bench, binary, redis_port, hook, requests):
    """Starts the server for this hook alone, so that nothing of another one's work is left in it."""
    topologies.cli(redis_port, "FLUSHALL")
    out = bench.dir / "callgrind.out"
    valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "--instr-atstart=no"]
    server = bench.nautiloid("nautiloid", binary, topologies.address_of(redis_port), under=valgrind)
    with Client(server.port, CONNECTIONS) as client:
        client.requests([hook] * (requests // 2))
        control("on", server.process)
        client.requests([hook] * requests)
        control("off", server.process)
    bench.end(server.process)
    # The line `summary:` has 0 when counting was switched on and off again.
    totals = next(line for line in out.read_text().splitlines() if line.startswith("totals:"))
    return int(totals.split()[1]) / requests
