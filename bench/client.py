"""Requests on several connections at once, in an order that is always the same: one on each, then all answers. A load
generator sends as fast as it can, and so what meets in the server differs from run to run; here it does not."""

import socket

from servers import PATH_PREFIX


class Client:
    """HTTP connections to a server on the loopback interface."""

    def __init__(self, port, connections):
        self.sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(connections)]

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        for connection in self.sockets:
            connection.close()

    def send(self, hooks):
        """One request on each connection."""
        for connection, hook in zip(self.sockets, hooks):
            connection.sendall(f"GET {PATH_PREFIX}{hook} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())

    def receive(self, count=None):
        """The bodies of the answers on the first `count` connections, or on all."""
        return [read_answer(connection) for connection in self.sockets[:count]]

    def requests(self, hooks):
        """A request for each of the hooks, as many at a time as there are connections."""
        for start in range(0, len(hooks), len(self.sockets)):
            at_once = hooks[start : start + len(self.sockets)]
            self.send(at_once)
            self.receive(len(at_once))


def read_answer(connection):
    received = b""
    while b"\r\n\r\n" not in received:
        received += receive_some(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    status, *headers = head.decode().lower().split("\r\n")
    if " 200 " not in status:
        raise SystemExit(f"a request was answered with {status}")
    length = next(int(value) for name, _, value in (header.partition(":") for header in headers) if name == "content-length")
    while len(body) < length:
        body += receive_some(connection)
    return body


def receive_some(connection):
    received = connection.recv(65536)
    if not received:
        raise SystemExit("the server closed a connection without an answer")
    return received
