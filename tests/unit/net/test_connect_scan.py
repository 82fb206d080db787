"""Connection attempts on this machine: what each outcome looks like, how fast they go, and what is refused before anything is sent."""

from __future__ import annotations

import ast
import errno
import inspect
import socket
import threading
import time
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._glue import connect_scan_run
from ansible_collections.nutanix_flow.dr.plugins.module_utils._net import connect_scan
from ansible_collections.nutanix_flow.dr.plugins.module_utils._net.connect_scan import Observation, Pace, Probe, scan

FAST = Pace(timeout=0.3, concurrency=10, rate=100, retries=0)
HERE = "127.0.0.1"


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server((HERE, 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def udp() -> Iterator[socket.socket]:
    """A port that is bound and, unless a test makes it answer, silent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((HERE, 0))
        sock.settimeout(5)
        yield sock


def closed_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind((HERE, 0))
        return int(sock.getsockname()[1])


def only(probe: Probe, pace: Pace = FAST) -> Observation:
    return scan([probe], pace)[0]


def test_open_and_refused(listening: int) -> None:
    probes = [Probe("a", HERE, "tcp", listening), Probe("b", HERE, "tcp", closed_port(socket.SOCK_STREAM)), Probe("c", HERE, "tcp", listening, HERE)]
    assert [(one.id, one.outcome) for one in scan(probes, FAST)] == [("a", "open"), ("b", "refused"), ("c", "open")]


def test_an_answer_is_not_waited_for_once_it_is_there() -> None:
    began = time.monotonic()
    assert only(Probe("a", HERE, "tcp", closed_port(socket.SOCK_STREAM)), FAST._replace(timeout=20)).outcome == "refused"
    assert time.monotonic() - began < 10


def test_udp_answers_refuses_or_keeps_silent(udp: socket.socket) -> None:
    port = udp.getsockname()[1]
    assert only(Probe("a", HERE, "udp", port)).outcome == "timeout"
    udp.recvfrom(100)
    answering = threading.Thread(target=lambda: udp.sendto(b"yes", udp.recvfrom(100)[1]))
    answering.start()
    assert only(Probe("a", HERE, "udp", port), FAST._replace(timeout=5))[1:3] == ("open", "answered")
    answering.join()
    assert only(Probe("a", HERE, "udp", closed_port(socket.SOCK_DGRAM))).outcome == "refused"


def test_silence_is_tried_again(udp: socket.socket) -> None:
    seen = only(Probe("a", HERE, "udp", udp.getsockname()[1]), FAST._replace(timeout=0.1, retries=1))
    assert (seen.outcome, seen.tries) == ("timeout", 2)


def test_what_is_wrong_at_this_end_says_so() -> None:
    seen = only(Probe("a", HERE, "tcp", 1, "192.0.2.1"))
    assert (seen.outcome, seen.detail.split(":")[0]) == ("local_error", "EADDRNOTAVAIL")
    assert only(Probe("a", HERE, "icmp")).outcome == "not_run"


@pytest.mark.parametrize(("number", "outcome"), [
    (errno.ECONNREFUSED, "refused"), (errno.ECONNRESET, "refused"), (errno.ETIMEDOUT, "timeout"), (errno.EHOSTUNREACH, "unreachable"),
    (errno.ENETUNREACH, "unreachable"), (errno.EACCES, "local_error"), (errno.EPERM, "local_error"), (errno.EMFILE, "local_error"),
])
def test_errors_of_the_system(number: int, outcome: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: Any) -> None:
        raise OSError(number, "said the system")

    monkeypatch.setattr(socket.socket, "connect", fail)
    seen = only(Probe("a", HERE, "tcp", 1))
    assert (seen.outcome, seen.detail) == (outcome, "" if outcome == "timeout" else f"{errno.errorcode[number]}: said the system")


def test_no_faster_than_allowed(listening: int) -> None:
    began = time.monotonic()
    scan([Probe(str(number), HERE, "tcp", listening) for number in range(6)], FAST._replace(rate=10))
    assert time.monotonic() - began >= 0.5


GIVEN = {"timeout": 2, "concurrency": 10, "rate": 20, "retries": 1}


@pytest.mark.parametrize(("probes", "given", "fault"), [
    ([Probe("a", "web-1", "tcp", 1)], {}, "probe a: address 'web-1' is no IP address"),
    ([Probe("a", "224.0.0.1", "tcp", 1)], {}, "probe a: address '224.0.0.1' is not the address of one host"),
    ([Probe("a", "255.255.255.255", "udp", 1)], {}, "probe a: address '255.255.255.255' is not the address of one host"),
    ([Probe("a", HERE, "tcp", 1, "here")], {}, "probe a: source 'here' is no IP address"),
    ([Probe("a", HERE, "tcp", 0)], {}, "probe a: port 0 must be between 1 and 65535"),
    ([Probe("a", HERE, "tcp", 1), Probe("a", HERE, "tcp", 2)], {}, "probe a is there twice"),
    ([], {"concurrency": 21}, "concurrency is 21, it must be between 1 and 20"),
    ([], {"rate": 500}, "rate is 500, it must be between 0.1 and 200"),
])
def test_what_is_refused_before_anything_is_sent(probes: list[Probe], given: dict[str, Any], fault: str) -> None:
    assert connect_scan_run.faults(probes, {**GIVEN, **given}) == [fault]


def test_what_is_right_is_not_refused() -> None:
    assert connect_scan_run.faults([Probe("a", "2001:db8::1", "tcp", 1), Probe("b", HERE, "icmp")], GIVEN) == []


@pytest.mark.parametrize("module", [connect_scan, connect_scan_run])
def test_hosts_may_have_an_old_python_and_nothing_else(module: ModuleType) -> None:
    tree = ast.parse(inspect.getsource(module), feature_version=(3, 7))
    imported = {name for node in ast.walk(tree) for name in names_of(node)}
    assert imported <= {
        "__future__", "concurrent", "errno", "ipaddress", "socket", "struct", "sys", "threading", "time", "typing", "ansible", "_net",
    }


def names_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [(node.module or "").split(".")[0]]
    return [alias.name.split(".")[0] for alias in node.names] if isinstance(node, ast.Import) else []
