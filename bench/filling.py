"""The embedded store as it fills: CPU time a command, and memory a key beside that of a real Redis."""

import topologies
from client import Client
from scaling import section
from servers import BENCH, resident_mib

CONNECTIONS = 16
# Of one request to the hook.
COMMANDS = 100
# Fewer commands are too few for a clock of ten milliseconds.
TIMED = 50_000


def serve(bench, name, binary, redis):
    return bench.nautiloid(name, binary, redis, hooks=section("keys", BENCH / "nautiloid/keys.lua"))


def fill(client, start, end):
    client.requests([f"keys?do=fill&from={first}" for first in range(start, end, COMMANDS)])


def cpu_us(server, commands, work):
    """CPU time of the server for a command, while `work` is done."""
    before = server.cpu_seconds()
    work()
    return (server.cpu_seconds() - before) * 1e6 / commands


def embedded(bench, binary, sizes, commands):
    """For each number of keys: CPU µs a command while they were written, for GET and SET of random keys, and bytes a key."""
    server = serve(bench, "embedded", binary, 'mode = "embedded"')
    with Client(server.port, CONNECTIONS) as client:
        client.requests(["hello"] * 1000)
        empty, filled = server.resident_mib(), 0
        for size in sizes:
            filling = cpu_us(server, size - filled, lambda: fill(client, filled, size))
            # Before anything is read, which takes memory that is not the keys'.
            grown = (server.resident_mib() - empty) * 1024**2 / size
            times = {
                action: cpu_us(server, commands, lambda: client.requests([f"keys?do={action}&keys={size}"] * (commands // COMMANDS)))
                for action in ("get", "set")
            }
            yield size, filling if size - filled >= TIMED else None, times["get"], times["set"], grown
            filled = size
    bench.end(server.process)


def redis(bench, binary, sizes):
    """Bytes a key in a real Redis that the same hook fills."""
    port = bench.redis_server("filled-redis")
    pid = topologies.pid_of(port)
    server = serve(bench, "filling", binary, topologies.address_of(port))
    with Client(server.port, CONNECTIONS) as client:
        empty, filled = resident_mib(pid), 0
        for size in sizes:
            fill(client, filled, size)
            filled = size
            yield (resident_mib(pid) - empty) * 1024**2 / size
    bench.end(server.process)
