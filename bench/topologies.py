"""Redis as operators run it, for bench/compare --topologies: each function starts the servers with the given bench and
returns the keys of `[redis]` that lead to them."""

import json
import socket
import subprocess
import time

MASTER = "bench"


def cli(port, *arguments):
    command = ["redis-cli", "-p", str(port), *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def pid_of(port):
    """The process of the Redis server on that port."""
    information = cli(port, "INFO", "server").splitlines()
    return next(int(line.partition(":")[2]) for line in information if line.startswith("process_id:"))


def wait_until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit("Redis is not ready in time")
        time.sleep(0.05)


def addresses(ports):
    return json.dumps([f"127.0.0.1:{port}" for port in ports])


def address_of(port):
    return f'mode = "standalone"\naddress = "127.0.0.1:{port}"'


def standalone(bench):
    port = bench.redis_server("standalone")
    cli(port, "SET", "bench:value", "hello")
    return address_of(port)


def sentinel(bench):
    """A master with a replica and three Sentinels."""
    master = bench.redis_server("master")
    replica = bench.redis_server("replica", "--replicaof", "127.0.0.1", master)
    wait_until(lambda: "master_link_status:up" in cli(replica, "INFO", "replication"))
    sentinels = []
    for number in range(3):
        config = bench.dir / f"sentinel-{number}.conf"
        config.write_text(f"sentinel monitor {MASTER} 127.0.0.1 {master} 2\n")
        sentinels.append(bench.redis_server(f"sentinel-{number}", config=config))
    wait_until(lambda: all("num-other-sentinels\n2" in cli(port, "SENTINEL", "MASTER", MASTER) for port in sentinels))
    cli(master, "SET", "bench:value", "hello")
    return f'mode = "sentinel"\naddresses = {addresses(sentinels)}\nmaster_name = "{MASTER}"'


def cluster(bench):
    """Three masters."""
    ports = []
    for number in range(3):
        arguments = ["--cluster-enabled", "yes", "--cluster-config-file", bench.dir / f"nodes-{number}.conf"]
        ports.append(bench.redis_server(f"cluster-{number}", *arguments, "--cluster-port", free_bus_port()))
    nodes = [f"127.0.0.1:{port}" for port in ports]
    command = ["redis-cli", "--cluster", "create", *nodes, "--cluster-yes"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wait_until(lambda: all("cluster_state:ok" in cli(port, "CLUSTER", "INFO") for port in ports))
    cli(ports[0], "-c", "SET", "bench:value", "hello")
    return f'mode = "cluster"\naddresses = {addresses(ports)}'


def free_bus_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


ALL = {"standalone": standalone, "sentinel": sentinel, "cluster": cluster}
