# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares what became of probes with what the engine said. Knows no policy and sends nothing.

An answer (open, or refused by the host) proves that the packet got there. Silence proves nothing by itself: it means denied only if
the same destination answers somebody and the sender's own network works. What can't be told is said to be so, with the reason.
"""

from __future__ import annotations

import typing as t

PASS, FAIL_OPEN, FAIL_CLOSED, INCONCLUSIVE = "PASS", "FAIL_OPEN", "FAIL_CLOSED", "INCONCLUSIVE"
RESULTS = (FAIL_OPEN, FAIL_CLOSED, INCONCLUSIVE, PASS)
"""From the worst to the best."""
PORT, HOST = "port", "host"
CONTROLS = (HOST, PORT)
ALLOW, DENY = "allow", "deny"
_OPEN, _REFUSED, _TIMEOUT, _UNREACHABLE, _NOT_RUN, _LOCAL_ERROR = "open", "refused", "timeout", "unreachable", "not_run", "local_error"


class Expected(t.NamedTuple):
    """One probe: addresses of both ends, ``tcp/443``, allow or deny; ``rejects``: what denies it answers with a refusal."""

    id: str
    source: str
    destination: str
    service: str
    expect: str
    rejects: bool = False


class Seen(t.NamedTuple):
    """What became of it, as connect_scan tells it."""

    outcome: str
    detail: str = ""


class Judged(t.NamedTuple):
    """``control``: the probe that shows that silence means something; ``shows``: that the same port answers, or the host on another one."""

    id: str
    result: str
    reason: str
    control: str = ""
    shows: str = ""


class Control(t.NamedTuple):
    """An answer of the destination of some probe: by which one, and whether at the same port."""

    id: str = ""
    shows: str = ""


def judge(probes: t.Sequence[Expected], seen: t.Mapping[str, Seen], *, control: str = HOST, site_rejects: bool = False) -> list[Judged]:
    """In the order given. ``control``: the weakest one that is enough for a denial. ``site_rejects``: some rule of the site refuses
    what it denies, so that a refusal is no proof that a packet got there."""
    answers = _Answers(probes, seen, site_rejects)
    return [_judge(probe, seen.get(probe.id, Seen(_NOT_RUN, "nothing was reported")), answers, control) for probe in probes]


class _Answers:
    """Who answered whom."""

    def __init__(self, probes: t.Sequence[Expected], seen: t.Mapping[str, Seen], site_rejects: bool) -> None:
        self.refusals_count = not site_rejects
        self._ports: dict[tuple[str, str], str] = {}
        self._ports_open: dict[tuple[str, str], str] = {}
        self._hosts: dict[str, str] = {}
        self._works: dict[str, str] = {}
        for probe in probes:
            one = seen.get(probe.id)
            if one is not None and self.proves(one):
                self._ports.setdefault((probe.destination, probe.service), probe.id)
                self._hosts.setdefault(probe.destination, probe.id)
                for address in (probe.source, probe.destination):
                    self._works.setdefault(address, probe.id)
                if one.outcome == _OPEN:
                    self._ports_open.setdefault((probe.destination, probe.service), probe.id)

    def proves(self, seen: Seen) -> bool:
        """Whether an outcome proves that a packet got there."""
        return seen.outcome == _OPEN or (seen.outcome == _REFUSED and self.refusals_count)

    def works(self, address: str) -> str:
        """The probe that shows that the network of a host works: it answered somebody, or somebody answered it."""
        return self._works.get(address, "")

    def control(self, probe: Expected) -> Control:
        """The best that shows that the destination could have answered. UDP hosts limit how often they refuse, so only answers count."""
        key = (probe.destination, probe.service)
        found = (self._ports_open if probe.service.startswith("udp") else self._ports).get(key)
        if found:
            return Control(found, PORT)
        if probe.destination in self._hosts and not probe.service.startswith("udp"):
            return Control(self._hosts[probe.destination], HOST)
        return Control()

    def accepted(self, probe: Expected) -> Control:
        """The probe that the same port accepted."""
        found = self._ports_open.get((probe.destination, probe.service), "")
        return Control(found, PORT if found else "")


_NONE = Control()


def _judge(probe: Expected, seen: Seen, answers: _Answers, enough: str) -> Judged:
    def said(result: str, reason: str, control: Control = _NONE) -> Judged:
        return Judged(probe.id, result, reason, *control)

    if seen.outcome == _NOT_RUN:
        return said(INCONCLUSIVE, f"it was not sent: {seen.detail}")
    if seen.outcome == _LOCAL_ERROR:
        return said(INCONCLUSIVE, f"it could not be sent: {seen.detail}")
    if answers.proves(seen):
        how = "the host accepted it" if seen.outcome == _OPEN else "the host refused it, so it got there"
        return said(PASS if probe.expect == ALLOW else FAIL_OPEN, how)
    if probe.expect == DENY and probe.rejects and seen.outcome in (_REFUSED, _UNREACHABLE):
        if answers.accepted(probe).id:
            return said(PASS, "it was rejected, and the same port accepts others", answers.accepted(probe))
        return said(INCONCLUSIVE, "the rule may have refused it, or the host: the same port accepted nobody")
    if seen.outcome == _REFUSED:
        return said(INCONCLUSIVE, "it was refused, by the host or by a rule of the site that rejects")
    if seen.outcome == _UNREACHABLE and probe.expect == DENY:
        return said(INCONCLUSIVE, f"something on the way stopped it, not the policy: {seen.detail}")
    return _silence(probe, seen, answers, enough, said)


def _silence(probe: Expected, seen: Seen, answers: _Answers, enough: str, said: t.Callable[..., Judged]) -> Judged:
    """What no answer means. Either way the ends must be known to work."""
    control = answers.control(probe)
    if not control.id and probe.expect == ALLOW and not probe.service.startswith("udp") and answers.works(probe.destination):
        control = Control(answers.works(probe.destination), HOST)
    what = "no answer" if seen.outcome == _TIMEOUT else f"unreachable ({seen.detail})"
    others = "the same port answers others" if control.shows == PORT else "the network of the host works"
    if not control.id and probe.service.startswith("udp"):
        return said(INCONCLUSIVE, f"{what}: over UDP that is also what an open port may do, and this one answered nobody")
    if not control.id:
        return said(INCONCLUSIVE, f"{what}, and nothing else answered at {probe.destination}: it may be down")
    if not answers.works(probe.source):
        return said(INCONCLUSIVE, f"{what}, but nobody answered {probe.source} at all: its own network may be down")
    if probe.expect == ALLOW:
        firewall = "" if control.shows == PORT else "; the host's own firewall can do that too"
        return said(FAIL_CLOSED, f"{what}, though {others}{firewall}", control)
    if control.shows == HOST and enough == PORT:
        return said(INCONCLUSIVE, f"{what}, but only other ports of the host answer anybody", control)
    return said(PASS, f"{what}, while {others}", control)
