"""Requests that wait for a Redis that does not answer: what they take of memory, and whether they get their answers."""

import os
import resource
import signal
import time

import topologies
from client import Client


def allow_files(count):
    """For this process and those that it starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


def until_idle(server):
    """Until it uses no CPU time for half a second: what it was sent, it has taken."""
    spent = -1
    while spent != (spent := server.cpu_seconds()):
        time.sleep(0.5)


def resident_mib(bench, binary, redis_port, requests):
    """Resident memory of the server before the requests, and while all of them wait. That all are answered when Redis goes
    on is checked."""
    allow_files(2 * requests + 100)
    # Longer than all of this takes.
    redis = topologies.address_of(redis_port) + '\nread_timeout = "10m"\nwrite_timeout = "10m"'
    server = bench.nautiloid("waiting", binary, redis)
    before = server.resident_mib()
    redis_pid = topologies.pid_of(redis_port)
    with Client(server.port, requests) as client:
        os.kill(redis_pid, signal.SIGSTOP)
        try:
            client.send(["get"] * requests)
            until_idle(server)
            waiting = server.resident_mib()
        finally:
            os.kill(redis_pid, signal.SIGCONT)
        client.receive()
    bench.end(server.process)
    return before, waiting
