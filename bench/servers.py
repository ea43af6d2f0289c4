"""The programs under test and the servers they need, in a temporary directory, on free ports of the loopback
interface. Leaving a `Bench` ends them all."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import topologies

BENCH = Path(__file__).resolve().parent
PATH_PREFIX = "/api/v1/custom/"
TICKS = os.sysconf("SC_CLK_TCK")

# What each Debian package is there for: a path that shows whether it is installed.
PACKAGES = {
    "nginx": "/usr/sbin/nginx",
    "libnginx-mod-http-lua": "/usr/lib/nginx/modules/ngx_http_lua_module.so",
    "lua-nginx-redis": "/usr/share/lua/5.1/nginx/redis.lua",
    "lua-cjson": "/usr/share/doc/lua-cjson",
    "redis-server": "/usr/bin/redis-server",
    "wrk": "/usr/bin/wrk",
    "valgrind": "/usr/bin/valgrind",
    "binutils": "/usr/bin/strip",
}


def install_missing(*names):
    missing = [name for name in names if not os.path.exists(PACKAGES[name])]
    if not missing:
        return
    print("installing", *missing, file=sys.stderr)
    apt = (["sudo"] if os.geteuid() != 0 else []) + ["apt-get", "-q", "-y"]
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run([*apt, "update"], check=True, **quiet)
    subprocess.run([*apt, "install", "--no-install-recommends", *missing], check=True, **quiet)


def build(package, tree=BENCH.parent, **environment):
    """Builds a binary in release mode and returns its path, wherever cargo puts it."""
    command = ["cargo", "build", "--release", "--locked", "-p", package, "--message-format=json-render-diagnostics"]
    settings = {"cwd": tree, "env": {**os.environ, **environment}}
    built = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, **settings)
    messages = map(json.loads, built.stdout.splitlines())
    return next(path for path in (message.get("executable") for message in messages) if path)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(process, log, ready, seconds=10):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit(f"{log.stem} ended with code {process.returncode} at its start:\n{log.read_text()}")
        with contextlib.suppress(OSError):
            if ready():
                return
        time.sleep(0.02)
    sys.exit(f"{log.stem} did not answer within {seconds} s:\n{log.read_text()}")


def fill_in(template, target, **values):
    text = template.read_text()
    for key, value in values.items():
        text = text.replace(f"@{key}@", str(value))
    target.write_text(text)
    return str(target)


def hook_section(location, script):
    """A hook in a configuration file."""
    return f'[[hooks]]\nlocation = "/{location}"\nmethod = "GET"\nscript = "{script}"\npublic = true\n'


def url(port, hook):
    return f"http://127.0.0.1:{port}{PATH_PREFIX}{hook}"


def answer(port, hook):
    with urllib.request.urlopen(url(port, hook), timeout=5) as response:
        return json.load(response)


def resident_mib(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


@dataclass
class Server:
    """A program under test, with the processes that belong to it."""

    name: str
    process: subprocess.Popen
    port: int
    # Its load goes to so many hooks in turn, whose names end with 1, 2, 3 and so on.
    spread: int = 0

    def pids(self):
        main = self.process.pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        return [main, *map(int, children)]

    def cpu_seconds(self):
        total = 0
        for pid in self.pids():
            # The fields after the program's name, which may hold spaces: utime and stime are the 14th and 15th of all.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def resident_mib(self):
        return sum(map(resident_mib, self.pids()))


class Bench:
    """The servers, in a temporary directory; leaving the context ends all of them."""

    def __init__(self, options):
        self.options = options
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        self.dir = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="nautiloid-bench-")))
        return self

    def __exit__(self, *exception):
        self.stack.close()

    def spawn(self, name, command, ready):
        """Starts a program and returns when it is ready."""
        path = self.dir / f"{name}.log"
        log = self.stack.enter_context(open(path, "w"))
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=self.dir)
        self.stack.callback(self.end, process)
        wait_for(process, path, ready)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def redis_server(self, name, *arguments, config=None):
        """Starts a Redis server, or a Sentinel if there is a configuration for one, and returns its port."""
        port = free_port()
        command = ["redis-server", *([config] if config else []), "--bind", "127.0.0.1", "--port", port]
        command += ["--sentinel"] if config else ["--save", "", "--appendonly", "no"]

        def answers():
            with socket.create_connection(("127.0.0.1", port), 1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")

        self.spawn(name, [str(word) for word in [*command, *arguments]], answers)
        return port

    def values(self, port, **redis):
        return {"BENCH": BENCH, "DIR": self.dir, "PORT": port, "WORKERS": self.options.workers, **redis}

    def serve(self, name, command, port):
        process = self.spawn(name, command, lambda: answer(port, "hello"))
        return Server(name, process, port)

    def nautiloid_command(self, name, binary, redis, hooks="", init=()):
        """The command that serves nautiloid, and its port. `redis` are the keys of the section `[redis]`, empty for the
        embedded store; `hooks` and `init` come after the benchmark's own hooks and init script."""
        port = free_port()
        scripts = json.dumps([str(script) for script in (BENCH / "nautiloid/init.lua", *init)])
        values = self.values(port, REDIS=redis, INIT=scripts, HOOKS=hooks)
        config = fill_in(BENCH / "nautiloid/nautiloid.toml", self.dir / f"{name}.toml", **values)
        return [binary, "serve", "--config", config], port

    def nautiloid(self, name, binary, redis, under=(), **more):
        """`under` is a program that runs it, such as valgrind."""
        command, port = self.nautiloid_command(name, binary, redis, **more)
        return self.serve(name, [*under, *command], port)

    def nginx(self, redis_port):
        port = free_port()
        script = topologies.cli(redis_port, "SCRIPT", "LOAD", (BENCH / "shared/script.redis.lua").read_text())
        values = self.values(port, REDIS_PORT=redis_port, SCRIPT=script)
        config = fill_in(BENCH / "nginx/nginx.conf", self.dir / "nginx.conf", **values)
        command = ["nginx", "-p", str(self.dir), "-c", config, "-e", str(self.dir / "nginx-error.log")]
        return self.serve("nginx", command, port)

    def limit(self, binary, redis_port):
        port = free_port()
        return self.serve("limit", [binary, str(port), str(redis_port), str(self.options.workers)], port)
