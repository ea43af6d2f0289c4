"""The embedded store as it fills: CPU time a command, and memory a key beside that of a real Redis."""

import topologies
from client import Client
from servers import BENCH, hook_section, resident_mib

CONNECTIONS = 16
# Of one request to the hook.
COMMANDS = 100
# Fewer keys are too few for a clock of ten milliseconds, and for pages of memory.
LEAST = 50_000


def serve(bench, name, binary, redis):
    return bench.nautiloid(name, binary, redis, hooks=hook_section("keys", BENCH / "nautiloid/keys.lua"))


def cpu_us(server, client, hooks):
    """CPU time of the server for a command."""
    before = server.cpu_seconds()
    client.requests(hooks)
    return (server.cpu_seconds() - before) * 1e6 / (len(hooks) * COMMANDS)


def writes(start, end):
    """Requests that write the keys after `start`, up to `end`."""
    return [f"keys?do=fill&from={first}" for first in range(start, end, COMMANDS)]


def embedded(bench, binary, sizes, commands):
    """For each number of keys: CPU µs a command while they were written, for GET and for SET of random keys, and bytes a
    key."""
    server = serve(bench, "embedded", binary, 'mode = "embedded"')
    with Client(server.port, CONNECTIONS) as client:
        client.requests(["hello"] * 1000)
        empty, filled = server.resident_mib(), 0
        for size in sizes:
            first = cpu_us(server, client, writes(filled, size))
            bytes_each = (server.resident_mib() - empty) * 1024**2 / size
            random = [[f"keys?do={action}&keys={size}"] * (commands // COMMANDS) for action in ("get", "set")]
            get, put = (cpu_us(server, client, hooks) for hooks in random)
            enough = size - filled >= LEAST
            yield size, first if enough else None, get, put, bytes_each if enough else None
            filled = size


def redis(bench, binary, sizes):
    """Bytes a key in a real Redis that the same hook fills."""
    port = bench.redis_server("filled-redis")
    pid = topologies.pid_of(port)
    server = serve(bench, "filling", binary, topologies.address_of(port))
    with Client(server.port, CONNECTIONS) as client:
        empty, filled = resident_mib(pid), 0
        for size in sizes:
            client.requests(writes(filled, size))
            bytes_each = (resident_mib(pid) - empty) * 1024**2 / size
            yield bytes_each if size - filled >= LEAST else None
            filled = size
