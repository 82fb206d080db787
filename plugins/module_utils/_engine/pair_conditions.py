# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conditions under which two clusters replicate at all: halves, relationship, addresses, identity, ports, clocks, alerts. Pure."""

from __future__ import annotations

import typing as t

from .gate import CANNOT_TELL, OK, PROBLEM, WARNING
from .pair_check import BOTH, THERE, Condition, Found, Judgement, Way
from .pair_facts import CONTROL_PORT, DATA_PORT, ESTABLISHED, Alert, Half, PairFacts

#: The clocks are told in whole seconds, and an answer takes its time; what differs by less says nothing.
CLOCK_SECONDS = 30
_PORTS = f"TCP {CONTROL_PORT} and {DATA_PORT}"


def exists(way: Way) -> Found:
    """The half is there, leads to a cluster of one's own and is not about to vanish."""
    half = way.here.half
    if half is None:
        others = [other.name for other in way.here.halves if set(other.addresses) & set(way.there.cluster.addresses)]
        seen = f"remote sites there: {listed([other.name for other in way.here.halves])}"
        if others:
            cause = f"there is no {way.here.half_label}, but {listed(others)} leads to {way.there.label}"
            return Found(PROBLEM, cause, "Name it so in maps.remote_sites of the site map, or remove it and pair the clusters", seen)
        return Found(PROBLEM, f"there is no {way.here.half_label}", "Pair the clusters with the playbook pair_sites", seen)
    if half.marked_for_removal:
        return Found(PROBLEM, "it is marked for removal", "Wait until it is gone, then pair the clusters again", status_of(half))
    if half.cloud:
        return Found(PROBLEM, f"it leads to a cloud ({half.cloud}), not to a cluster", "Remove it, then pair the clusters", status_of(half))
    return Found(OK, "it exists", evidence=status_of(half))


def relationship(way: Way) -> Found:
    """What Test Connection shows: the status that the cluster itself gives."""
    half = half_of(way)
    status, seen = half.status, status_of(half)
    if status == ESTABLISHED:
        return Found(OK, "the relationship stands", evidence=seen)
    if status == "UNREACHABLE":
        cause = f"{way.here.label} reaches {listed(half.addresses)} of {way.there.label} on no address"
        return Found(PROBLEM, cause, f"Open {_PORTS} from all CVMs of {way.here.label} to {way.there.label}, or correct the addresses", seen)
    if status in ("RELATIONSHIP_NOT_ESTABLISHED", "HANDSHAKING"):
        return Found(WARNING if status == "HANDSHAKING" else PROBLEM, *_not_yet(way), seen)
    if status in ("DEPLOYING", "STRETCH_UNHEALTHY"):
        return Found(WARNING, f"its status is {status}", "Look at it in Prism Element", seen)
    return Found(CANNOT_TELL, f"its status is {status or 'not told'}", "Look at it in Prism Element", seen)


def latency(way: Way) -> Found:
    """The round trip as the cluster measures it."""
    measured = half_of(way).latency
    if measured is None:
        return Found(CANNOT_TELL, "it shows no latency", "A latency is shown once the relationship stands", status_of(half_of(way)))
    if measured <= 0:
        return Found(WARNING, f"its latency is {measured} microseconds, which no network has", "Look at it in Prism Element")
    return Found(OK, f"the latency is {measured / 1000:.2f} ms", evidence=f"latency {measured} us")


def addresses(way: Way) -> Found:
    """Every address of the half is one of the peer."""
    half, peer = half_of(way), way.there.cluster
    seen = f"addresses {listed(half.addresses)}; {way.there.label} has {listed(peer.addresses)}"
    if not half.addresses:
        return Found(PROBLEM, "it has no address", f"Give it the virtual IP of {way.there.label}", seen)
    if not peer.addresses:
        return Found(CANNOT_TELL, f"{way.there.label} tells no address of its own", "Compare the addresses by hand", seen)
    strange = sorted(set(half.addresses) - set(peer.addresses))
    if strange:
        fix = f"Pair the clusters with replace, or say in pairing.addresses of the site map that {listed(strange)} leads there"
        return Found(PROBLEM, f"{listed(strange)} is no address of {way.there.label}", fix, seen)
    return Found(OK, f"its addresses are those of {way.there.label}", evidence=seen)


def identity(way: Way) -> Found:
    """The peer is still the cluster that the half first met."""
    half, peer = half_of(way), way.there.cluster
    known, now = (half.cluster_number, half.cluster_incarnation), (peer.number, peer.incarnation)
    seen = f"knows cluster {known[0]} incarnation {known[1]}; {way.there.label} is {now[0]} incarnation {now[1]}"
    if half.cluster_incarnation is None or peer.incarnation is None:
        return Found(CANNOT_TELL, "who the peer was at the first contact is not told", "It is told once the peer was reached", seen)
    if any(one is not None and other is not None and one != other for one, other in zip(known, now, strict=True)):
        return Found(PROBLEM, f"{way.there.label} was built anew since it was made", "Pair the clusters with replace: the remote site must be made anew", seen)
    return Found(OK, f"{way.there.label} is the cluster that it first met", evidence=seen)


