# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole hit log of one site: sessions side by side, judged by the simulator, with contradictions planted where wanted."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from random import Random
from typing import NamedTuple, TextIO

from prismsim.estate.model import Site
from prismsim.estate.references import object_id
from prismsim.hitlog.ends import ends_of
from prismsim.hitlog.judge import CannotJudge, Decision, Judge
from prismsim.hitlog.lines import Clock, Said, line, noise, repetition, session
from prismsim.hitlog.traffic import Flow, Traffic

_OPEN = 50
"""Sessions at a time."""
_FEWEST, _MOST = 50, 20_000
_LINES_PER_FLOW = 20
_TRIES_PER_FLOW = 30


class Planted(NamedTuple):
    """A line that says the contrary of what the policies do. ``line`` counts from 1."""

    line: int
    source: str
    destination: str
    service: str
    direction: str
    logged: str
    right: str


class Written(NamedTuple):
    """What was written: ``hits`` are lines of sessions, the rest are repetitions, cut lines and lines of other programs."""

    lines: int
    hits: int
    repeated: int
    cut: int
    other: int
    flows: int
    planted: tuple[Planted, ...]


class _Log:
    """The lines so far."""

    def __init__(self, site: Site, seed: int, every_policy: bool) -> None:
        self.site, self.draw, self.every = site, Random(seed), every_policy
        self.judge = Judge(site)
        if not any(map(self.logs, self.judge.policies.values())):
            raise CannotJudge(f"no security policy of site '{site.id}' writes hit logs")
        self.descriptions = {
            name: [str(rule.get("description") or "") for rule in policy["rules"]] for name, policy in self.judge.policies.items()
        }

    def logs(self, policy: object) -> bool:
        return isinstance(policy, dict) and (self.every or bool(policy.get("isHitlogEnabled")))

    def said(self, flow: Flow) -> list[Said]:
        """What both ends log of a session: the destination says nothing of what the source drops."""
        found = []
        port = self.draw.randrange(32768, 61000)
        for own, peer, way, direction in (
            (flow.source, flow.destination, "out", "OUTBOUND"),
            (flow.destination, flow.source, "in", "INBOUND"),
        ):
            decision = self.judge.at_end(own, peer, way, flow.packet)
            if decision.policy is not None and self.logs(decision.policy):
                found.append(self._words(flow, port, decision, direction, own.host))
            if decision.action == "DROP":
                break
        return found

    def _words(self, flow: Flow, port: int, decision: Decision, direction: str, host: str) -> Said:
        assert decision.policy is not None
        name = str(decision.policy["name"])
        description = decision.description
        if decision.action == "DROP":
            description = self.draw.choice(self.descriptions[name])
        return Said(flow, port, decision.action, direction, host, name, object_id(self.site.id, "security_policy", name), description)

    def logged_flows(self, wanted: int) -> list[list[Said]]:
        """Flows that at least one end logs, each once."""
        ends = ends_of(self.site)
        if not ends:
            raise CannotJudge(f"site '{self.site.id}' has no running VM with an address")
        found: dict[tuple[object, ...], list[Said]] = {}
        for flow in itertools.islice(Traffic(ends, self.judge, self.draw).flows(), wanted * _TRIES_PER_FLOW):
            key = (flow.source.address, flow.destination.address, flow.packet)
            if key not in found:
                said = self.said(flow)
                if said:
                    found[key] = said
            if len(found) >= wanted:
                break
        if not found:
            raise CannotJudge(f"no security policy of site '{self.site.id}' that writes hit logs secures a VM")
        return list(found.values())


def write(
    site: Site, stream: TextIO, *, lines: int, seed: int, wrong: int = 0, cut: int = 0, flows: int = 0, every_policy: bool = False
) -> Written:
    """Write a log of LINES lines; the same arguments give the same bytes.

    WRONG of them say the contrary of what the policies do, each about another flow; CUT of them end in the middle. FLOWS is the number
    of different flows, 0 for one that fits. EVERY_POLICY: also policies that don't log. Raises CannotJudge, and ValueError for more
    planted lines than there are lines or flows.
    """
    log = _Log(site, seed, every_policy)
    known = log.logged_flows(flows or max(_FEWEST, wrong * 2, min(_MOST, lines // _LINES_PER_FLOW)))
    if wrong + cut > lines or wrong > len(known):
        raise ValueError(f"{wrong} wrong and {cut} cut lines don't fit into {lines} lines of {len(known)} flows")
    draw, clock = log.draw, Clock()
    places = draw.sample(range(lines), wrong + cut)
    bad = dict(zip(places[:wrong], draw.sample(known, wrong), strict=True))
    to_cut = set(places[wrong:])
    sessions = _sessions(known, draw)
    planted: list[Planted] = []
    repeated = other = 0
    before = ""
    for number in range(lines):
        moment = clock.at(number)
        chance = draw.random()
        if number in bad:
            said = bad[number][0]
            wrong_action = "DROP" if said.action != "DROP" else "ALLOW"
            text = line(moment, "Create", said._replace(action=wrong_action), 3, 0 if wrong_action == "DROP" else 2)
            planted.append(_planted(number, said, wrong_action))
        elif number in to_cut:
            event, said, sent, answered = next(sessions)
            text = line(moment, event, said, sent, answered)
            text = text[: draw.randrange(text.index(" DST="), text.index(" ACTION="))]
        elif chance < 0.01 and before:
            text, repeated = (repetition(before) if chance < 0.003 else before), repeated + 1
        elif chance < 0.015:
            text, other = noise(moment, number), other + 1
        else:
            event, said, sent, answered = next(sessions)
            text = before = line(moment, event, said, sent, answered)
        stream.write(text + "\n")
    return Written(lines, lines - repeated - cut - other, repeated, cut, other, len(known), tuple(planted))


def _sessions(known: list[list[Said]], draw: Random) -> Iterator[tuple[str, Said, int, int]]:
    """Sessions of the known flows without end, some of them at a time; both ends log their own lines."""
    running: list[Iterator[tuple[str, Said, int, int]]] = []
    while True:
        while len(running) < _OPEN:
            port = draw.randrange(32768, 61000)
            running += [session(said._replace(source_port=port), draw) for said in draw.choice(known)]
        place = draw.randrange(len(running))
        found = next(running[place], None)
        if found is None:
            running.pop(place)
        else:
            yield found


def _planted(number: int, said: Said, logged: str) -> Planted:
    flow = said.flow
    service = f"{flow.packet.protocol}/{flow.packet.number}"
    return Planted(number + 1, str(flow.source.address), str(flow.destination.address), service, said.direction, logged, said.action)
