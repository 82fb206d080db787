# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be found wrong with a plan for remote sites before its first write. Pure: is told what the clusters have."""

from __future__ import annotations

import typing as t

from .._model.entity import Canonical
from .._model.problems import Problems

if t.TYPE_CHECKING:
    from .plan import Plan, Step


class Surroundings(t.NamedTuple):
    """What there is around the sites of a plan. ``sites`` are those of the cluster, ``marked`` the names of those marked for removal.
    ``peer_containers`` are those of the peer by remote site, or under "" those of the one peer that was asked; ``replicating`` are the
    protection domains by the site that they replicate to. None, or no entry, where it isn't known or wasn't needed."""

    sites: t.Mapping[str, Canonical] = {}
    marked: frozenset[str] = frozenset()
    own_addresses: frozenset[str] = frozenset()
    peer_addresses: frozenset[str] = frozenset()
    containers: frozenset[str] | None = None
    networks: frozenset[str] | None = None
    peer_containers: t.Mapping[str, frozenset[str]] = {}
    peer_networks: frozenset[str] | None = None
    replicating: t.Mapping[str, t.Sequence[str]] = {}

    def containers_at(self, name: str) -> frozenset[str] | None:
        """The containers behind a remote site, None if that can't be told."""
        return self.peer_containers.get("", self.peer_containers.get(name))


def check_remote_sites(plan: Plan, around: Surroundings, problems: Problems, *, site: str) -> list[str]:
    """Adds everything that is wrong to ``problems``; returns what is worth a warning."""
    warnings: list[str] = []
    for step in plan.steps:
        if step.after is None:
            _check_delete(step, around, problems)
            continue
        where = f"remote site '{step.name}'"
        if step.before is None and step.name in around.marked:
            problems.add(
                where, "still exists, marked for removal; its name is free when it is gone", "run again later; 'state: absent' waits until it is gone"
            )
        _check_addresses(step, plan, around, problems)
        if around.peer_addresses and not around.peer_addresses.intersection(step.after.get("addresses", [])):
            warnings.append(f"{where}.addresses: none of them is an address of the cluster that 'peer' names, by which the maps were checked")
        warnings += _check_map(step, "vstore_map", "storage container", around.containers, around.containers_at(step.name), problems, site)
        warnings += _check_map(step, "network_map", "network", around.networks, around.peer_networks, problems, site)
    for reference in plan.unchanged:
        canonical = around.sites.get(reference.name, {})
        warnings += _dangling(reference.name, canonical.get("vstore_map", {}), "vstore_map", "storage container", around.containers, site)
        warnings += _dangling(reference.name, canonical.get("network_map", {}), "network_map", "network", around.networks, site)
    return warnings


def check_peer_containers(name: str, before: t.Mapping[str, str], after: t.Mapping[str, str], peer: frozenset[str], *, site: str) -> None:
    """The same of a vStore map for a peer that tells its containers only now. Raises InvalidInput."""
    problems = Problems()
    _check_remote(f"remote site '{name}'.vstore_map", "storage container", _new(before, after), peer, problems)
    problems.check(verb="update", kind="remote_site", name=name, site=site)


def _check_delete(step: Step, around: Surroundings, problems: Problems) -> None:
    domains = around.replicating.get(step.name, ())
    if domains:
        problems.add(
            f"remote site '{step.name}'",
            f"can't be deleted, the schedules of {_some(domains)} replicate to it",
            "remove those schedules first; until then it would stay, marked for removal",
        )


def _check_addresses(step: Step, plan: Plan, around: Surroundings, problems: Problems) -> None:
    where = f"remote site '{step.name}'.addresses"
    after = step.after or {}
    new = [address for address in after.get("addresses", []) if address not in (step.before or {}).get("addresses", [])]
    changed = {other.name: other.after for other in plan.steps if other.name != step.name}
    others = {name: changed.get(name, canonical) for name, canonical in {**around.sites, **changed}.items() if name != step.name}
    for address in new:
        if address in around.own_addresses:
            problems.add(where, f"{address} is an address of this cluster itself", "give an address of the peer; its half leads here")
        for name in sorted(others):
            if address in (others[name] or {}).get("addresses", []):
                problems.add(where, f"{address} is the address of remote site '{name}' too", "one peer is one remote site: use that one, or delete it first")


def _check_map(
    step: Step, field: str, what: str, here: frozenset[str] | None, there: frozenset[str] | None, problems: Problems, site: str
) -> list[str]:
    """Both ends of each new entry must exist. An old one whose end is gone (a renamed container) only warns: the change is about others."""
    before, after = (step.before or {}).get(field, {}), (step.after or {}).get(field, {})
    new = _new(before, after)
    at = f"remote site '{step.name}'.{field}"
    for local in new if here is not None else ():
        if local not in (here or ()):
            problems.unknown(at, local, here or (), f"{what} of {site}")
    warnings: list[str] = []
    if there is not None:
        _check_remote(at, what, new, there, problems)
    elif new and field == "vstore_map":
        warnings.append(f"{at}: whether the peer has {_some(sorted(set(new.values())))} can't be told from here; give 'peer' to have it checked")
    kept = {local: remote for local, remote in after.items() if local not in new}
    return warnings + _dangling(step.name, kept, field, what, here, site)


def _check_remote(at: str, what: str, new: t.Mapping[str, str], there: frozenset[str], problems: Problems) -> None:
    for local, remote in new.items():
        if remote not in there:
            problems.unknown(f"{at}.{local}", remote, there, f"{what} of the peer")


def _dangling(name: str, mapped: t.Mapping[str, str], field: str, what: str, here: frozenset[str] | None, site: str) -> list[str]:
    if here is None:
        return []
    return [
        f"remote site '{name}'.{field}: '{local}' is no {what} of {site} any more (renamed?), so its entry does nothing"
        for local in mapped
        if local not in here
    ]


def _new(before: t.Mapping[str, str], after: t.Mapping[str, str]) -> dict[str, str]:
    return {local: remote for local, remote in after.items() if before.get(local) != remote}


def _some(names: t.Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))
