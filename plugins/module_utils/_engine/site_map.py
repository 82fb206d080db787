# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a site map says: the pair, its sites, what is called what on which of them, and the limits. Pure; no file, no site."""

from __future__ import annotations

import typing as t

from .._evidence.marked import Marked, Path
from .scope import Scope

# Sections of ``maps`` that pair names -> the kind of object they name. A name that is not mapped is refused for the first three,
# and is the same on both sites for the others.
NAME_MAPS = {
    "vpcs": "vpc",
    "subnets": "subnet",
    "network_functions": "network_function",
    "categories": "category",
    "clusters": "cluster",
    "containers": "container",
    "projects": "project",
    "remote_sites": "remote_site",
    "recovery_plans": "recovery_plan",
}
MUST_BE_MAPPED = frozenset({"vpc", "subnet", "network_function"})
# Sections in which several names of one site may lead to one name of the other.
MANY_TO_ONE = frozenset({"containers"})
# Sections in which a name alone stands for an object that is called the same on both sites. The order in the file is kept.
SAME_NAME = frozenset({"recovery_plans"})
TOPOLOGIES = ("two_pc", "single_pc")
TRANSPORTS = ("baseline", "native", "verify_only")
SAME, REWRITE, EXCLUDE = "same", "rewrite", "exclude"
GENERATED, MANUAL = "generated", "manual"


class SiteEntry(t.NamedTuple):
    """One site of the pair."""

    prism_central: str = ""
    host: str = ""
    clusters: tuple[str, ...] = ()


class NamePair(t.NamedTuple):
    """What one object is called on each site. ``at`` is its path in the file. ``only_from`` is the site from which alone it leads
    to the other, empty when it leads both ways: where two containers go to one, only one of them can be the way back."""

    names: t.Mapping[str, str]
    origin: str
    at: Path
    only_from: str = ""

    def leads_from(self, site: str) -> bool:
        return self.only_from in ("", site)


class PrefixPair(t.NamedTuple):
    """What becomes of the addresses of a prefix. ``same`` and ``exclude`` may name one site only."""

    prefixes: t.Mapping[str, str]
    mode: str
    origin: str
    at: Path


class GroupOverride(t.NamedTuple):
    """The addresses of an address group on each site, instead of translated ones."""

    name: str
    addresses: t.Mapping[str, tuple[str, ...]]
    at: Path


class DomainEntry(t.NamedTuple):
    """A protection domain that moves with a failover. ``clusters`` tells by site id where it lives, empty if there is only one pair."""

    name: str
    clusters: t.Mapping[str, str]
    at: Path


class Limits(t.NamedTuple):
    """How far one plan may go without being told to."""

    max_vm_percent: int = 25
    max_deletes: int = 10


class Targets(t.NamedTuple):
    """What a failover is measured against, in minutes; None: no target. ``freshness_hours``: how old a baseline may be;
    ``step_minutes``: how long single steps of a run may take."""

    rto_minutes: int | None = None
    rpo_minutes: int | None = None
    freshness_hours: int = 24
    step_minutes: t.Mapping[str, int] = {}


class Pairing(t.NamedTuple):
    """How clusters are paired. ``options`` as the options of a remote site, the same for all halves; ``bandwidth`` by the site whose
    clusters send; ``addresses`` by the cluster that is reached there, instead of those that it tells itself; ``unit`` is how the API
    counts bandwidth."""

    options: t.Mapping[str, t.Any] = {}
    bandwidth: t.Mapping[str, t.Mapping[str, t.Any]] = {}
    addresses: t.Mapping[str, tuple[str, ...]] = {}
    unit: str = "bytes"


class SiteMap(t.NamedTuple):
    """A site map as read, free of contradictions. ``where`` gives file and line of a path for messages.
    ``pairing`` is None where the map says nothing of it: then nobody has said that the clusters are to be paired."""

    pair: str
    topology: str
    policy_transport: str
    sites: t.Mapping[str, SiteEntry]
    names: t.Mapping[str, tuple[NamePair, ...]]
    prefixes: tuple[PrefixPair, ...]
    address_groups: tuple[GroupOverride, ...]
    protection_domains: tuple[DomainEntry, ...]
    scope: Scope
    limits: Limits
    targets: Targets
    marked: Marked
    pairing: Pairing | None = None

    def where(self, *path: str | int) -> str:
        return self.marked.where(*path)

    def name_on(self, target: str, source: str, kind: str, name: str) -> str | None:
        """What the object called ``name`` on ``source`` is called on ``target``; None if the map doesn't say."""
        if source == target:
            return name
        for section, of_kind in NAME_MAPS.items():
            if of_kind == kind:
                pairs = (pair for pair in self.names.get(section, ()) if pair.leads_from(source))
                return next((pair.names[target] for pair in pairs if pair.names[source] == name), None)
        return None

    def recovery_plans(self, site: str) -> tuple[str, ...]:
        """The recovery plans of the map as a site calls them, in the order in which they are run."""
        return tuple(pair.names[site] for pair in self.names.get("recovery_plans", ()))

    def override(self, site: str, group: str) -> tuple[str, ...] | None:
        """The addresses that a group has on a site whatever the baseline says; None without an override."""
        return next((item.addresses[site] for item in self.address_groups if item.name == group), None)
