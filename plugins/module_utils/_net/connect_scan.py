# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection attempts and what became of each: open, refused, timeout, unreachable. Knows sockets; judges nothing.

Runs on the Pythons of VMs: standard library only, and no syntax or call newer than Python 3.7.
"""

from __future__ import annotations

import concurrent.futures
import errno
import ipaddress
import socket
import struct
import sys
import threading
import time
import typing as t

OPEN, REFUSED, TIMEOUT, UNREACHABLE, LOCAL_ERROR, NOT_RUN = "open", "refused", "timeout", "unreachable", "local_error", "not_run"
OUTCOMES = (OPEN, REFUSED, TIMEOUT, UNREACHABLE, LOCAL_ERROR, NOT_RUN)
TCP, UDP, ICMP = "tcp", "udp", "icmp"

_UNREACHABLE = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.ENOPROTOOPT})
_REFUSED = frozenset({errno.ECONNREFUSED, errno.ECONNRESET})
_DNS_PORT = 53
# A query for the name servers of the root: every DNS server answers it, if only to refuse. Other services get a word of ours.
_DNS_QUERY = b"\x4e\x46\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x01"
_TOKEN = b"nutanix_flow.dr probe\n"
_PAUSE = 0.5
"""Seconds before a second try."""

# <linux/in.h>, <linux/in6.h> and <linux/socket.h>: Python has no names for them.
_IP_RECVERR, _IPV6_RECVERR, _MSG_ERRQUEUE = 11, 25, 0x2000
_EXTENDED_ERROR = struct.Struct("=IBBBB")
_FROM_ICMP = (2, 3)
_PROHIBITED = {2: (9, 10, 13), 3: (1, 5, 6)}
"""Codes of "administratively prohibited", of ICMP and of ICMPv6."""


class Probe(t.NamedTuple):
    """One attempt. ``address`` is an IP address; ``source`` too, or empty for whatever the system takes. ``port`` is 0 for ICMP."""

    id: str
    address: str
    protocol: str = TCP
    port: int = 0
    source: str = ""


class Observation(t.NamedTuple):
    """What became of it. ``latency_ms`` is of the last try."""

    id: str
    outcome: str
    detail: str = ""
    latency_ms: float = 0.0
    tries: int = 0


class Pace(t.NamedTuple):
    """How fast: seconds to wait for an answer, tries at a time, tries per second, tries after a first one without an answer."""

    timeout: float
    concurrency: int
    rate: float
    retries: int


def scan(probes: t.Sequence[Probe], pace: Pace) -> list[Observation]:
    """Make the attempts, in the order given. Raises nothing: what goes wrong is an observation."""
    turns = _Turns(pace.rate)

    def observe(probe: Probe) -> Observation:
        for number in range(1, pace.retries + 2):
            if number > 1:
                time.sleep(_PAUSE)
            turns.wait()
            seen = attempt(probe, pace.timeout)._replace(tries=number)
            if seen.outcome != TIMEOUT:
                break
        return seen

    with concurrent.futures.ThreadPoolExecutor(max_workers=pace.concurrency) as pool:
        return list(pool.map(observe, probes))


def attempt(probe: Probe, timeout: float) -> Observation:
    """One try of one probe."""
    if probe.protocol not in (TCP, UDP):
        return Observation(probe.id, NOT_RUN, f"{probe.protocol.upper()} needs privileges that are not asked for")
    family = socket.AF_INET if ipaddress.ip_address(probe.address).version == 4 else socket.AF_INET6
    kind = socket.SOCK_STREAM if probe.protocol == TCP else socket.SOCK_DGRAM
    began = time.perf_counter()
    try:
        with socket.socket(family, kind) as sock:
            outcome, detail = _try(sock, probe, timeout)
    except OSError as error:
        outcome, detail = LOCAL_ERROR, _words(error)
    return Observation(probe.id, outcome, detail, round((time.perf_counter() - began) * 1000, 1), 1)


def _try(sock: socket.socket, probe: Probe, timeout: float) -> tuple[str, str]:
    """Raises OSError for what is wrong at this end before anything was sent."""
    sock.settimeout(timeout)
    asks = _ask_for_icmp(sock)
    if probe.source:
        sock.bind((probe.source, 0))
    try:
        sock.connect((probe.address, probe.port))
        if probe.protocol == TCP:
            return OPEN, ""
        sock.send(_DNS_QUERY if probe.port == _DNS_PORT else _TOKEN)
        sock.recv(1)
        return OPEN, "answered"
    except OSError as error:
        outcome = _outcome(error)
        return outcome, "" if outcome == TIMEOUT else (_icmp(sock) if asks else "") or _words(error)


def _outcome(error: OSError) -> str:
    if error.errno in _REFUSED:
        return REFUSED
    if isinstance(error, socket.timeout) or error.errno == errno.ETIMEDOUT:  # one and the same from Python 3.10 on
        return TIMEOUT
    return UNREACHABLE if error.errno in _UNREACHABLE else LOCAL_ERROR


def _ask_for_icmp(sock: socket.socket) -> bool:
    """Have the system keep the ICMP messages that end an attempt. Only Linux does."""
    if not sys.platform.startswith("linux"):
        return False
    six = sock.family == socket.AF_INET6
    sock.setsockopt(socket.IPPROTO_IPV6 if six else socket.IPPROTO_IP, _IPV6_RECVERR if six else _IP_RECVERR, 1)
    return True


def _icmp(sock: socket.socket) -> str:
    """Which ICMP message ended the attempt; empty if none did, or if the kernel is too old to say it (5.9 for TCP)."""
    sock.settimeout(0)
    try:
        _data, ancillary, _flags, _address = sock.recvmsg(512, 512, _MSG_ERRQUEUE)
    except OSError:
        return ""
    for _level, _type, data in ancillary:
        if len(data) >= _EXTENDED_ERROR.size:
            _errno, origin, kind, code, _pad = _EXTENDED_ERROR.unpack_from(data)
            if origin in _FROM_ICMP:
                prohibited = ", administratively prohibited" if code in _PROHIBITED[origin] and kind in (1, 3) else ""
                return f"ICMP{'v6' if origin == 3 else ''} type {kind} code {code}{prohibited}"
    return ""


def _words(error: OSError) -> str:
    return f"{errno.errorcode.get(error.errno or 0, 'error')}: {error.strerror or error}"


class _Turns:
    """Lets so many tries begin per second."""

    def __init__(self, rate: float) -> None:
        self._gap = 1.0 / rate
        self._lock = threading.Lock()
        self._next = time.monotonic()

    def wait(self) -> None:
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + self._gap
        time.sleep(max(0.0, turn - now))
