# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who can send probes to whom, and what the engine says of every TCP and UDP packet between them. Chooses nothing."""

from __future__ import annotations

import ipaddress
import typing as t

from .._model.problems import Problems
from .._model.services import Service
from .blocks import IN, OUT
from .classes import LAST, interfaces
from .decision import Decision, decide_both
from .service_atoms import Packet
from .verdict import Flow, Segmentation

TCP, UDP = "tcp", "udp"


class End(t.NamedTuple):
    """An address that probes leave from and, if it is a VM's, go to. ``host`` is its name in the inventory, ``name`` what a Flow
    calls it, ``vm`` is empty for an address outside of the site, ``number`` is its class."""

    host: str
    name: str
    vm: str
    address: str
    family: int
    number: int


class Part(t.NamedTuple):
    """Services that are treated alike."""

    services: int
    allowed: bool
    decided: tuple[Decision, ...]


class Cell(t.NamedTuple):
    """All TCP and UDP packets of one family from one class to another one."""

    source: int
    destination: int
    family: int
    parts: tuple[Part, ...]


class Excluded(t.NamedTuple):
    """What nobody may probe: VMs by name, services as in policies."""

    vms: frozenset[str] = frozenset()
    services: tuple[Service, ...] = ()

    def has(self, packet: Packet) -> bool:
        return any(
            one.protocol in ("any", packet.protocol) and (one.low < 0 or one.low <= packet.number <= one.high) for one in self.services
        )


class Field:
    """The hosts that take part, and every cell between them."""

    def __init__(self, engine: Segmentation, hosts: t.Mapping[str, str], excluded: Excluded) -> None:
        """``hosts``: the VM, or the address outside of the site, for which each host of the inventory stands. Raises InvalidInput."""
        self.engine, self.excluded = engine, excluded
        self.notes: list[str] = []
        self.ends: list[End] = []
        problems = Problems()
        known = {str(vm["name"]): vm for vm in engine.objects.vms}
        for host, stands_for in sorted(hosts.items()):
            self._add(host, stands_for, known, problems)
        problems.check("these hosts can't take part in probes", verb="plan")
        atoms = engine.policies.atoms
        self.mask = atoms.mask([Service(TCP), Service(UDP)])
        self.senders: dict[tuple[int, int], list[End]] = {}
        self.targets: dict[tuple[int, int], list[End]] = {}
        for end in self.ends:
            self.senders.setdefault((end.family, end.number), []).append(end)
            if end.vm and end.vm not in excluded.vms:
                self.targets.setdefault((end.family, end.number), []).append(end)
        self.cells = [self._cell(source, destination, family) for source, destination, family in self._pairs()]
        self.to: dict[tuple[int, int], list[Cell]] = {}
        """The cells by family and class of the destination."""
        for cell in self.cells:
            self.to.setdefault((cell.family, cell.destination), []).append(cell)
        self._cells = {(cell.source, cell.destination, cell.family): cell for cell in self.cells}

    def cell(self, source: End, destination: End) -> Cell:
        """The cell of two hosts of different VMs."""
        return self._cells[source.number, destination.number, source.family]

    def part_of(self, cell: Cell, packet: Packet) -> Part:
        bit = 1 << self.engine.policies.atoms.bit(packet)
        return next(part for part in cell.parts if part.services & bit)

    def without(self, cell: Cell, policy: str) -> int:
        """The services that would pass if this policy were not there."""
        passing = self.mask
        policies = self.engine.policies
        for own, peer, direction in ((cell.source, cell.destination, OUT), (cell.destination, cell.source, IN)):
            allowed, undecided = 0, self.mask
            for line in policies.deciding(policies.held[own], direction, cell.family):
                if line.policy != policy and line.peers >> peer & 1:
                    allowed |= undecided & line.services if line.allow else 0
                    undecided &= ~line.services
            passing &= allowed | undecided
        return passing

    def pairs(self, cell: Cell) -> t.Iterator[tuple[End, End]]:
        """The hosts at both ends of a cell."""
        for source in self.senders[cell.family, cell.source]:
            for destination in self.targets[cell.family, cell.destination]:
                if source.vm != destination.vm:
                    yield source, destination

    def find(self, flow: Flow) -> Cell | None:
        """The cell of a flow, if hosts stand at both ends. Raises DrError for a flow that can't be."""
        source, destination, family = self.engine.endpoints(flow)
        return self._cells.get((source, destination, family))

    def packet(self, services: int, prefer: t.Sequence[Packet]) -> Packet | None:
        """A packet out of a bitset of services: a preferred one, else the lowest TCP, else the lowest UDP; None if all are excluded."""
        atoms = self.engine.policies.atoms
        for packet in prefer:
            if services >> atoms.bit(packet) & 1 and not self.excluded.has(packet):
                return packet
        while services:
            lowest = services & -services
            services ^= lowest
            first = atoms.packet(lowest.bit_length() - 1)
            for number in (first.number or 1, first.number + 1):
                packet = Packet(first.protocol, number)
                if number <= 65535 and atoms.bit(packet) == lowest.bit_length() - 1 and not self.excluded.has(packet):
                    return packet
        return None

    def _add(self, host: str, stands_for: str, known: t.Mapping[str, t.Mapping[str, t.Any]], problems: Problems) -> None:
        if stands_for not in known:
            self._add_address(host, stands_for, known, problems)
            return
        vm = known[stands_for]
        if vm.get("power") == "off":
            self.notes.append(f"{stands_for} is off and takes no part")
            return
        before = len(self.ends)
        for (_vm, number), one in interfaces([vm]).items():
            by_family = dict(reversed(one.nic.addresses))
            for family in LAST:
                if family in by_family:
                    address = ipaddress.IPv4Address(by_family[family]) if family == 4 else ipaddress.IPv6Address(by_family[family])
                    self.ends.append(End(host, one.label, stands_for, str(address), family, self.engine.classes.of_interface[0][stands_for, number]))
        if len(self.ends) == before:
            self.notes.append(f"{stands_for} has no known address and takes no part")

    def _add_address(self, host: str, text: str, known: t.Iterable[str], problems: Problems) -> None:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            problems.unknown(host, text, known, "VM", "name the VM for which it stands, or the address from which it sends")
            return
        owners = sorted({one.vm for one in interfaces(self.engine.objects.vms).values() if (address.version, int(address)) in one.nic.addresses})
        if owners:
            problems.add(host, f"stands for {text}, which is an address of {' and '.join(owners)}", "name the VM")
            return
        self.ends.append(End(host, text, "", str(address), address.version, self.engine.classes.class_of(address.version, int(address))))

    def _pairs(self) -> t.Iterator[tuple[int, int, int]]:
        for family, source in sorted(self.senders):
            for other, destination in sorted(self.targets):
                if family == other:
                    names = {end.vm for end in (*self.senders[family, source], *self.targets[family, destination])}
                    if len(names) > 1:
                        yield source, destination, family

    def _cell(self, source: int, destination: int, family: int) -> Cell:
        policies = self.engine.policies
        return Cell(source, destination, family, tuple(Part(*part) for part in decide_both(policies, source, destination, family, self.mask)))
