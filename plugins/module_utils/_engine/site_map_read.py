# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the data of a site map and finds everything wrong with it in itself, with file and line. Pure; asks no site."""

from __future__ import annotations

import typing as t

from .._entities.registry import ENTITIES
from .._evidence.marked import Marked, Path
from .._model.addresses import as_network, sort_addresses
from .scope import Patterns, Scope, query_error
from .site_map import (
    EXCLUDE,
    GENERATED,
    MANUAL,
    MANY_TO_ONE,
    NAME_MAPS,
    REWRITE,
    SAME,
    SAME_NAME,
    TOPOLOGIES,
    TRANSPORTS,
    DomainEntry,
    GroupOverride,
    Limits,
    NamePair,
    PrefixPair,
    SiteEntry,
    SiteMap,
    Targets,
)
from .site_map_pairing import read_pairing
from .site_map_parts import PartReader

SCHEMA_VERSION = 1
#: The steps of the journeys, for which people may set a target.
STEPS = ("check", "plan", "apply", "workloads", "remediate", "verify", "export")
_TOP = ("schema_version", "pair", "sites", "maps", "scope", "never_touch", "limits", "targets", "pairing")
_KINDS = {entity.plural: entity.kind for entity in ENTITIES.values()}


def read_site_map(marked: Marked) -> SiteMap:
    """Raises InvalidInput with all findings."""
    reader = _Reader(marked)
    found = reader.site_map()
    reader.problems.check(verb="read", kind="site_map")
    return found


