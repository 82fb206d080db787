# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services as bitsets: which atoms of protocol and destination port (or ICMP type and code) an entry is about. Knows no rule.

Each protocol is a row of numbers: ports, or type times 256 plus code. Behind them stand two single atoms: all other IP
protocols, which only `any` covers, and DHCP (UDP between ports 67 and 68), which is always allowed over IPv4 (R1).
"""

from __future__ import annotations

import functools
import typing as t

from .._errors import Finding, InvalidInput, UnknownReference
from .._model.entity import Canonical
from .._model.services import Service, parse_service
from .atoms import Atoms, ones, runs

_LAST = 65535
_NUMBERED = ("tcp", "udp", "icmp", "icmpv6")
OTHER, DHCP = "other", "dhcp"
_BY_NUMBER = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}


class ServiceGroups:
    """The service groups of a site, by name."""

    def __init__(self, groups: t.Iterable[Canonical]) -> None:
        self._services = {group["name"]: tuple(group.get("services", [])) for group in groups}

    def expand(self, services: t.Iterable[str]) -> list[Service]:
        """Services without groups. Raises UnknownReference for a group that was not given."""
        found = []
        for text in services:
            service = parse_service(text)
            if service.protocol != "group":
                found.append(service)
            elif service.group not in self._services:
                raise UnknownReference(f"there is no service group '{service.group}'", fix="List the groups of the site completely")
            else:
                found += [parse_service(one) for one in self._services[service.group]]
        return found


class ServiceAtoms:
    """All services that any of the given entries names, cut into atoms, one bit each."""

    def __init__(self, services: t.Iterable[Service]) -> None:
        ranges: dict[str, set[tuple[int, int]]] = {protocol: set() for protocol in _NUMBERED}
        for service in services:
            if service.protocol in ranges:
                ranges[service.protocol].add(_numbers(service))
        self._atoms: dict[str, Atoms] = {}
        self._first: dict[str, int] = {}
        size = 0
        for protocol in _NUMBERED:
            self._atoms[protocol] = Atoms(ranges[protocol], _LAST)
            self._first[protocol] = size
            size += len(self._atoms[protocol])
        self._first[OTHER], self._first[DHCP] = size, size + 1
        self.everything = ones(0, size + 2)
        self.dhcp = 1 << self._first[DHCP]
        icmp, icmpv6 = self._mask(Service("icmp")), self._mask(Service("icmpv6"))
        self.of_family = {4: self.everything & ~icmpv6, 6: self.everything & ~icmp & ~self.dhcp}

    def mask(self, services: t.Iterable[Service]) -> int:
        """The atoms of services that were given at the start."""
        found = 0
        for service in services:
            found |= self._mask(service)
        return found

    def _mask(self, service: Service) -> int:
        if service.protocol == "any":
            return self.everything
        first, behind = self._atoms[service.protocol].span(*_numbers(service))
        return ones(self._first[service.protocol] + first, self._first[service.protocol] + behind)

    def of_protocol(self, protocol: str) -> int:
        """All atoms of tcp, udp, icmp or icmpv6."""
        return self._mask(Service(protocol))

    def bit(self, packet: Packet) -> int:
        """The atom of one packet."""
        if packet.protocol not in self._atoms:
            return self._first[packet.protocol]
        return self._first[packet.protocol] + self._atoms[packet.protocol].index(packet.number)

    def packet(self, bit: int) -> Packet:
        """The first packet of an atom."""
        for protocol in _NUMBERED:
            place = bit - self._first[protocol]
            if place < len(self._atoms[protocol]):
                return Packet(protocol, self._atoms[protocol].bounds(place)[0])
        return Packet(DHCP if bit == self._first[DHCP] else OTHER)

    def texts(self, mask: int) -> list[str]:
        """A bitset of atoms as people write services, neighbors joined; ``other`` are all protocols without a name here."""
        found = []
        for protocol in _NUMBERED:
            atoms, first = self._atoms[protocol], self._first[protocol]
            for low, high in runs(mask >> first & ones(0, len(atoms))):
                found.append(_text(protocol, atoms.bounds(low)[0], atoms.bounds(high)[1]))
        return found + [word for word in (OTHER, DHCP) if mask >> self._first[word] & 1]


class Packet(t.NamedTuple):
    """What a packet is beside its addresses: ``number`` is the destination port, or ICMP type times 256 plus code."""

    protocol: str
    number: int = 0

    def __str__(self) -> str:
        return _text(self.protocol, self.number, self.number) if self.protocol in _NUMBERED else self.protocol


@functools.lru_cache(maxsize=4096)
def parse_packet(text: str) -> Packet:
    """``tcp/443``, ``udp/53``, ``icmp/8/0``, ``icmpv6/128``, ``dhcp``, or the number of an IP protocol like ``47``.

    An ICMP type without a code has code 0. Raises InvalidInput.
    """
    word, _slash, rest = text.strip().lower().partition("/")
    word = _BY_NUMBER.get(word, word)
    if not rest and word in (OTHER, DHCP):
        return Packet(word)
    if not rest and word.isdigit() and int(word) <= 255:
        return Packet(OTHER)
    numbers = rest.split("/")
    try:
        if word in ("tcp", "udp") and len(numbers) == 1 and 0 <= int(rest) <= _LAST:
            return Packet(word, int(rest))
        if word in ("icmp", "icmpv6") and len(numbers) <= 2 and all(0 <= int(one) <= 255 for one in numbers):
            return Packet(word, int(numbers[0]) * 256 + (int(numbers[1]) if len(numbers) == 2 else 0))
    except ValueError:
        pass  # said below, with what would be right
    raise InvalidInput([Finding("", f"{text!r} is no packet", "write tcp/443, udp/53, icmp/8/0, icmpv6/128, dhcp or 47")])


def _numbers(service: Service) -> tuple[int, int]:
    if service.low < 0:
        return 0, _LAST
    if service.protocol in ("icmp", "icmpv6"):
        low = service.low * 256
        return (low, low + 255) if service.high < 0 else (low + service.high, low + service.high)
    return service.low, service.high


def _text(protocol: str, low: int, high: int) -> str:
    if (low, high) == (0, _LAST):
        return protocol
    if protocol in ("tcp", "udp"):
        return f"{protocol}/{low}" if low == high else f"{protocol}/{low}-{high}"
    if low == high:
        return f"{protocol}/{low // 256}/{low % 256}"
    if low % 256 == 0 and high == low + 255:
        return f"{protocol}/{low // 256}"
    return f"{protocol}/{low // 256}/{low % 256}-{high // 256}/{high % 256}"
