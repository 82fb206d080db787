# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How names and addresses of one site are called on the other, by the site map. Pure; collects what the map leaves open."""

from __future__ import annotations

import ipaddress
import typing as t

from .._errors import Finding
from .._model.addresses import bounds, canonical_address, sort_addresses
from .._model.directory import Reference
from .site_map import EXCLUDE, MUST_BE_MAPPED, REWRITE, PrefixPair, SiteMap

_SHOWN = 3


class _Area(t.NamedTuple):
    """A mapped prefix: its bounds on the source, and what to add to an address in it (None: it is excluded)."""

    pair: PrefixPair
    version: int
    first: int
    last: int
    shift: int | None


class SiteTranslation:
    """A ``Translation`` (see ``_model.translate``) from one site of a pair to the other. Names and addresses that can't be translated
    are given back as they are and told by ``findings``; addresses of excluded prefixes are left out and told by ``left_out``."""

    def __init__(self, site_map: SiteMap, source: str, target: str) -> None:
        self.site_map = site_map
        self.source, self.target = source, target
        self.left_out: list[Finding] = []
        self._unmapped: dict[Reference, list[str]] = {}
        self._addresses: list[Finding] = []
        self._areas = _areas(site_map, source, target)

    @property
    def findings(self) -> list[Finding]:
        """Everything that could not be translated."""
        found = []
        for reference, users in sorted(self._unmapped.items()):
            more = len(users) - _SHOWN
            used = ", ".join(users[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
            section = f"{reference.kind}s"
            found.append(
                Finding(
                    self.site_map.where("maps", section),
                    f"{reference.kind.replace('_', ' ')} '{reference.name}' of {self.source} has no name on {self.target}; used by {used}",
                    f"add it to maps.{section}",
                )
            )
        return found + self._addresses

    def reference(self, kind: str, name: str, at: str) -> str:
        mapped = self.site_map.name_on(self.target, self.source, kind, name)
        if mapped is not None:
            return mapped
        if kind in MUST_BE_MAPPED:
            self._unmapped.setdefault(Reference(kind, name), []).append(at)
        return name

    def addresses(self, values: t.Sequence[str], at: str) -> list[str]:
        found = [one for one in (self._address(value, at) for value in values) if one is not None]
        if values and not found:
            self._tell(at, f"nothing is left of {', '.join(values)} on {self.target}, all of it is excluded", "exclude the object, or map the prefix")
            return list(values)
        return sort_addresses(found)

    def address(self, value: str) -> str:
        """A single address; as it is where the map excludes it or says nothing about it."""
        version, first, last = bounds(value)
        around = [area for area in self._areas if area.version == version and area.first <= first and last <= area.last]
        best = min(around, key=lambda area: area.last - area.first, default=None)
        return moved(value, best.shift or 0) if best else value

    def _address(self, value: str, at: str) -> str | None:
        version, first, last = bounds(value)
        touching = [area for area in self._areas if area.version == version and area.first <= last and first <= area.last]
        around = [area for area in touching if area.first <= first and last <= area.last]
        if not touching:
            return value
        if not around:
            return self._unmapped_whole(value, (first, last), touching, at)
        best = min(around, key=lambda area: area.last - area.first)
        inner = [area for area in touching if area not in around and area.shift != best.shift]
        if inner:
            self._partly(value, inner, at)
            return value
        if best.shift is None:
            self.left_out.append(Finding(at, f"{value} is left out on {self.target}", f"{best.pair.prefixes[self.source]} is excluded in the site map"))
            return None
        return moved(value, best.shift)

    def _unmapped_whole(self, value: str, span: tuple[int, int], inner: t.Sequence[_Area], at: str) -> str:
        """No entry covers the value. It stays if it holds what it maps to as well (10.0.0.0/8 holds both sites), else it is told."""
        first, last = span
        open_areas = [
            area
            for area in inner
            if area.shift is None or not (first <= area.first and area.last <= last and first <= area.first + area.shift and area.last + area.shift <= last)
        ]
        if open_areas:
            self._partly(value, open_areas, at)
        return value

    def _partly(self, value: str, areas: t.Sequence[_Area], at: str) -> None:
        prefixes = ", ".join(area.pair.prefixes[self.source] for area in areas[:_SHOWN])
        self._tell(at, f"{value} is only partly covered by {prefixes}", f"map {value} as a whole, or split it in the object", areas[0])

    def _tell(self, at: str, problem: str, fix: str, area: _Area | None = None) -> None:
        path = area.pair.at if area else ("maps", "ip_prefixes")
        self._addresses.append(Finding(self.site_map.where(*path), f"{at}: {problem}", fix))


def _areas(site_map: SiteMap, source: str, target: str) -> list[_Area]:
    areas: list[_Area] = []
    if source == target:
        return areas
    for pair in site_map.prefixes:
        own = pair.prefixes.get(source)
        if own is None and pair.mode != EXCLUDE:
            own = pair.prefixes.get(target)
        if own is None:
            continue
        version, first, last = bounds(own)
        shift: int | None = 0
        if pair.mode == EXCLUDE:
            shift = None
        elif pair.mode == REWRITE:
            shift = bounds(pair.prefixes[target])[1] - first
        areas.append(_Area(pair._replace(prefixes={**pair.prefixes, source: own}), version, first, last, shift))
    return areas


def moved(value: str, shift: int) -> str:
    """A canonical address, prefix or range, moved by a number of addresses."""
    if not shift:
        return value
    version, first, last = bounds(value)
    kind = ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address
    if "-" in value:
        return canonical_address(f"{kind(first + shift)}-{kind(last + shift)}")
    length = value.partition("/")[2]
    return canonical_address(f"{kind(first + shift)}/{length}" if length else str(kind(first + shift)))
