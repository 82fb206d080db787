# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proof for two sites: whether they treat the same VMs alike, and the facts around it. Pure; estates come from ``estate``."""

from __future__ import annotations

import typing as t

from .._entities.registry import ENTITIES
from .._errors import Ambiguous, Finding, InvalidInput
from .._segmentation.census import census
from .._segmentation.difference import Difference, SitePair
from .._segmentation.facts import facts
from .._segmentation.matrix import Matrix, tier_matrix
from .._segmentation.readings import DEFAULT_READINGS, Readings
from .._segmentation.rules import Objects
from .._segmentation.site_facts import Fact, Sites
from .estate import Estate
from .moved_vms import Words, as_if_moved
from .replicate import translated
from .site_map import SiteMap

BOTH, SOURCE, TARGET = "both", "source", "target"
WORKLOADS = (BOTH, SOURCE, TARGET)


class Proof(t.NamedTuple):
    """``sites``: what was compared, first how it was, then how it is, in the words of one of them. ``before`` and ``after``: counts of the census.
    ``matrix``: who may talk to whom, tier by tier. ``notes``: what was left out or taken for granted, in words."""

    difference: Difference
    sites: tuple[Objects, Objects]
    before: t.Mapping[str, int]
    after: t.Mapping[str, int]
    facts: tuple[Fact, ...]
    matrix: Matrix
    notes: tuple[str, ...]


def prove(
    left: Estate,
    right: Estate,
    site_map: SiteMap | None,
    *,
    workloads: str = BOTH,
    before: str = SOURCE,
    vms: t.Mapping[str, str] | None = None,
    readings: Readings = DEFAULT_READINGS,
    check_readings: bool = True,
    tiers: t.Sequence[str] = (),
) -> Proof:
    """Compare two sites, both in the words of the right. ``workloads``: compare the VMs that ``both`` sites have, or all of the ``source``
    (left) or ``target`` (right), those that the other hasn't as if they had been moved there. ``before``: which of them is how it was.
    ``vms``: left name or ext_id -> right name or ext_id. ``tiers``: the category keys of the matrix.

    Raises InvalidInput with what the site map leaves open, Ambiguous for two VMs of one name, UnknownReference.
    """
    words = Words(site_map, left.site, right.site)
    objects, left_out = (translated(ENTITIES, left.objects, site_map, left.site, right.site)) if site_map else (left.objects, [])
    names = _names(left, right, vms or {})
    here = {str(vm["name"]): words.vm(vm) for vm in left.vms}
    there = {str(vm["name"]): vm for vm in right.vms}
    known = {names.get(name, name) for name in here}
    lost: dict[str, list[str]] = {}
    placed: list[str] = []
    if workloads == SOURCE:
        missing = [vm for vm in left.vms if names.get(str(vm["name"]), str(vm["name"])) not in there]
        moved, lost = as_if_moved(missing, words, right.landings)
        for vm in moved:
            name = names.get(str(vm["name"]), str(vm["name"]))
            there[name] = {**vm, "name": name}
        placed = [str(vm["name"]) for vm in moved]
    elif workloads == TARGET:
        missing = [vm for name, vm in there.items() if name not in known]
        moved, lost = as_if_moved(missing, Words(site_map, right.site, left.site), left.landings)
        here.update((str(vm["name"]), words.vm(vm)) for vm in moved)
        placed = [str(vm["name"]) for vm in moved]
    _check_doubles(left, {name for name in here if names.get(name, name) in there})
    _check_doubles(right, {names.get(name, name) for name in here})
    ours = left._replace(objects=objects, vms=list(here.values())).for_engine()
    theirs = right._replace(vms=list(there.values())).for_engine()
    pairs = [(vm, there[names.get(name, name)]) for name, vm in here.items() if names.get(name, name) in there]
    staying = [vm for name, vm in here.items() if names.get(name, name) not in there]
    sites = Sites(ours, theirs, pairs, staying, lost, right.categories, right.network_functions)
    if before == TARGET:
        names = {other: one for one, other in names.items()}
        sites = Sites(theirs, ours, [(other, one) for one, other in pairs], lost_subnets=lost)
    pair = SitePair(sites.left, sites.right, vms=names, readings=readings)
    difference = pair.difference(check_readings=check_readings)
    return Proof(
        difference,
        (sites.left, sites.right),
        census(sites.left, {str(one["name"]) for one, _other in sites.vms}),
        census(sites.right, {str(other["name"]) for _one, other in sites.vms}),
        tuple(facts(sites)),
        tier_matrix(pair, difference.groups, tiers),
        tuple(_notes(left, right, left_out, placed, workloads)),
    )


def _check_doubles(estate: Estate, compared: t.Container[str]) -> None:
    """Two VMs of one name can't be told apart; where the name isn't compared, that doesn't matter. Raises Ambiguous."""
    seen: set[str] = set()
    for vm in estate.vms:
        name = str(vm["name"])
        if name in seen and name in compared:
            raise Ambiguous("there are two VMs of this name", kind="vm", name=name, site=estate.site, fix="Give one of them another name")
        seen.add(name)


def _names(left: Estate, right: Estate, vms: t.Mapping[str, str]) -> dict[str, str]:
    """The map of VMs by name. Raises InvalidInput for VMs that aren't there."""
    tables = []
    for estate in (left, right):
        by_id = {str(vm["ext_id"]): str(vm["name"]) for vm in estate.vms if vm.get("ext_id")}
        tables.append({**by_id, **{str(vm["name"]): str(vm["name"]) for vm in estate.vms}})
    findings = [
        Finding("vms", f"there is no VM '{said}' on {estate.site}", "correct the name or id")
        for pair in vms.items()
        for said, table, estate in zip(pair, tables, (left, right), strict=True)
        if said not in table
    ]
    if findings:
        raise InvalidInput(findings, verb="compare")
    return {tables[0][one]: tables[1][other] for one, other in vms.items()}


def _notes(left: Estate, right: Estate, left_out: t.Sequence[Finding], placed: t.Sequence[str], workloads: str) -> t.Iterator[str]:
    if placed:
        way = f"on {right.site}" if workloads == SOURCE else f"on {left.site}"
        yield f"{len(placed)} VMs are taken as if they had been moved, they are not {way} yet"
    for estate in (left, right):
        if estate.out_of_scope:
            yield f"security rules of {estate.site} that the site map leaves out are not looked at: {', '.join(estate.out_of_scope)}"
        if estate.unread:
            yield f"nothing is proved about {', '.join(estate.unread)} of {estate.site}, which can't be read"
        if estate.addresses_unknown:
            yield f"{estate.site} doesn't tell {estate.addresses_unknown}"
    for finding in left_out:
        yield str(finding)
