# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conditions F1 to F18 under which Nutanix Frame can replicate its backups between two clusters (contract/element 7). Pure."""

from __future__ import annotations

import re
import typing as t

from . import pair_conditions as pair
from .gate import CANNOT_TELL, OK, PROBLEM, WARNING
from .pair_check import BACK, BOTH, SEVERITY, THERE, Condition, Found, Way
from .pair_conditions import half_of, listed
from .pair_facts import CONTROL_PORT, DATA_PORT, ESTABLISHED

#: Holds profiles and personal drives on every AHV cluster.
SELF_SERVICE = "SelfServiceContainer"
OLDEST_AOS = (7, 0, 0, 5)
#: Releases of Prism Central were counted by years up to pc.2024.3, and by the releases of AOS from pc.7.3 on.
OLDEST_PC_BY_YEAR, OLDEST_PC = (2024, 3), (7, 3)
#: The only condition that no public API can show: a person signs it off.
SIGNED_OFF = "F16"


def hypervisor(way: Way) -> Found:
    """F1."""
    found = way.here.cluster.hypervisors
    seen = f"{way.here.label}: {listed(found)}"
    if not found:
        return Found(CANNOT_TELL, "it tells no hypervisor", "Look at it in Prism Element", seen)
    if set(found) != {"kKvm"}:
        return Found(PROBLEM, f"it runs {listed(found)}", "Frame replicates between AHV clusters only", seen)
    return Found(OK, "it runs AHV", evidence=seen)


def releases(way: Way) -> Found:
    """F2."""
    aos, central = way.here.cluster.version, way.here.prism_central
    seen = f"{way.here.label}: AOS {aos or 'unknown'}, Prism Central {central or 'unknown'}"
    numbers = _numbers(aos)
    if numbers and numbers < OLDEST_AOS:
        return Found(PROBLEM, f"AOS {aos} is older than 7.0.0.5", "Upgrade AOS", seen)
    numbers_of_central = _numbers(central)
    oldest = OLDEST_PC_BY_YEAR if numbers_of_central[:1] >= (2000,) else OLDEST_PC
    if numbers_of_central and numbers_of_central < oldest:
        return Found(PROBLEM, f"Prism Central {central} is older than pc.2024.3", "Upgrade Prism Central", seen)
    if not numbers or not numbers_of_central:
        reason = way.here.unknown.get("prism_central", "it tells none")
        what = "the release of AOS is not told" if not numbers else f"the release of its Prism Central is not known: {reason}"
        return Found(CANNOT_TELL, what, "Check through Prism Central, which knows both", seen)
    return Found(OK, "both releases are new enough", evidence=seen)


def two_clusters(way: Way) -> Found:
    """F3."""
    here, there = way.here.cluster, way.there.cluster
    seen = f"{here.name} {here.uuid}, {there.name} {there.uuid}"
    if here.uuid == there.uuid:
        return Found(PROBLEM, f"both are the cluster {here.name}", "Correct the clusters in the site map", seen)
    if here.name == there.name:
        return Found(PROBLEM, f"both clusters are called {here.name}", "Rename one of them: remote sites are known by name", seen)
    return Found(OK, "they are two clusters of different names", evidence=seen)


def points_to_peer(way: Way) -> Found:
    """F6."""
    return worse(pair.addresses(way), pair.identity(way))


def ports(way: Way) -> Found:
    """F7. That the relationship stands proves 2020; a replication that came to its end proves 2009."""
    half = half_of(way)
    wrong = sorted({port for port in half.addresses.values() if port != CONTROL_PORT})
    probes = listed(f"{probe.address}:{probe.port} {probe.result}" for probe in way.there.probes)
    seen = f"port {listed(str(port) for port in half.addresses.values())}; status {half.status}; seen from the control host: {probes}"
    if wrong:
        return Found(PROBLEM, f"it names port {listed(map(str, wrong))}", f"Set the port to {CONTROL_PORT}", seen)
    if half.status == "UNREACHABLE":
        return Found(PROBLEM, f"port {CONTROL_PORT} of {way.there.label} does not answer", pair.relationship(way).fix, seen)
    if half.status != ESTABLISHED:
        fix = f"Open TCP {CONTROL_PORT} and {DATA_PORT} both ways between all CVMs and virtual IPs"
        return Found(CANNOT_TELL, "the relationship doesn't stand, so which ports are open is not known", fix, seen)
    data = [probe for probe in way.there.probes if probe.port == DATA_PORT]
    if half.replicated or (data and all(probe.result == "open" for probe in data)):
        told = "a replication came to its end" if half.replicated else "the control host reaches it"
        return Found(OK, f"port {CONTROL_PORT} answers, and {DATA_PORT}: {told}", evidence=seen)
    fix = "Run the NCC check remote_site_connectivity_check on a CVM, or look again after the first replication"
    return Found(CANNOT_TELL, f"port {CONTROL_PORT} answers; nothing has passed over {DATA_PORT} yet", fix, seen)


