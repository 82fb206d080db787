# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verdicts: whether one packet passes on one site, and which lines of which policies say so. Knows one site and no other.

Both ends decide on their own and both must let the packet pass (semantics section 2.3). Only the first packet of a session is
judged; answers pass with it.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t

from .._errors import Ambiguous, Finding, InvalidInput, UnknownReference
from .blocks import IN, MONITORED, OUT
from .classes import Classes, Pair, interfaces
from .collector import collector_paused
from .decision import Decision, decide_both
from .policies import Policies
from .readings import DEFAULT_READINGS, Readings, flipped, open_questions
from .rules import Objects, Rules
from .service_atoms import DHCP, Packet, ServiceAtoms, parse_packet


class Flow(t.NamedTuple):
    """One packet that opens a session. ``source`` and ``destination``: the name of a VM (``web-1``, or ``web-1[1]`` for the
    second of several interfaces) or an address; ``packet`` as `parse_packet` reads it. ``ipv6`` is for flows between VMs; an
    address says it by itself."""

    source: str
    destination: str
    packet: str
    ipv6: bool = False


class Verdict(t.NamedTuple):
    """``decided_by``: the denying end, or both ends if both let it pass. ``monitored``: it passes, and at one end at least a policy
    in monitor mode is the first to care. ``if_enforced``: whether it would pass if all monitored policies were enforced."""

    allowed: bool
    monitored: bool
    if_enforced: bool
    decided_by: tuple[Decision, ...]

    def __str__(self) -> str:
        word = "ALLOW (monitored)" if self.monitored else "ALLOW" if self.allowed else "DENY"
        return f"{word} by " + " and ".join(
            f"{one.policy} {one.where} {one.direction} (level {one.level})" if one.policy else f"no policy {one.direction}"
            for one in self.decided_by
        )


class _End(t.NamedTuple):
    """One end of a flow: its class, its family if it was given as an address, and the VM that it belongs to."""

    number: int
    family: int
    vm: str


_INTERFACE = re.compile(r"(?P<vm>.+)\[(?P<number>\d+)\]")


class Segmentation:
    """The policy engine of one site. Building it takes the time; a verdict is quick."""

    @collector_paused()
    def __init__(self, objects: Objects, readings: Readings = DEFAULT_READINGS) -> None:
        """Raises UnknownReference, Ambiguous, InvalidInput."""
        self.objects, self.readings = objects, readings
        rules = Rules(objects)
        self.has_flex = bool(rules.flex_rules)
        known = interfaces(objects.vms)
        pairs: list[Pair] = [(one,) for one in known.values()]
        self._owners: dict[tuple[int, int], list[tuple[str, int]]] = {}
        for key, one in known.items():
            for address in one.nic.addresses:
                self._owners.setdefault(address, []).append(key)
        self._numbers: dict[str, list[int]] = {}
        for vm, number in known:
            self._numbers.setdefault(vm, []).append(number)
        self.classes = Classes([rules], pairs, self._owners)
        self.policies = Policies(objects, rules, self.classes, ServiceAtoms(rules.services()), readings=readings)
        self._single = {
            vm: _End(self.classes.of_interface[0][vm, numbers[0]], 0, vm)
            for vm, numbers in self._numbers.items()
            if len(numbers) == 1
        }
        self._others: dict[str, Segmentation] = {}

    def verdict(self, flow: Flow) -> Verdict:
        """Whether a flow passes. Raises InvalidInput, UnknownReference (no such VM) and Ambiguous (several interfaces)."""
        source, destination, family = self.endpoints(flow)
        return self.judge(source, destination, family, parse_packet(flow.packet))

    def judge(self, source: int, destination: int, family: int, packet: Packet) -> Verdict:
        """As `verdict`, between classes."""
        bit = 1 << self.policies.atoms.bit(packet)
        if not self.policies.atoms.of_family[family] & bit:
            raise InvalidInput([Finding("", f"{packet} is no packet of IPv{family}", "write icmpv6 for IPv6, icmp for IPv4")])
        if packet.protocol == DHCP:
            system = tuple(Decision(direction, 0, "allow", "", "dhcp") for direction in (OUT, IN))
            return Verdict(True, False, True, system)
        _services, allowed, decided = decide_both(self.policies, source, destination, family, bit)[0]
        monitored = allowed and any(one.level == MONITORED for one in decided)
        held, monitors = self.policies.held, self.policies.monitoring
        if not monitors or not any(self.policies.monitored(held[own], way, family) for own, way in ((source, OUT), (destination, IN))):
            return Verdict(allowed, False, allowed, decided)
        _services, strictly, _decided = decide_both(self.policies, source, destination, family, bit, True)[0]
        return Verdict(allowed, monitored, strictly, decided)

    def depends_on(self, flow: Flow) -> tuple[str, ...]:
        """The readings without which the verdict would be another one."""
        said = self.verdict(flow)
        found = []
        for name in open_questions(self.readings, flex=self.has_flex):
            other = self._flipped(name).verdict(flow)
            if (other.allowed, other.if_enforced) != (said.allowed, said.if_enforced):
                found.append(name)
        return tuple(found)

    def endpoints(self, flow: Flow) -> tuple[int, int, int]:
        """Classes of source and destination, and the family."""
        ends = [self._endpoint(flow.source), self._endpoint(flow.destination)]
        families = {end.family for end in ends if end.family}
        if len(families) > 1:
            raise InvalidInput([Finding("", f"{flow.source} and {flow.destination} are of different IP versions")])
        if ends[0].vm and ends[0].vm == ends[1].vm:
            raise InvalidInput([Finding("", f"{flow.source} to {flow.destination} stays inside of one VM, where no policy acts")])
        family = next(iter(families), 6 if flow.ipv6 else 4)
        return ends[0].number, ends[1].number, family

    def owners(self, family: int, address: int) -> dict[tuple[str, int], int]:
        """The interfaces that have an address, by VM and number, with their classes."""
        return {key: self.classes.of_interface[0][key] for key in self._owners.get((family, address), ())}

    def _endpoint(self, text: str) -> _End:
        known = self._single.get(text)
        if known is not None:
            return known
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            vm, number = self._interface(text)
            return _End(self.classes.of_interface[0][vm, number], 0, vm)
        owners = self._owners.get((address.version, int(address)), [])
        if len(owners) > 1:
            names = ", ".join(f"{vm}[{number}]" for vm, number in owners)
            raise Ambiguous(f"several VMs have the address {text}: {names}", fix="Name the VM")
        if owners:
            return _End(self.classes.of_interface[0][owners[0]], address.version, owners[0][0])
        return _End(self.classes.class_of(address.version, int(address)), address.version, "")

    def _interface(self, text: str) -> tuple[str, int]:
        found = _INTERFACE.fullmatch(text)
        if text not in self._numbers and found and int(found["number"]) in self._numbers.get(found["vm"], ()):
            return found["vm"], int(found["number"])
        numbers = self._numbers.get(text)
        if not numbers:
            raise UnknownReference(f"there is no VM '{text}' with a network interface", fix="Write the name of a VM or an address")
        if len(numbers) > 1:
            raise Ambiguous(f"VM '{text}' has {len(numbers)} interfaces", fix=f"Write {text}[0] or {text}[1]")
        return text, numbers[0]

    def _flipped(self, name: str) -> Segmentation:
        if name not in self._others:
            self._others[name] = Segmentation(self.objects, flipped(self.readings, name))
        return self._others[name]
