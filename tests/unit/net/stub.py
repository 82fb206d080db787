"""A tiny HTTPS server that answers what a test tells it to; knows nothing of Prism."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
import typing as t
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trustme

from ansible_collections.nutanix_flow.dr.plugins.module_utils._net.session import Endpoint


@dataclass
class Asked:
    """One request as the server saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: t.Any


@dataclass
class Say:
    """One answer. ``do``: "answer", "reset" (no answer, the connection breaks) or "truncate" (half of the body, then the end)."""

    status: int = 200
    body: t.Any = None
    headers: dict[str, str] = field(default_factory=dict)
    do: str = "answer"


class Stub:
    """Gives the scripted answers in order; ``handler`` serves whatever comes when the script is at its end."""

    def __init__(self, handler: Callable[[Asked], Say] | None = None) -> None:
        self.script: list[Say] = []
        self.asked: list[Asked] = []
        self.handler = handler
        self.port = 0
        self.ca_path = ""
        self._lock = threading.Lock()

    def next(self, asked: Asked) -> Say:
        with self._lock:
            self.asked.append(asked)
            if self.script:
                return self.script.pop(0)
            return self.handler(asked) if self.handler else Say(500, {"unexpected": asked.path})

    def endpoint(self, **options: t.Any) -> Endpoint:
        settings: dict[str, t.Any] = {
            "host": "127.0.0.1",
            "port": self.port,
            "username": "admin",
            "password": "s3cret/4u",
            "ca_path": self.ca_path,
            "site": "north",
            "timeout": 5.0,
        }
        return Endpoint(**{**settings, **options})


@contextmanager
def serving(directory: Path, handler: Callable[[Asked], Say] | None = None, *, tls: bool = True) -> Iterator[Stub]:
    """A stub on a free port of 127.0.0.1, with a certificate of its own CA."""
    stub = Stub(handler)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(stub))
    server.daemon_threads = True
    if tls:
        authority = trustme.CA()
        stub.ca_path = str(directory / "ca.pem")
        authority.cert_pem.write_to_path(stub.ca_path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    stub.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _handler_of(stub: Stub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            raw = self.rfile.read(length)
            say = stub.next(Asked(self.command, self.path, dict(self.headers.items()), json.loads(raw) if raw else None))
            if say.do == "reset":
                # Linger 0: the peer gets a reset instead of an orderly end.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                socket.socket.close(self.connection)
                return
            body = say.body if isinstance(say.body, bytes) else b"" if say.body is None else json.dumps(say.body).encode()
            self.send_response(say.status)
            for name, value in {"Content-Length": str(len(body)), **say.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if say.do == "truncate" else body)
            if say.do == "truncate":
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_DELETE = do_OPTIONS = answer

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                # The client went away, or the TLS handshake failed: what the test is about, seen from the other side.
                self.close_connection = True

        def log_message(self, format: str, *args: t.Any) -> None:
            """Tests read ``asked`` instead."""

    return Handler