class _Reader(PartReader):
    def site_map(self) -> SiteMap:
        top = self.mapping(self.marked.value, (), _TOP)
        if top.get("schema_version") != SCHEMA_VERSION:
            self.wrong(("schema_version",), f"schema_version {top.get('schema_version')!r} is unknown", f"this collection reads {SCHEMA_VERSION}")
        pair = self.mapping(top.get("pair", {}), ("pair",), ("name", "topology", "policy_transport"))
        sites = self.sites(top.get("sites"))
        maps = self.mapping(top.get("maps", {}), ("maps",), (*NAME_MAPS, "ip_prefixes", "address_groups", "protection_domains"))
        return SiteMap(
            pair=self.text(pair.get("name", "-".join(sites)), ("pair", "name")),
            topology=self.word(pair.get("topology", TOPOLOGIES[0]), ("pair", "topology"), TOPOLOGIES),
            policy_transport=self.word(pair.get("policy_transport", TRANSPORTS[0]), ("pair", "policy_transport"), TRANSPORTS),
            sites=sites,
            names={section: self.name_pairs(section, maps.get(section)) for section in NAME_MAPS},
            prefixes=self.prefix_pairs(maps.get("ip_prefixes")),
            address_groups=self.overrides(maps.get("address_groups")),
            protection_domains=self.domains(maps.get("protection_domains")),
            scope=self.scope(top.get("scope", {}), top.get("never_touch", {})),
            limits=Limits(**self.numbers(top.get("limits"), ("limits",), {"max_vm_percent": (0, 100), "max_deletes": (0, 1_000_000)})),
            targets=self.targets(top.get("targets")),
            marked=self.marked,
            pairing=read_pairing(self, top["pairing"], sites) if "pairing" in top else None,
        )

    def sites(self, value: t.Any) -> dict[str, SiteEntry]:
        found: dict[str, SiteEntry] = {}
        for site_id, entry in self.mapping(value, ("sites",)).items():
            path = ("sites", site_id)
            parts = self.mapping(entry or {}, path, SiteEntry._fields)
            found[str(site_id)] = SiteEntry(
                self.text(parts.get("prism_central", ""), (*path, "prism_central")),
                self.text(parts.get("host", ""), (*path, "host")),
                tuple(self.text(name, (*path, "clusters", index)) for index, name in enumerate(self.items(parts.get("clusters"), (*path, "clusters")))),
            )
        if len(found) != 2:
            self.wrong(("sites",), f"{len(found)} sites are named", "a pair has two")
        self.ids = tuple(found)
        return found

    def name_pairs(self, section: str, value: t.Any) -> tuple[NamePair, ...]:
        found: list[NamePair] = []
        many = section in MANY_TO_ONE
        given = self.items(value, ("maps", section))
        if section in SAME_NAME:
            given = [dict.fromkeys(self.ids, entry) if isinstance(entry, str) else entry for entry in given]
        for path, entry in self.entries(given, ("maps", section), (*self.ids, *(["only_from"] if many else []), "origin", "note")):
            names = {site: self.text(entry.get(site), (*path, site)) for site in self.ids}
            only_from = self.word(entry["only_from"], (*path, "only_from"), self.ids) if "only_from" in entry else ""
            found.append(NamePair(names, self.origin(entry, path), path, only_from))
        for site, other in zip(self.ids, reversed(self.ids), strict=True):
            fix = f"if several of {other} go to it, write only_from: {other} at all but one; the first is at" if many else ""
            leading = ((pair.names[site], pair.at) for pair in found if pair.leads_from(site))
            self.unique(leading, f"is mapped twice for {site}", fix)
        return tuple(found)

    def prefix_pairs(self, value: t.Any) -> tuple[PrefixPair, ...]:
        found: list[PrefixPair] = []
        for path, entry in self.entries(value, ("maps", "ip_prefixes"), (*self.ids, "mode", "origin", "note")):
            mode = self.word(entry.get("mode", REWRITE if all(entry.get(site) for site in self.ids) else SAME), (*path, "mode"), (SAME, REWRITE, EXCLUDE))
            prefixes = {site: self.prefix(entry[site], (*path, site)) for site in self.ids if entry.get(site) is not None}
            self.check_prefixes(prefixes, mode, path)
            found.append(PrefixPair(prefixes, mode, self.origin(entry, path), path))
        for site in self.ids:
            self.unique(((pair.prefixes[site], pair.at) for pair in found if site in pair.prefixes), f"is mapped twice for {site}")
        return tuple(found)

    def check_prefixes(self, prefixes: t.Mapping[str, str], mode: str, path: Path) -> None:
        if "" in prefixes.values():
            return
        if not prefixes:
            self.wrong(path, "names no prefix", f"write {{{self.ids[0] if self.ids else 'site'}: 10.1.0.0/16, ...}}")
        elif mode == REWRITE and len(prefixes) < 2:
            self.wrong(path, "a rewrite needs the prefix of both sites", f"add the other one, or write mode: {SAME}")
        elif mode == REWRITE:
            one, other = map(as_network, prefixes.values())
            if (one.version, one.prefixlen) != (other.version, other.prefixlen):
                self.wrong(path, f"{one} and {other} differ in family or length, addresses can't be rewritten one to one", "map prefixes of equal length")
        elif mode == SAME and len(set(prefixes.values())) > 1:
            self.wrong(path, f"{' and '.join(prefixes.values())} are not the same", f"write mode: {REWRITE}")

    def overrides(self, value: t.Any) -> tuple[GroupOverride, ...]:
        found: list[GroupOverride] = []
        for path, entry in self.entries(value, ("maps", "address_groups"), ("name", "addresses", "note")):
            addresses: dict[str, tuple[str, ...]] = {}
            given = self.mapping(entry.get("addresses"), (*path, "addresses"), self.ids)
            for site in self.ids:
                texts = self.items(given.get(site), (*path, "addresses", site))
                checked = [self.address(text, (*path, "addresses", site, index)) for index, text in enumerate(texts)]
                addresses[site] = tuple(sort_addresses([text for text in checked if text]))
                if not texts:
                    self.wrong((*path, "addresses"), f"the addresses on {site} are missing", "name both sites, so that the way back is known too")
            found.append(GroupOverride(self.text(entry.get("name"), (*path, "name")), addresses, path))
        self.unique(((item.name, item.at) for item in found), "is overridden twice")
        return tuple(found)

    def domains(self, value: t.Any) -> tuple[DomainEntry, ...]:
        """A protection domain has the same name on both sites; an entry is its name, or a mapping that names its clusters too."""
        section = ("maps", "protection_domains")
        entries = [{"name": entry} if isinstance(entry, str) else entry for entry in self.items(value, section)]
        found: list[DomainEntry] = []
        for path, entry in self.entries(entries, section, ("name", *self.ids, "note")):
            clusters = {site: self.text(entry[site], (*path, site)) for site in self.ids if site in entry}
            found.append(DomainEntry(self.text(entry.get("name"), (*path, "name")), clusters, path))
        self.unique(((entry.name, entry.at) for entry in found), "is listed twice")
        return tuple(found)

    def scope(self, value: t.Any, never_touch: t.Any) -> Scope:
        parts = self.mapping(value, ("scope",), ("include", "exclude", "query"))
        query: dict[str, str] = {}
        for plural, expression in self.mapping(parts.get("query", {}), ("scope", "query"), tuple(_KINDS)).items():
            problem = query_error(self.text(expression, ("scope", "query", plural)))
            if problem:
                self.wrong(("scope", "query", plural), f"{expression!r} {problem}")
            elif plural in _KINDS:
                query[_KINDS[plural]] = str(expression)
        return Scope(
            self.patterns(parts.get("include", {}), ("scope", "include")),
            self.patterns(parts.get("exclude", {}), ("scope", "exclude")),
            query,
            self.patterns(never_touch, ("never_touch",)),
        )

    def patterns(self, value: t.Any, path: Path) -> Patterns:
        found: dict[str, tuple[str, ...]] = {}
        for plural, names in self.mapping(value, path, tuple(_KINDS)).items():
            if plural in _KINDS:
                given = self.items(names, (*path, plural))
                found[_KINDS[plural]] = tuple(self.text(name, (*path, plural, index)) for index, name in enumerate(given))
        return found

    def targets(self, value: t.Any) -> Targets:
        bounds = {"rto_minutes": (1, 100_000), "rpo_minutes": (0, 100_000), "freshness_hours": (1, 10_000)}
        given = self.mapping(value or {}, ("targets",), (*bounds, "step_minutes"))
        steps = self.numbers(given.pop("step_minutes", None), ("targets", "step_minutes"), dict.fromkeys(STEPS, (1, 100_000)))
        return Targets(**self.numbers(given, ("targets",), bounds), step_minutes=steps)

    def numbers(self, value: t.Any, path: Path, bounds: t.Mapping[str, tuple[int, int]]) -> dict[str, int]:
        found: dict[str, int] = {}
        for name, number in self.mapping(value or {}, path, tuple(bounds)).items():
            if name not in bounds:
                continue
            low, high = bounds[name]
            if isinstance(number, bool) or not isinstance(number, int) or not low <= number <= high:
                self.wrong((*path, name), f"{number!r} is not a whole number from {low} to {high}")
            else:
                found[name] = number
        return found

    def origin(self, entry: t.Mapping[str, t.Any], path: Path) -> str:
        return self.word(entry.get("origin", MANUAL), (*path, "origin"), (GENERATED, MANUAL))
