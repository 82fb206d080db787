# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services as people write them: ``tcp/443``, ``udp/5000-5010``, ``icmp/8/0``, ``any``, ``group:NAME``. No wire format here."""

from __future__ import annotations

import functools
import typing as t

ANY = "any"
GROUP = "group:"
_PORTS = ("tcp", "udp")
_ICMP = ("icmp", "icmpv6")
_ORDER = {protocol: rank for rank, protocol in enumerate(("any", "tcp", "udp", "icmp", "icmpv6", "group"))}


class Service(t.NamedTuple):
    """``protocol`` is any, tcp, udp, icmp, icmpv6 or group. ``low``/``high`` are ports, or ICMP type and code (-1: all)."""

    protocol: str
    low: int = -1
    high: int = -1
    group: str = ""

    def __str__(self) -> str:
        if self.protocol == "group":
            return f"{GROUP}{self.group}"
        if self.protocol == ANY or self.low < 0:
            return self.protocol
        if self.protocol in _ICMP:
            return f"{self.protocol}/{self.low}" if self.high < 0 else f"{self.protocol}/{self.low}/{self.high}"
        if (self.low, self.high) == (0, 65535):
            return self.protocol
        return f"{self.protocol}/{self.low}" if self.low == self.high else f"{self.protocol}/{self.low}-{self.high}"


@functools.lru_cache(maxsize=4096)
def parse_service(text: str) -> Service:
    """Read one service. Raises ValueError with the reason."""
    if text.startswith(GROUP):
        name = text[len(GROUP) :].strip()
        if not name:
            raise ValueError("'group:' needs the name of a service group")
        return Service("group", group=name)
    protocol, slash, rest = text.strip().lower().partition("/")
    if slash and not rest:
        raise ValueError(f"{text!r} says nothing after the slash")
    if protocol == ANY and not rest:
        return Service(ANY)
    if protocol in _PORTS:
        return _parse_ports(protocol, rest, text)
    if protocol in _ICMP:
        # Imported here: few services are ICMP.
        from .services_icmp import parse_icmp

        return parse_icmp(protocol, rest, text)
    hint = f"tcp/{text} or ports: {text}" if text.isdigit() else "tcp/443, udp/5000-5010, icmp/8/0, icmpv6/128, any or group:NAME"
    raise ValueError(f"{text!r} is no service; write {hint}")


def sort_services(services: t.Iterable[Service]) -> list[Service]:
    """Canonical order, without doubles."""
    return sorted(set(services), key=lambda service: (_ORDER[service.protocol], service.low, service.high, service.group))


def number_in(text: str, highest: int, whole: str) -> int:
    """A number from 0 to ``highest``, written in the service ``whole``. Raises ValueError."""
    if not text.isdigit() or int(text) > highest:
        raise ValueError(f"{whole!r}: {text!r} is not a number from 0 to {highest}")
    return int(text)


def _parse_ports(protocol: str, rest: str, whole: str) -> Service:
    if not rest:
        return Service(protocol, 0, 65535)
    low_text, dash, high_text = rest.partition("-")
    low = number_in(low_text.strip(), 65535, whole)
    high = number_in(high_text.strip(), 65535, whole) if dash else low
    if high < low:
        raise ValueError(f"{whole!r} ends before it starts")
    return Service(protocol, low, high)