def stands(way: Way) -> Found:
    """F8."""
    return worse(pair.relationship(way), pair.latency(way))


def self_service(way: Way) -> Found:
    """F9."""
    mapped = half_of(way).vstores
    if SELF_SERVICE in mapped:
        return Found(OK, f"{SELF_SERVICE} is mapped", evidence=f"{SELF_SERVICE} -> {mapped[SELF_SERVICE]}")
    return Found(PROBLEM, f"{SELF_SERVICE} is not mapped", _MAP_IT, _told(mapped))


def containers_in_use(way: Way) -> Found:
    """F10."""
    mapped = half_of(way).vstores
    users: dict[str, list[str]] = {}
    for workload in way.here.workloads:
        for container in workload.containers:
            users.setdefault(container, []).append(f"{workload.kind} {workload.name}")
    unmapped = sorted(set(users) - set(mapped))
    seen = f"{len(way.here.workloads)} VMs and volume groups in {listed(sorted(users))}"
    if unmapped:
        told = listed(f"{name} ({_some(users[name])})" for name in unmapped)
        return Found(PROBLEM, f"not mapped, but in use: {told}", _MAP_IT, seen)
    return Found(OK, "every container in use is mapped", evidence=seen)


def destinations_exist(way: Way) -> Found:
    """F11."""
    mapped = half_of(way).vstores
    there = {container.name for container in way.there.containers if not container.marked_for_removal}
    wrong = sorted(set(mapped.values()) - there)
    if wrong:
        fix = "Create it there, or correct maps.containers of the site map, then pair the clusters again"
        return Found(PROBLEM, f"{way.there.label} has no container {listed(wrong)}", fix, _told(mapped))
    return Found(OK, f"every destination exists on {way.there.label}", evidence=_told(mapped))


def sources_exist(way: Way) -> Found:
    """F12."""
    mapped = half_of(way).vstores
    wrong = sorted(set(mapped) - {container.name for container in way.here.containers})
    if wrong:
        fix = "It was renamed or removed: correct maps.containers of the site map, then pair the clusters again"
        return Found(PROBLEM, f"{way.here.label} has no container {listed(wrong)}", fix, _told(mapped))
    return Found(OK, f"every source exists on {way.here.label}", evidence=_told(mapped))


def reverse_map(way: Way) -> Found:
    """F13, looked at from the other cluster."""
    back, forth = half_of(way).vstores, (way.there.half.vstores if way.there.half else {})
    seen = f"forth {_told(forth)}; back {_told(back)}"
    if not back:
        return Found(PROBLEM, "nothing is mapped on the way back", _MAP_IT, seen)
    found = worse(destinations_exist(way), sources_exist(way))
    if found.status != OK:
        return found
    targets = list(forth.values())
    shared = sorted({name for name in targets if targets.count(name) > 1})
    if shared:
        home = listed(back.get(name, "none") for name in shared)
        cause = f"several containers of {way.there.label} go to {listed(shared)}, from where all leads back to {home}"
        return Found(WARNING, cause, "Give each container one of its own if they must come home apart", seen)
    astray = sorted(name for name, remote in forth.items() if back.get(remote) != name)
    if astray:
        return Found(WARNING, f"the way back doesn't lead home for {listed(astray)}", _MAP_IT, seen)
    return Found(OK, "the way back mirrors the way there", evidence=_told(back))


def capabilities(way: Way) -> Found:
    """F14."""
    found = half_of(way).capabilities
    if "disaster_recovery" in found:
        return Found(OK, "it can be failed over to", evidence=listed(found))
    if "backup" in found:
        return Found(WARNING, "it takes backups, but can't be failed over to", "Give it the capability disaster_recovery", listed(found))
    return Found(PROBLEM, "it has neither the capability backup nor disaster_recovery", "Give it both", listed(found))


def free_space(way: Way) -> Found:
    """F15."""
    used = {container.name: container.used for container in way.here.containers}
    free = {container.name: container.free for container in way.there.containers}
    needed: dict[str, int] = {}
    for local, remote in half_of(way).vstores.items():
        if used.get(local) is None or free.get(remote) is None:
            return Found(CANNOT_TELL, f"the space of {local} or {remote} is not told", "Look at the storage in Prism Element")
        needed[remote] = needed.get(remote, 0) + (used[local] or 0)
    seen = listed(f"{name}: {_gib(amount)} to come, {_gib(free[name] or 0)} free" for name, amount in sorted(needed.items()))
    tight = sorted(name for name, amount in needed.items() if amount > (free[name] or 0))
    if tight:
        cause = f"{listed(tight)} of {way.there.label} has less free than its sources hold (what was replicated before counts twice here)"
        return Found(WARNING, cause, "Make room, or map to another container", seen)
    return Found(OK, f"{way.there.label} has room for what the mapped containers hold", evidence=seen)


