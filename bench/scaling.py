"""CPU time a request when there are many hooks or many pools, against one. The servers take turns."""

import json

import topologies
from measure import in_turn, median
from servers import BENCH, hook_section

CONNECTIONS = 64


def hooks_server(bench, binary, redis_port, count):
    """So many hooks, each a script file of its own."""
    sections = []
    for number in range(1, count + 1):
        script = bench.dir / f"hook-{count}-{number}.lua"
        script.write_text((BENCH / "nautiloid/get.lua").read_text())
        sections.append(hook_section(f"each{number}", script))
    server = bench.nautiloid(f"hooks-{count}", binary, topologies.address_of(redis_port), hooks="\n".join(sections))
    server.spread = count
    return server


def pools_server(bench, binary, redis_port, count):
    """So many pools, all of the same Redis."""
    address = json.dumps(f"127.0.0.1:{redis_port}")
    init = bench.dir / f"pools-{count}.lua"
    init.write_text(
        'local redis = require("nauthilus_redis")\n'
        f"for number = 1, {count} do\n"
        f'  assert(redis.register_redis_pool("pool" .. number, "standalone", {{ address = {address} }}))\n'
        "end\n"
    )
    hook = hook_section("pool", BENCH / "nautiloid/pool.lua")
    return bench.nautiloid(f"pools-{count}", binary, topologies.address_of(redis_port), hooks=hook, init=[init])


def cpu_us(servers, hook, options):
    runs = in_turn(servers, hook, CONNECTIONS, options)
    medians = [median(runs[server.name]) for server in servers]
    if errors := sum(run.errors for run in medians):
        raise SystemExit(f"{errors} requests of {hook} failed")
    return [run.cpu_us for run in medians]


def hooks(bench, binary, redis_port, count, options):
    """One hook, and many that get as many requests each."""
    servers = [hooks_server(bench, binary, redis_port, each) for each in (1, count)]
    times = cpu_us(servers, "each", options)
    end(bench, servers)
    return times


def pools(bench, binary, redis_port, count, options):
    """One pool, and many of which one is used: commands of different pools cannot travel together, and with all of them in
    use that would be measured in place of the pools."""
    servers = [pools_server(bench, binary, redis_port, each) for each in (1, count)]
    times = cpu_us(servers, "pool?pool=pool1", options)
    end(bench, servers)
    return times


def end(bench, servers):
    for server in servers:
        bench.end(server.process)
