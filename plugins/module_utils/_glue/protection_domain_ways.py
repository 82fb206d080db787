# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which protection domains a task moves, and between which clusters: from a site map, or from what the task says itself. Opens the clusters."""

from __future__ import annotations

import typing as t

from .._engine.protection_domain_decision import UNPLANNED
from .._engine.protection_domain_map import mapped_domains
from .._engine.protection_domain_way import Move, Way
from .._engine.site_map import SiteMap
from .._errors import Finding, InvalidInput
from .._prism.element_domains import Domains
from .element_module import open_element
from .journey_options import params_of

Params = t.Mapping[str, t.Any]


def way_spec() -> dict[str, dict[str, t.Any]]:
    """The options that say what moves from where to where."""
    return {
        "source": {"type": "str"},
        "target": {"type": "str", "required": True},
        "site_map": {"type": "path"},
        "protection_domains": {"type": "list", "elements": "str"},
        "clusters": {"type": "dict"},
        "remote_site": {"type": "str"},
    }


def way_rules() -> dict[str, t.Any]:
    """The rules between them, as AnsibleModule takes them."""
    return {
        "required_one_of": [("site_map", "protection_domains")],
        "mutually_exclusive": [("site_map", "clusters"), ("site_map", "remote_site")],
    }


class Moves(t.NamedTuple):
    """What moves between one pair of clusters."""

    way: Way
    moves: tuple[Move, ...]

    @property
    def names(self) -> list[str]:
        return [move.name for move in self.moves]


class _Wanted(t.NamedTuple):
    """One protection domain before any cluster is asked. An empty cluster means that the site is a Prism Element itself."""

    name: str
    source_cluster: str
    target_cluster: str
    remote_site: str


def ways(params: Params, site_map: SiteMap | None) -> list[Moves]:
    """All moves of the task. In an unplanned failover the source is not opened. Raises InvalidInput before anything is sent."""
    wanted = _from_map(params, site_map) if site_map is not None else _from_options(params)
    sites = [params["target"]] if params["mode"] == UNPLANNED else [params["source"], params["target"]]
    options = {site: params_of(params["sites"], site) for site in sites}
    found: list[Moves] = []
    for pair in sorted({(one.source_cluster, one.target_cluster) for one in wanted}):
        source = None if params["mode"] == UNPLANNED else Domains(_open(options[params["source"]], pair[0]))
        way = Way(params["mode"], source, Domains(_open(options[params["target"]], pair[1])))
        moves = tuple(Move(one.name, one.remote_site) for one in wanted if (one.source_cluster, one.target_cluster) == pair)
        found.append(Moves(way, _with_remote_sites(way, moves)))
    return found


def _open(options: Params, cluster: str) -> t.Any:
    return open_element({**options, "cluster": cluster or None, "via_prism_central": bool(cluster)}, label=cluster or str(options["id"]))


def _from_map(params: Params, site_map: SiteMap) -> list[_Wanted]:
    source, target = params["source"], params["target"]
    domains = mapped_domains(site_map)
    names = params["protection_domains"]
    unknown = sorted(set(names or ()) - {domain.name for domain in domains})
    if unknown:
        where = site_map.where("maps", "protection_domains")
        raise InvalidInput([Finding(where, f"protection domain '{name}' is not listed", "add it, or correct the name") for name in unknown], verb="read")
    return [
        _Wanted(domain.name, domain.cluster(source), domain.cluster(target), domain.remote_site(source))
        for domain in domains
        if names is None or domain.name in names
    ]


def _from_options(params: Params) -> list[_Wanted]:
    source, target, clusters = params["source"] or "", params["target"], params["clusters"] or {}
    needed = [target] if params["mode"] == UNPLANNED else [source, target]
    missing = [site for site in needed if clusters and site not in clusters]
    findings = [Finding("clusters", f"doesn't say which cluster of {site} is meant", f"add {site}: CLUSTER") for site in missing]
    if not params["protection_domains"]:
        findings.append(Finding("protection_domains", "names nothing", "give at least one name"))
    if findings:
        raise InvalidInput(findings, verb="read")
    return [
        _Wanted(name, str(clusters.get(source, "")), str(clusters.get(target, "")), params["remote_site"] or "")
        for name in dict.fromkeys(params["protection_domains"])
    ]


def _with_remote_sites(way: Way, moves: tuple[Move, ...]) -> tuple[Move, ...]:
    """A move that doesn't say it goes to the only remote site that the schedules name."""
    if way.source is None or all(move.remote_site for move in moves):
        return moves
    named = {str(body["name"]): list(body.get("remoteSiteNames") or ()) for body in way.source.read([move.name for move in moves])}
    found: list[Move] = []
    findings: list[Finding] = []
    for move in moves:
        sites = named.get(move.name, [])
        if not move.remote_site and len(sites) > 1:
            known = ", ".join(sorted(sites))
            problem = f"replicates to several remote sites: {known}"
            findings.append(Finding(f"protection domain '{move.name}'", problem, "say which one is meant with 'remote_site'"))
        found.append(move if move.remote_site or len(sites) != 1 else move._replace(remote_site=str(sites[0])))
    if findings:
        raise InvalidInput(findings, verb="read", site=way.source.site)
    return tuple(found)