def frame_console(way: Way) -> Found:
    """F16."""
    signed = way.sign_offs.get(SIGNED_OFF)
    if signed is None:
        fix = f"Look in the Frame console whether both are AHV Cloud Accounts and disaster recovery is on, then sign off {SIGNED_OFF} with your name"
        return Found(CANNOT_TELL, "no public API shows the Frame account; nobody has signed it off", fix, "signed off by ____________ on ____________")
    return Found(OK, "signed off by a person", evidence=f"signed off by {signed.by} on {signed.date}" + (f": {signed.note}" if signed.note else ""))


def alerts(way: Way) -> Found:
    """F17."""
    name = way.here.half_name
    concern = [alert for alert in way.here.alerts if name in alert.names or re.search("remote.?site|replicat", alert.title, re.IGNORECASE)]
    return pair.judge_alerts(way, concern)


def networks(way: Way) -> Found:
    """F18: Frame doesn't ask for it yet."""
    mapped = half_of(way).networks
    return Found(OK, f"{len(mapped)} networks are mapped; Frame asks for none", evidence=_told(mapped))


def worse(one: Found, other: Found) -> Found:
    """The worse of two, with the evidence of both."""
    worst = max((one, other), key=lambda found: SEVERITY.index(found.status))
    return worst._replace(evidence="; ".join(dict.fromkeys(found.evidence for found in (one, other) if found.evidence)))


_MAP_IT = "Add it to maps.containers of the site map, then run the playbook pair_sites"


def _told(mapped: t.Mapping[str, str]) -> str:
    return listed(f"{local} -> {remote}" for local, remote in mapped.items())


def _some(names: t.Sequence[str]) -> str:
    return listed(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _gib(amount: int) -> str:
    return f"{amount / 1024**3:.0f} GiB"


def _numbers(release: str) -> tuple[int, ...]:
    """``pc.2024.3`` as (2024, 3); empty when it is no release."""
    found = re.fullmatch(r"(?:pc\.)?(\d+(?:\.\d+)*).*", release)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


_HALF, _BOTH_ENDS = ("here.half",), ("here.half", "here.containers", "there.containers")
FRAME = (
    Condition("F1", "both clusters run AHV", BOTH, ("here.cluster",), hypervisor, "cluster"),
    Condition("F2", "AOS is 7.0.0.5 or newer, Prism Central pc.2024.3 or newer", BOTH, ("here.cluster",), releases, "cluster"),
    Condition("F3", "they are two clusters with names of their own", THERE, ("here.cluster", "there.cluster"), two_clusters, "pair"),
    Condition("F4", "the remote site of the primary's cluster exists and is physical", THERE, ("here.remote_sites",), pair.exists),
    Condition("F5", "so does that of the way back", BACK, ("here.remote_sites",), pair.exists),
    Condition("F6", "their addresses are those of the peer, which was not built anew", BOTH, ("here.half", "there.cluster"), points_to_peer),
    Condition("F7", "port 2020 is named, 2020 and 2009 are open both ways", BOTH, _HALF, ports),
    Condition("F8", "the relationship stands on both clusters", BOTH, _HALF, stands),
    Condition("F9", "SelfServiceContainer is mapped", THERE, _HALF, self_service),
    Condition("F10", "every container that holds workloads is mapped", THERE, ("here.half", "here.workloads"), containers_in_use),
    Condition("F11", "every destination exists", THERE, ("here.half", "there.containers"), destinations_exist),
    Condition("F12", "every source exists", THERE, ("here.half", "here.containers"), sources_exist),
    Condition("F13", "the way back is mapped too", BACK, _BOTH_ENDS, reverse_map),
    Condition("F14", "the remote sites may be failed over to", BOTH, _HALF, capabilities),
    Condition("F15", "the destination has room", THERE, _BOTH_ENDS, free_space),
    Condition("F16", "both are Cloud Accounts in Frame, with disaster recovery on", THERE, (), frame_console, "pair"),
    Condition("F17", "no unresolved alert about remote sites or replication", BOTH, ("here.alerts",), alerts),
    Condition("F18", "networks (for information)", BOTH, _HALF, networks),
)
