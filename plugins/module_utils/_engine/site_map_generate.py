# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proposes the entries that a site map lacks, from what two sites have. Pure; a person's entries stay as they are."""

from __future__ import annotations

import typing as t

from .._errors import Finding
from .._model.addresses import as_network
from .site_map import GENERATED, REWRITE, SAME, SiteMap
from .site_map_read import SCHEMA_VERSION

Entry = dict[str, t.Any]
_BY_NAME = ("vpcs", "subnets", "network_functions", "clusters")


class Proposal(t.NamedTuple):
    """Entries to add per section of ``maps``, and names that have no match on the other site."""

    entries: t.Mapping[str, t.Sequence[Entry]]
    unmatched: t.Sequence[Finding]


def propose(networks: t.Mapping[str, t.Mapping[str, t.Any]], old: SiteMap | None) -> Proposal:
    """``networks`` is by site id, as ``inventory.networks`` gives it; ``old`` the map so far."""
    one, other = networks
    entries: dict[str, list[Entry]] = {}
    unmatched: list[Finding] = []
    for section in _BY_NAME:
        mapped = {site: {pair.names[site] for pair in old.names[section]} if old else set() for site in networks}
        for name in networks[one][section]:
            if name in mapped[one]:
                continue
            if name in networks[other][section] and name not in mapped[other]:
                entries.setdefault(section, []).append({one: name, other: name, "origin": GENERATED})
            else:
                unmatched.append(_unmatched(section, name, one, other))
        ours = {*networks[one][section]} - mapped[one]
        unmatched += [_unmatched(section, name, other, one) for name in networks[other][section] if name not in mapped[other] and name not in ours]
    prefixes = _prefixes(networks, [*(old.names["subnets"] if old else ())], entries.get("subnets", []), old)
    if prefixes:
        entries["ip_prefixes"] = prefixes
    return Proposal(entries, unmatched)


def new_site_map(pair: str, sites: t.Mapping[str, Entry]) -> Entry:
    """The data of a site map without entries; ``sites`` by id: ``{prism_central, host, clusters}``."""
    return {
        "schema_version": SCHEMA_VERSION,
        "pair": {"name": pair, "topology": "two_pc", "policy_transport": "baseline"},
        "sites": {site: {name: value for name, value in parts.items() if value} for site, parts in sites.items()},
        "limits": {"max_vm_percent": 25, "max_deletes": 10},
        "targets": {"freshness_hours": 24},
        "maps": {},
    }


def _prefixes(
    networks: t.Mapping[str, t.Mapping[str, t.Any]], pairs: t.Iterable[t.Any], proposed: t.Iterable[Entry], old: SiteMap | None
) -> list[Entry]:
    """A prefix entry for each pair of subnets whose prefixes fit and are not mapped yet."""
    one, other = networks
    taken = {site: {pair.prefixes[site] for pair in old.prefixes if site in pair.prefixes} if old else set() for site in networks}
    found: list[Entry] = []
    for names in [*(pair.names for pair in pairs), *proposed]:
        here = networks[one]["subnets"].get(names[one], "")
        there = networks[other]["subnets"].get(names[other], "")
        if not here or not there or here in taken[one] or there in taken[other]:
            continue
        if here == there:
            found.append({one: here, other: there, "mode": SAME, "origin": GENERATED})
        elif (as_network(here).version, as_network(here).prefixlen) == (as_network(there).version, as_network(there).prefixlen):
            found.append({one: here, other: there, "mode": REWRITE, "origin": GENERATED})
        taken[one].add(here)
        taken[other].add(there)
    return found


def _unmatched(section: str, name: str, site: str, other: str) -> Finding:
    return Finding(f"maps.{section}", f"'{name}' of {site} has no counterpart of this name on {other}", "map it by hand if policies use it")
