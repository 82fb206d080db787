# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proposes the entries that a site map lacks, from what two sites have. Pure; a person's entries stay as they are."""

from __future__ import annotations

import typing as t

from .._errors import Finding
from .._model.addresses import as_network, bounds, is_range
from .._model.entity import Canonical
from .site_map import GENERATED, REWRITE, SAME, SiteMap
from .site_map_read import SCHEMA_VERSION
from .translation import moved

Entry = dict[str, t.Any]
_BY_NAME = ("vpcs", "subnets", "network_functions", "clusters")


class Proposal(t.NamedTuple):
    """Entries to add per section of ``maps``, and names that have no match on the other site."""

    entries: t.Mapping[str, t.Sequence[Entry]]
    unmatched: t.Sequence[Finding]


def propose(networks: t.Mapping[str, t.Mapping[str, t.Any]], old: SiteMap | None) -> Proposal:
    """``networks`` is by site id, as ``inventory.networks`` gives it, with ``containers`` where they are to be
    mapped too; ``old`` the map so far. For prefixes that policies use, wider
    than a subnet, an entry is proposed where all subnets in them move alike."""
    one, other = networks
    entries: dict[str, list[Entry]] = {}
    unmatched: list[Finding] = []
    for section in (*_BY_NAME, *(["containers"] if "containers" in networks[one] else [])):
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
    if not entries.get("clusters") and not (old and old.names["clusters"]) and all(len(networks[site]["clusters"]) == 1 for site in networks):
        # With one cluster on each side there is only one way to pair them.
        entries["clusters"] = [{**{site: networks[site]["clusters"][0] for site in networks}, "origin": GENERATED}]
        unmatched = [finding for finding in unmatched if finding.where != "maps.clusters"]
    prefixes = _prefixes(networks, [*(old.names["subnets"] if old else ())], entries.get("subnets", []), old)
    prefixes += _wider(one, other, networks[one]["addresses"], prefixes, old)
    prefixes += _wider(other, one, networks[other]["addresses"], prefixes, old)
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


def _wider(site: str, other: str, used: t.Iterable[str], proposed: t.Sequence[Entry], old: SiteMap | None) -> list[Entry]:
    """An entry for each used prefix that holds mapped ones which all move by the same distance, one that keeps it aligned."""
    moves = [(entry[site], entry[other]) for entry in proposed]
    moves += [(pair.prefixes[site], pair.prefixes[other]) for pair in (old.prefixes if old else ()) if len(pair.prefixes) == 2]
    taken = {name for move in moves for name in move}
    found: list[Entry] = []
    for text in sorted({text for text in used if not is_range(text)} - taken):
        version, first, last = bounds(text)
        spans = [(bounds(here), bounds(there)) for here, there in moves]
        inside = [(here, there) for here, there in spans if here[0] == version and first <= here[1] and here[2] <= last]
        around = any(here[0] == version and here[1] <= first and last <= here[2] for here, _there in spans)
        shifts = {there[1] - here[1] for here, there in inside}
        if around or len(shifts) != 1:
            continue
        shift = shifts.pop()
        if shift and shift % (last - first + 1) == 0 and first + shift >= 0:
            found.append({site: text, other: moved(text, shift), "mode": REWRITE, "origin": GENERATED})
    return found


def _unmatched(section: str, name: str, site: str, other: str) -> Finding:
    needed = "it is to replicate" if section == "containers" else "policies use it"
    return Finding(f"maps.{section}", f"'{name}' of {site} has no counterpart of this name on {other}", f"map it by hand if {needed}")


def addresses_in(objects: t.Mapping[str, t.Sequence[Canonical]]) -> set[str]:
    """Every address that canonical objects name, wherever it stands in them."""
    found: set[str] = set()
    for kind, items in objects.items():
        if kind in ("address_group", "entity_group", "security_rule"):
            for item in items:
                _collect(item, found)
    return found


def _collect(value: t.Any, found: set[str]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("addresses", "cidr"):
                found.update([inner] if isinstance(inner, str) else inner)
            else:
                _collect(inner, found)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, found)