def ports_from_here(way: Way) -> Found:
    """What the control host sees of the peer's ports. It stands elsewhere, so that only an open port says something."""
    probes = way.there.probes
    if not probes:
        return Found(CANNOT_TELL, "the ports were not probed", "Set probe to true to have the control host try them")
    closed = [probe for probe in probes if probe.result != "open"]
    seen = ", ".join(f"{probe.address}:{probe.port} {probe.result}" for probe in probes)
    if closed:
        cause = f"the control host reaches {len(probes) - len(closed)} of {len(probes)} ports of {way.there.label}; {way.here.label} may see more or less"
        return Found(CANNOT_TELL, cause, "Run the NCC check remote_site_connectivity_check on a CVM to know what the clusters see", seen)
    return Found(OK, f"the control host reaches {_PORTS} of {way.there.label}", evidence=seen)


def clocks(way: Way) -> Found:
    """Both clusters have the same time, or their snapshots can't be compared."""
    seconds = abs(way.here.clock - way.there.clock)
    seen = f"{way.here.label} {way.here.clock:+.0f} s, {way.there.label} {way.there.clock:+.0f} s against the control host"
    if seconds > CLOCK_SECONDS:
        return Found(WARNING, f"their clocks differ by {seconds:.0f} s", "Give both clusters the same NTP servers", seen)
    return Found(OK, f"their clocks differ by less than {CLOCK_SECONDS} s", evidence=seen)


def alerts(way: Way) -> Found:
    """No alert that is not resolved names the remote site."""
    return judge_alerts(way, [alert for alert in way.here.alerts if way.here.half_name in alert.names])


def judge_alerts(way: Way, found: t.Sequence[Alert]) -> Found:
    """The judgement over the alerts that concern the pair."""
    if not found:
        return Found(OK, "no unresolved alert names it", evidence=f"{len(way.here.alerts)} unresolved alerts on {way.here.label}")
    seen = "; ".join(f"{alert.severity}: {alert.text or alert.title}" for alert in found)
    critical = any(alert.severity == "critical" for alert in found)
    cause = f"{len(found)} unresolved alert{'s' if len(found) > 1 else ''}: {listed([alert.title for alert in found])}"
    return Found(PROBLEM if critical else WARNING, cause, "Resolve what the alert names, then the alert", seen)


def _not_yet(way: Way) -> tuple[str, str]:
    """Why a relationship doesn't stand, as far as both clusters tell, and what to do."""
    if "remote_sites" in way.there.unknown:
        return f"the relationship doesn't stand; {way.there.label} could not be asked for its half", f"Repair the access to {way.there.label}"
    if way.there.half is None:
        return f"the other half is missing on {way.there.label}", "Pair the clusters with the playbook pair_sites"
    if "cluster" not in way.there.unknown and identity(way).status == PROBLEM:
        return identity(way)[1:3]
    fix = f"Open {_PORTS} both ways between all CVMs and virtual IPs of both clusters"
    return f"both halves exist and {way.there.label} answers, but the relationship doesn't stand: a port is closed one way, or it takes its time", fix


def is_unpaired(facts: PairFacts) -> bool:
    """Whether both clusters could be asked, and neither has a remote site for the other."""
    return all("remote_sites" not in side.unknown and side.half is None for side in (facts.a, facts.b))


def not_paired(facts: PairFacts) -> Judgement:
    """All that there is to say of two clusters that nobody meant to pair."""
    about = f"{facts.a.label} and {facts.b.label}"
    cause = "neither has a remote site for the other; nobody said that they are to be paired"
    return Judgement("NOT_PAIRED", "whether the clusters are meant to be paired", OK, about, cause, evidence="the site map has no section pairing")


def half_of(way: Way) -> Half:
    """The half; conditions that use it need ``here.half``, so it is there."""
    half = way.here.half
    if half is None:
        raise ValueError(f"no {way.here.half_label}")
    return half


def status_of(half: Half) -> str:
    return f"status {half.status or 'not told'}"


def listed(names: t.Iterable[str]) -> str:
    """Names for a sentence."""
    return ", ".join(names) or "none"


#: What Test Connection of Prism Element tells, and what else can be seen of the pair.
CONNECTION = (
    Condition("REMOTE_SITE", "the remote site exists", BOTH, ("here.remote_sites",), exists),
    Condition("RELATIONSHIP", "the relationship stands", BOTH, ("here.half",), relationship),
    Condition("LATENCY", "the latency is known", BOTH, ("here.half",), latency),
    Condition("PEER_ADDRESS", "the addresses are those of the peer", BOTH, ("here.half", "there.cluster"), addresses),
    Condition("PEER_INCARNATION", "the peer was not built anew", BOTH, ("here.half", "there.cluster"), identity),
    Condition("PORTS_FROM_HERE", "the control host reaches the ports of the peer", BOTH, ("there.cluster",), ports_from_here, "pair"),
    Condition("CLOCKS", "the clocks agree", THERE, ("here.clock", "there.clock"), clocks, "pair"),
    Condition("ALERTS", "no unresolved alert names the remote site", BOTH, ("here.alerts",), alerts),
)
