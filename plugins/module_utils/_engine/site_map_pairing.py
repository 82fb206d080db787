# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the section ``pairing`` of a site map: how its clusters are paired. Pure; what a remote site may be, its own table knows."""

from __future__ import annotations

import typing as t

from .._entities.remote_site import UNITS, remote_site
from .._model.entity import read_params
from .._model.entity_checks import check_whole
from .site_map import Pairing, SiteEntry
from .site_map_parts import PartReader

#: The options of a remote site that are the same for all halves. Its name, addresses and maps follow from the rest of the site map.
_OPTIONS = ("port", "capabilities", "proxy", "ssh_tunnel", "compression")
_AT = ("pairing",)


def read_pairing(reader: PartReader, value: t.Any, sites: t.Mapping[str, SiteEntry]) -> Pairing:
    """What is wrong goes to the reader's problems."""
    parts = reader.mapping({} if value is None else value, _AT, (*_OPTIONS, "bandwidth_policy", "bandwidth_unit", "addresses"))
    unit = reader.word(parts.get("bandwidth_unit", "bytes"), (*_AT, "bandwidth_unit"), sorted(UNITS))
    options = {name: parts[name] for name in _OPTIONS if name in parts}
    bandwidth = reader.mapping(parts.get("bandwidth_policy", {}), (*_AT, "bandwidth_policy"), tuple(sites))
    if unit in UNITS:
        # Read once for every site, as its remote sites will be.
        entity = remote_site(unit)
        where = reader.marked.where(*_AT)
        for name, params in (("", options), *((site, {"bandwidth_policy": policy}) for site, policy in bandwidth.items())):
            at = f"{where}: {name or 'pairing'}"
            canonical = read_params(entity, {"name": "any", **params}, reader.problems, at=at)
            check_whole(entity._replace(fields=()), canonical, reader.problems, at=at)
    return Pairing(options, bandwidth, _addresses(reader, parts.get("addresses", {}), sites), unit)


def _addresses(reader: PartReader, value: t.Any, sites: t.Mapping[str, SiteEntry]) -> dict[str, tuple[str, ...]]:
    at = (*_AT, "addresses")
    clusters = [name for entry in sites.values() for name in entry.clusters]
    found = {}
    for cluster, addresses in reader.mapping(value, at, clusters).items():
        texts = [reader.address(text, (*at, cluster, index)) for index, text in enumerate(reader.items(addresses, (*at, cluster)))]
        found[cluster] = tuple(filter(None, texts))
    return found
