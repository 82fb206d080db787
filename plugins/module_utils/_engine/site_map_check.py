# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds a site map against what the sites and a baseline have, and finds every entry that doesn't hold. Pure."""

from __future__ import annotations

import difflib
import typing as t

from .._errors import Finding
from .._model.directory import Reference
from .._model.entity import Canonical, Entity, references
from .site_map import MUST_BE_MAPPED, SiteMap

_CHECKED = ("vpcs", "subnets", "network_functions", "clusters")


def check_against_site(site_map: SiteMap, site: str, networks: t.Mapping[str, t.Any], categories: t.Collection[str], prism_central: str) -> list[Finding]:
    """Everything that the map says of one site and that is not so. ``networks`` as ``inventory.networks`` gives it, with
    ``containers`` where clusters are to be paired."""
    findings: list[Finding] = []
    entry = site_map.sites[site]
    if entry.prism_central and prism_central and entry.prism_central != prism_central:
        problem = f"the Prism Central of {site} is called '{prism_central}', not '{entry.prism_central}'"
        findings.append(Finding(site_map.where("sites", site, "prism_central"), problem, "are the connection options those of the right site?"))
    for index, name in enumerate(entry.clusters):
        if name not in networks["clusters"]:
            findings.append(_missing(site_map.where("sites", site, "clusters", index), "cluster", name, site, networks["clusters"]))
    for section in _CHECKED:
        for pair in site_map.names[section]:
            if pair.names[site] not in networks[section]:
                findings.append(_missing(site_map.where(*pair.at, site), section[:-1].replace("_", " "), pair.names[site], site, networks[section]))
    for pair in site_map.names["containers"] if "containers" in networks else ():
        name = pair.names[site]
        if not {name, name.partition("/")[2]} & set(networks["containers"]):
            findings.append(_missing(site_map.where(*pair.at, site), "storage container", name, site, networks["containers"]))
    for pair in site_map.names["categories"]:
        if pair.names[site] not in categories:
            findings.append(_missing(site_map.where(*pair.at, site), "category", pair.names[site], site, categories))
    return findings


def check_coverage(
    site_map: SiteMap, source: str, target: str, entities: t.Mapping[str, Entity], objects: t.Mapping[str, t.Sequence[Canonical]]
) -> list[Finding]:
    """Every VPC, subnet and network function that objects of ``source`` refer to and that has no name on ``target``."""
    used: set[Reference] = set()
    for kind, found in objects.items():
        for canonical in found:
            used |= {reference for reference in references(entities[kind], canonical) if reference.kind in MUST_BE_MAPPED}
    return [
        Finding(
            site_map.where("maps", f"{reference.kind}s"),
            f"{reference.kind.replace('_', ' ')} '{reference.name}' of {source} is used by policies and has no name on {target}",
            f"add it to maps.{reference.kind}s",
        )
        for reference in sorted(used)
        if site_map.name_on(target, source, *reference) is None
    ]


def _missing(where: str, what: str, name: str, site: str, known: t.Iterable[str]) -> Finding:
    near = difflib.get_close_matches(name, list(known), n=1)
    return Finding(where, f"there is no {what} '{name}' on {site}", f"did you mean '{near[0]}'?" if near else "correct the name, or create it")
