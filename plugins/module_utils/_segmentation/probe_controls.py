# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Positive controls: the packet that must be answered before the silence after another one means denied. Knows what is chosen already
and takes that first; chooses no denial.
"""

from __future__ import annotations

import typing as t

from .probe_field import UDP, End, Field
from .service_atoms import Packet
from .verdict import Flow


class Way(t.NamedTuple):
    """One packet between two hosts. Two of them are the same probe."""

    source: End
    destination: End
    packet: Packet

    def flow(self) -> Flow:
        return Flow(self.source.name, self.destination.name, str(self.packet), self.source.family == 6)


class Controls:
    """The controls for the denials of one plan. ``open_to``: the services that anybody may use, by class and family."""

    def __init__(self, field: Field, open_to: t.Mapping[tuple[int, int], int], prefer: t.Sequence[Packet]) -> None:
        self._field, self._open_to, self._prefer = field, open_to, prefer
        self._passing: dict[End, list[Way]] = {}

    def add(self, way: Way) -> None:
        """Remember a packet that was chosen and must pass."""
        if way.packet.protocol != UDP:
            for end in way[:2]:
                self._passing.setdefault(end, []).append(way)

    def of(self, way: Way) -> tuple[Way, ...]:
        """Empty if there is none. The best control: the same port from somebody else; else another port, from the same sender if he may. For UDP only the
        same port tells anything. And, so that the sender is known to be able to send, something that answers him."""
        to = way.destination
        found = self._to_port(to, way.packet)
        if found is None and way.packet.protocol != UDP:
            found = self._anything(way.source, to) or self._to_host(to)
        if found is None:
            return ()
        proof = None if found.source == way.source else self._proof_of(way.source)
        return (found, proof) if proof is not None and proof != found else (found,)

    def _to_port(self, to: End, packet: Packet) -> Way | None:
        """This packet to a host from anybody who may send it."""
        if not self._open_to[to.number, to.family] >> self._field.engine.policies.atoms.bit(packet) & 1:
            return None
        known = (way for way in self._passing.get(to, ()) if way.packet == packet and way.destination == to)
        cells = (cell for cell in self._field.to[to.family, to.number] if self._field.part_of(cell, packet).allowed)
        fresh = (Way(end, to, packet) for cell in cells for end in self._field.senders[cell.family, cell.source] if end.vm != to.vm)
        return next(known, None) or next(fresh, None)

    def _to_host(self, to: End) -> Way | None:
        """Any TCP packet to a host from anybody who may send it."""
        known = (way for way in self._passing.get(to, ()) if way.destination == to)
        senders = (end for cell in self._field.to[to.family, to.number] for end in self._field.senders[cell.family, cell.source] if end.vm != to.vm)
        return next(known, None) or next(filter(None, (self._anything(end, to) for end in senders)), None)

    def _anything(self, source: End, destination: End) -> Way | None:
        """A TCP packet that passes between two hosts; one that is chosen already, if there is."""
        known = next((way for way in self._passing.get(source, ()) if way[:2] == (source, destination)), None)
        if known is not None:
            return known
        services = sum(part.services for part in self._field.cell(source, destination).parts if part.allowed)
        packet = self._field.packet(services, self._prefer)
        return Way(source, destination, packet) if packet is not None and packet.protocol != UDP else None

    def _proof_of(self, end: End) -> Way | None:
        """A TCP packet that passes from or to a host, to show that its network works."""
        if end in self._passing:
            return self._passing[end][0]
        cells = (cell for key in sorted(self._field.to) for cell in self._field.to[key] if (cell.family, cell.source) == (end.family, end.number))
        targets = (one for cell in cells for one in self._field.targets[cell.family, cell.destination] if one.vm != end.vm)
        return next(filter(None, (self._anything(end, one) for one in targets)), None)
