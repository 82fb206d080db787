# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up traffic of a site: flows that rules speak of, and others that they don't. Knows whom rules mean; decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from prismsim.estate.model import Body
from prismsim.hitlog.ends import End, outside
from prismsim.hitlog.judge import Judge
from prismsim.hitlog.members import Packet

_OUTSIDERS = ("203.0.113.9", "198.51.100.77", "192.0.2.130")
_ANYTHING = (Packet("tcp", 443), Packet("tcp", 22), Packet("tcp", 3389), Packet("udp", 53), Packet("tcp", 5432), Packet("icmp", 8))
_TRIES = 50


class Flow(NamedTuple):
    """Who opens a session with whom, and the packet that opens it."""

    source: End
    destination: End
    packet: Packet


class Traffic:
    """Flows of one site, by chance."""

    def __init__(self, ends: list[End], judge: Judge, draw: Random) -> None:
        self._ends, self._judge, self._draw = ends, judge, draw
        self._rules = judge.rules()
        self._secured: dict[int, list[End]] = {}
        self._with: dict[str, list[End]] = {}
        for end in ends:
            for category in end.categories["VM"]:
                self._with.setdefault(category, []).append(end)

    def flows(self) -> Iterator[Flow]:
        """Without end; half of them are what a rule speaks of, or just beside it."""
        while True:
            flow = self._of_a_rule() if self._rules and self._draw.random() < 0.5 else self._of_nobody()
            # One end at least is a VM, and they are not the same one.
            if flow and flow.source.family == flow.destination.family and flow.source.vm != flow.destination.vm:
                yield flow

    def _of_nobody(self) -> Flow:
        peer = self._draw.choice(self._ends) if self._draw.random() < 0.8 else outside(self._draw.choice(_OUTSIDERS))
        own, packet = self._draw.choice(self._ends), self._draw.choice(_ANYTHING)
        return Flow(own, peer, packet) if self._draw.random() < 0.5 else Flow(peer, own, packet)

    def _of_a_rule(self) -> Flow | None:
        number = self._draw.randrange(len(self._rules))
        policy, rule = self._rules[number]
        own = self._pick(self._of(number))
        if own is None:
            return None
        spec = rule["spec"]
        if rule["type"] == "INTRA_GROUP":
            peer = self._pick(self._of(number))
            services = self._judge.members.services(spec, "securedGroupServiceReferences")
            return Flow(own, peer, self._draw.choice(services)) if peer else None
        side = "src" if any(key.startswith("src") for key in spec) else "dest"
        peer = self._peer(spec, side, policy)
        packet = self._draw.choice(self._judge.members.services(spec))
        if peer is None:
            return None
        return Flow(peer, own, packet) if side == "src" else Flow(own, peer, packet)

    def _peer(self, spec: Body, side: str, policy: Body) -> End | None:
        addresses = self._judge.members.addresses(spec, side)
        if addresses:
            return outside(self._draw.choice(addresses))
        if spec.get(f"{side}AllowSpec"):
            return outside(self._draw.choice(_OUTSIDERS)) if self._draw.random() < 0.3 else self._draw.choice(self._ends)
        references = spec.get(f"{side}CategoryReferences", [])
        among = self._with.get(references[0], self._ends) if references else self._ends
        for _try in range(_TRIES):
            peer = self._draw.choice(among)
            if self._judge.members.peer(spec, side, policy, peer):
                return peer
        return None

    def _of(self, number: int) -> list[End]:
        """Whom a rule secures."""
        if number not in self._secured:
            policy, rule = self._rules[number]
            references = rule["spec"].get("securedGroupCategoryReferences", [])
            among = self._with.get(references[0], self._ends) if references else self._ends
            self._secured[number] = [end for end in among if self._judge.members.secured(rule["spec"], policy, end)]
        return self._secured[number]

    def _pick(self, ends: list[End]) -> End | None:
        return self._draw.choice(ends) if ends else None
