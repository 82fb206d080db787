# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What both halves of a pair of clusters should be, from the site map and what the clusters have. Pure: reads nothing, plans nothing."""

from __future__ import annotations

import difflib
import typing as t

from .._errors import Finding
from .cluster_pairs import MANAGEMENT_SHARE, ClusterPair, Names, container_names, network_names
from .pair_facts import Half, Side, Workload
from .site_map import Pairing, SiteMap

#: What of a cluster must be known before its half can be planned.
NEEDED = ("cluster", "remote_sites", "containers", "networks", "workloads")


class Unmapped(t.NamedTuple):
    """A container that holds workloads and leads nowhere, and so does not replicate."""

    container: str
    workloads: tuple[str, ...]


class WantedHalf(t.NamedTuple):
    """One half as it should be. ``params`` are those of the remote site; ``anew``: the one there must be deleted first. ``same`` are
    containers that go to those of their name because the map doesn't list them; ``unlisted`` are entries of the half that the map doesn't
    know and that stay. ``findings`` is why it can't be done."""

    site: str
    cluster: str
    name: str
    params: t.Mapping[str, t.Any]
    anew: bool
    same: tuple[str, ...]
    unlisted: t.Mapping[str, str]
    unmapped: tuple[Unmapped, ...]
    findings: tuple[Finding, ...]


def wanted_halves(site_map: SiteMap, pair: ClusterPair, sides: t.Mapping[str, Side], *, replace: bool, prune: bool) -> tuple[WantedHalf, WantedHalf]:
    """Both halves. ``replace`` allows to change where an existing half leads to, ``prune`` to drop entries that the map doesn't list."""
    one, other = sides
    return _half(site_map, pair, one, sides, replace, prune), _half(site_map, pair, other, sides, replace, prune)


def _half(site_map: SiteMap, pair: ClusterPair, site: str, sides: t.Mapping[str, Side], replace: bool, prune: bool) -> WantedHalf:
    here, there = sides[site], sides[pair.other(site)]
    pairing = site_map.pairing or Pairing()
    findings: list[Finding] = []
    addresses, anew = _destination(pairing, here, there, replace, findings)
    vstores = container_names(site_map, pair, site, _containers(here), _containers(there))
    networks = network_names(site_map, pair, site, here.networks, there.networks)
    findings += [_missing(where, side, name, pair, sides) for where, side, name in vstores.missing]
    held = here.half if here.half and not anew else Half(here.half_name)
    unlisted = {} if prune else {**_unlisted(held.vstores, vstores), **_unlisted(held.networks, networks)}
    params: dict[str, t.Any] = {
        "name": here.half_name,
        "addresses": addresses,
        **pairing.options,
        "vstore_map": vstores.mapped if prune else {**_unlisted(held.vstores, vstores), **vstores.mapped},
        "network_map": networks.mapped if prune else {**_unlisted(held.networks, networks), **networks.mapped},
    }
    if site in pairing.bandwidth:
        params["bandwidth_policy"] = pairing.bandwidth[site]
    unmapped = _unmapped(here.workloads, params["vstore_map"])
    return WantedHalf(site, here.label, here.half_name, params, anew, vstores.same, unlisted, unmapped, tuple(findings))


def _destination(pairing: Pairing, here: Side, there: Side, replace: bool, findings: list[Finding]) -> tuple[list[str], bool]:
    """The addresses of the half, and whether the one there must be made anew."""
    said = pairing.addresses.get(there.label, ())
    known = said or there.cluster.addresses
    wanted = list(said or ([there.cluster.virtual_ip] if there.cluster.virtual_ip else there.cluster.addresses))
    if not wanted:
        fix = f"write pairing.addresses.{there.label} in the site map"
        findings.append(Finding(there.label, "tells no address under which it can be reached", fix))
    half = here.half
    if half is None or half.marked_for_removal:
        return wanted, False
    where = here.half_label
    stranger = _is_stranger(half, there)
    if stranger and not replace:
        findings.append(Finding(where, f"was made for another cluster than {there.label} is now ({stranger})", "replace: true makes it anew"))
    if half.addresses and set(half.addresses) <= set(known):
        return sorted(half.addresses), bool(stranger)
    if not replace:
        cause = f"leads to {', '.join(half.addresses) or 'no address'}, {there.label} is at {', '.join(known)}"
        findings.append(Finding(where, cause, "replace: true leads it there; pairing.addresses in the site map names addresses behind NAT"))
    return wanted, bool(stranger)


def _is_stranger(half: Half, there: Side) -> str:
    """How the cluster that the half first met differs from the peer; empty when it doesn't, or nobody knows."""
    if half.cluster_incarnation is None or there.cluster.incarnation is None:
        return ""
    known, now = (half.cluster_number, half.cluster_incarnation), (there.cluster.number, there.cluster.incarnation)
    return "" if known == now else f"incarnation {known[1]}, now {now[1]}"


def _containers(side: Side) -> list[str]:
    return [container.name for container in side.containers if not container.marked_for_removal]


def _unlisted(held: t.Mapping[str, str], wanted: Names) -> dict[str, str]:
    """Entries that the half has and the map says nothing of. One whose container is gone maps nothing and is not kept."""
    return {local: remote for local, remote in held.items() if local not in wanted.mapped and local in wanted.unmapped}


def _unmapped(workloads: t.Iterable[Workload], mapped: t.Mapping[str, str]) -> tuple[Unmapped, ...]:
    users: dict[str, list[str]] = {}
    for workload in workloads:
        for container in workload.containers:
            if container not in mapped and container != MANAGEMENT_SHARE:
                users.setdefault(container, []).append(f"{workload.kind} {workload.name}")
    return tuple(Unmapped(container, tuple(sorted(names))) for container, names in sorted(users.items()))


def _missing(where: str, site: str, name: str, pair: ClusterPair, sides: t.Mapping[str, Side]) -> Finding:
    near = difflib.get_close_matches(name, _containers(sides[site]), n=1)
    fix = f"did you mean '{near[0]}'?" if near else "create it, or correct the name"
    return Finding(where, f"there is no storage container '{name}' on {pair.clusters[site]}", fix)
