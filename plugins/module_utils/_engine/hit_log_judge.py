# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One hit of a log against what the policy engine says of it: agreement, contradiction, or why nobody can tell. Knows no file, counts nothing.

A host logs what one end of a session decided, so a hit is compared with that end and not with the verdict of both: what the
source let out, the destination may still drop.
"""

from __future__ import annotations

import ipaddress
import typing as t

from .._evidence.hit_log_line import ALLOW, CREATE, DROP, INBOUND, Hit
from .._segmentation.atoms import members
from .._segmentation.blocks import IN, OUT
from .._segmentation.service_atoms import DHCP, Packet, parse_packet
from .._segmentation.stage import ALLOW as ALLOWS
from .._segmentation.stage import DENY, MONITOR, NO_POLICY, NOTHING, Decider, Stage, stage
from .._segmentation.verdict import Segmentation

AGREES, TURNED, MONITORED = "agrees", "turned", "monitored"
ALLOWED_THOUGH_DENIED, DENIED_THOUGH_ALLOWED = "allowed_though_denied", "denied_though_allowed"
OTHER_RULE, CANNOT_TELL = "other_rule", "cannot_tell"
KINDS = (AGREES, TURNED, ALLOWED_THOUGH_DENIED, DENIED_THOUGH_ALLOWED, MONITORED, OTHER_RULE, CANNOT_TELL)
_GOOD = (AGREES, MONITORED)
_KEPT = 200_000
"""Answers kept at a time, so that memory stays the same however long the log is."""
REASONS = {
    "no_address": "an end is no address",
    "unknown_vm": "no VM has the address of the secured end: it is gone, or has another address since",
    "several_vms": "several VMs have the address of an end, and policies treat them differently",
    "one_vm": "both ends belong to one VM, between whose interfaces no policy acts",
    "ip_versions": "the ends are of different IP versions, or the protocol is of the other one",
    "no_port": "the line has no destination port",
    "no_icmp_type": "the line has no ICMP type, and policies treat the types differently",
    "unknown_policy": "the policy is not on the site",
    "other_policy": "another policy decides",
    "no_policy": "no policy decides there",
}
_PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "icmp6": "icmpv6", "ipv6-icmp": "icmpv6"}
_DHCP_PORTS = {"67", "68"}
_DHCP_STAGE = Stage(ALLOWS, 0, ())


class Judgement(t.NamedTuple):
    """``policy``: what the site calls the policy now. ``end``: ``out`` or ``in``, whose ``stage`` was compared; both are empty
    if nobody can tell, and ``reason`` is one of REASONS then. ``exercised``: the entries that the hit is evidence for."""

    kind: str
    reason: str = ""
    policy: str = ""
    end: str = ""
    stage: Stage = NO_POLICY
    exercised: tuple[Decider, ...] = ()


class _Place(t.NamedTuple):
    """Where an address is: its IP version, the classes of those who have it (or of nobody's addresses), and their VMs."""

    family: int
    numbers: tuple[int, ...]
    vms: frozenset[str]


class Judge:
    """Judges hits by the policies of one site. ``ids``: the name of the policy for the id of each policy and each of its rules."""

    def __init__(self, engine: Segmentation, ids: t.Mapping[str, str]) -> None:
        self.engine = engine
        self._ids = ids
        self._names = frozenset(str(rule["name"]) for rule in engine.objects.rules)
        self._places: dict[str, _Place | None] = {}
        self._stages: dict[tuple[int, int, str, int, int], Stage] = {}

    def with_engine(self, engine: Segmentation) -> Judge:
        """The same, by another engine."""
        return Judge(engine, self._ids)

    def judge(self, hit: Hit) -> Judgement:
        """Compares a hit with what the engine says of the end that logged it."""
        source, destination = self.place(hit.source), self.place(hit.destination)
        if source is None or destination is None:
            return Judgement(CANNOT_TELL, "no_address")
        if source.vms & destination.vms:
            return Judgement(CANNOT_TELL, "one_vm")
        if len(source.numbers) > 1 or len(destination.numbers) > 1:
            return Judgement(CANNOT_TELL, "several_vms")
        bits = self._bits(hit, source.family)
        if isinstance(bits, str):
            return Judgement(CANNOT_TELL, bits)
        if source.family != destination.family or not bits:
            return Judgement(CANNOT_TELL, "ip_versions")
        ends = [(OUT, source, destination), (IN, destination, source)]
        if hit.direction:
            ends = [ends[hit.direction == INBOUND]]
        ends = [one for one in ends if one[1].vms]
        if not ends:
            return Judgement(CANNOT_TELL, "unknown_vm")
        found = [self._at_ends(hit, bit, ends) for bit in bits]
        alike = {(one.kind, one.reason) for one in found}
        return found[0] if len(alike) == 1 else Judgement(CANNOT_TELL, "no_icmp_type")

    def turned(self, hit: Hit) -> Judgement | None:
        """The judgement of a hit whose ends or ports were written the wrong way round, if it agrees then. For what `may_be_turned`."""
        ports = hit._replace(source_port=hit.port, port=hit.source_port)
        for other in (ports._replace(source=hit.destination, destination=hit.source, direction=""), ports):
            found = self.judge(other)
            if found.kind == AGREES:
                return found._replace(kind=TURNED)
        return None

    def called(self, rule_id: str, policy: str) -> str:
        """What the site calls the policy of a line: by its id, which a policy keeps when it is renamed, else by its name."""
        return self._ids.get(rule_id.lower(), policy)

    def knows(self, policy: str) -> bool:
        return policy in self._names

    def place(self, text: str) -> _Place | None:
        """Where an address is; None if it is none."""
        if text in self._places:
            return self._places[text]
        if len(self._places) >= _KEPT:
            self._places.clear()
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            found = None
        else:
            owners = self.engine.owners(address.version, int(address))
            numbers = sorted(set(owners.values())) or [self.engine.classes.class_of(address.version, int(address))]
            found = _Place(address.version, tuple(numbers), frozenset(vm for vm, _number in owners))
        self._places[text] = found
        return found

    def _bits(self, hit: Hit, family: int) -> list[int] | str:
        """The atoms of services that a hit may be; more than one if it doesn't say its ICMP type."""
        atoms = self.engine.policies.atoms
        protocol = hit.protocol.lower()
        protocol = _PROTOCOLS.get(protocol, protocol)
        if protocol == "icmp" and family == 6:
            protocol = "icmpv6"
        if protocol in ("tcp", "udp"):
            if not hit.port.isdigit() or int(hit.port) > 65535:
                return "no_port"
            dhcp = protocol == "udp" and family == 4 and {hit.source_port, hit.port} == _DHCP_PORTS
            mask = 1 << atoms.bit(Packet(DHCP) if dhcp else Packet(protocol, int(hit.port)))
        elif protocol in ("icmp", "icmpv6"):
            mask = 1 << atoms.bit(parse_packet(f"{protocol}/{hit.port}")) if _is_icmp_type(hit.port) else atoms.of_protocol(protocol)
        else:
            mask = 1 << atoms.bit(Packet("other"))
        return [1 << number for number in members(mask & atoms.of_family[family])]

    def _at_ends(self, hit: Hit, bit: int, ends: list[tuple[str, _Place, _Place]]) -> Judgement:
        """By the end that logged it. If the line doesn't say which: by the one that agrees, else the worst."""
        found = [self._at_end(hit, bit, *one) for one in ends]
        caring = [one for one in found if one.stage.does != NOTHING] or found
        return min(caring, key=lambda one: (one.kind not in _GOOD, KINDS.index(one.kind)))

    def _at_end(self, hit: Hit, bit: int, direction: str, own: _Place, peer: _Place) -> Judgement:
        key = own.numbers[0], peer.numbers[0], direction, own.family, bit
        at = self._stages.get(key)
        if at is None:
            if len(self._stages) >= _KEPT:
                self._stages.clear()
            dhcp = bit == self.engine.policies.atoms.dhcp
            at = self._stages[key] = _DHCP_STAGE if dhcp else stage(self.engine.policies, *key)
        policy = self.called(hit.rule_id, hit.policy)
        kind, deciders = compare(hit.action, policy, at)
        reason = ""
        if kind == OTHER_RULE:
            reason = "unknown_policy" if policy not in self._names else "other_policy" if at.deciders else "no_policy"
        return Judgement(kind, reason, policy, direction, at, deciders)


def may_be_turned(hit: Hit) -> bool:
    """Whether this is a sample of a session that has no reply; the ends of such samples may be written the wrong way round."""
    return hit.event != CREATE and hit.action != DROP and bool(hit.source_port) and hit.no_reply()


def compare(action: str, policy: str, at: Stage) -> tuple[str, tuple[Decider, ...]]:
    """What a logged action and policy mean beside what the engine says, and the entries that it is evidence for.

    A monitored policy may log what it would allow as ALLOW; what it would drop it logs as MONITOR.
    """
    own = tuple(one for one in at.deciders if one.policy == policy)
    passed = action != DROP
    if passed and at.does == DENY:
        return ALLOWED_THOUGH_DENIED, ()
    if not passed and at.does != DENY:
        return DENIED_THOUGH_ALLOWED, ()
    if action == ALLOW and at.does == MONITOR:
        own = tuple(one for one in own if one.allow)
    if action == ALLOW and at == _DHCP_STAGE:
        return AGREES, ()
    if not own or (action not in (ALLOW, DROP) and at.does != MONITOR):
        return OTHER_RULE, ()
    return (AGREES if action in (ALLOW, DROP) else MONITORED), own


def _is_icmp_type(text: str) -> bool:
    parts = text.split("/")
    return len(parts) <= 2 and all(one.isdigit() and int(one) <= 255 for one in parts)
