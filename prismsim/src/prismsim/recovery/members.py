# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a recovery plan recovers in one direction: its VMs stage by stage, and how each is to be recovered. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from prismsim.crud import children
from prismsim.objects import Document, Record
from prismsim.recovery.protection import clusters, is_member
from prismsim.relocation import category_names
from prismsim.site import Site

_SETTING = "datapolicies.v4.config."


@dataclass(frozen=True)
class Route:
    """One direction of a failover."""

    source: Site
    target: Site
    #: The clusters of the source that it is about; empty means all.
    source_clusters: frozenset[str]
    #: The cluster of the target on which VMs appear.
    cluster: str
    #: From the plan's primary to its recovery location.
    forward: bool


@dataclass(frozen=True)
class Stage:
    """A stage of a plan with the VMs that it recovers now, and the ids of those that are nowhere."""

    record: Record
    vms: list[tuple[Route, Record]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def delay(self) -> int:
        """The seconds to wait after it."""
        return sum(action["config"]["delaySecs"] for action in self.record.document.get("postActions") or ())


def routes(site: Site, plan: Record, directions: list[Document]) -> list[Route] | None:
    """The directions of a call, or None when they are not those of the plan."""
    found: list[Route] = []
    sites = {site.domain_manager_id: site, **site.peers}
    ends = [plan.document[name]["domainManagerExtId"] for name in ("primaryLocation", "recoveryLocation")]
    for direction in directions:
        pair = [direction["sourceDomainManagerExtId"], direction["targetDomainManagerExtId"]]
        named = [direction.get(name, {}).get("extId") for name in ("sourceCluster", "targetCluster")]
        if sorted(pair) != sorted(ends) or (pair[0] == pair[1] and None in named) or not all(manager in sites for manager in pair):
            return None
        source, target = sites[pair[0]], sites[pair[1]]
        primary = clusters_of(plan.document["primaryLocation"])
        forward = pair[0] == ends[0] if pair[0] != pair[1] else named[0] in primary
        source_side, target_side = ("primaryLocation", "recoveryLocation") if forward else ("recoveryLocation", "primaryLocation")
        there = [named[1]] if named[1] else clusters_of(plan.document[target_side]) or clusters(target)
        if not there:
            return None
        limits = [named[0]] if named[0] else clusters_of(plan.document[source_side])
        found.append(Route(source, target, frozenset(limits), there[0], forward))
    return found or None


def clusters_of(location: Document) -> list[str]:
    """The clusters that a location of a plan names; none means all."""
    return [reference["extId"] for reference in location.get("clusters") or ()]


def stages(site: Site, plan: Record, ways: list[Route]) -> list[Stage]:
    """The VM stages in the order of their priority; a VM belongs to the first one that names it."""
    taken: set[str] = set()
    found: list[Stage] = []
    ordered = sorted(children(site, plan, "recovery_stage"), key=lambda stage: int(stage.document["priority"]))
    for record in ordered:
        if record.document["entityType"] != "VM":
            continue
        wanted = {reference["extId"] for reference in record.document.get("entities") or ()}
        names = _names(site, ways, record)
        stage = Stage(record)
        for way in ways:
            for vm in _at_source(way):
                if vm.id not in taken and (vm.id in wanted or names.intersection(category_names(way.source, vm.document.get("categories", [])))):
                    stage.vms.append((way, vm))
                    taken.add(vm.id)
        stage.lost.extend(sorted(ext_id for ext_id in wanted - taken if not _anywhere(ways, ext_id)))
        found.append(stage)
    return found


def _names(site: Site, ways: list[Route], part: Record) -> set[str]:
    """The names of the categories of a stage or setting; one that is gone here is known from the copy at the source."""
    ids = _category_ids(part.document)
    found = category_names(site, [{"extId": ext_id} for ext_id in ids])
    if len(found) < len(ids):
        for way in ways:
            copy = way.source.objects.find(part.kind, part.id)
            found += category_names(way.source, [{"extId": ext_id} for ext_id in (_category_ids(copy.document) if copy else [])])
    return set(found)


def _category_ids(part: Document) -> list[str]:
    named = part.get("recoverySetting", {}).get("vmCategoryExtId")
    return [named] if named else list(part.get("categoryExtIds") or ())


def _at_source(way: Route) -> Iterator[Record]:
    for vm in way.source.objects.all("vm"):
        if is_member(vm.document) and (not way.source_clusters or vm.document["cluster"]["extId"] in way.source_clusters):
            yield vm


def _anywhere(ways: list[Route], ext_id: str) -> bool:
    return any(way.target.objects.find("vm", ext_id) for way in ways)


@dataclass(frozen=True)
class Settings:
    """The recovery settings of a plan that are about one VM."""

    power: str = "ON"
    script_seconds: int | None = None
    #: Addresses by (network mapping, address at the source, whether it is a test).
    addresses: dict[tuple[str, str, bool], str] = field(default_factory=dict)


def settings(site: Site, plan: Record, way: Route, vm: Record) -> Settings:
    """How a VM is to be recovered: its own setting before that of a category."""
    names = set(category_names(way.source, vm.document.get("categories", [])))
    chosen: Document = {}
    for record in children(site, plan, "recovery_setting"):
        inner = record.document["recoverySetting"]
        kind = inner["$objectType"].removeprefix(_SETTING)
        if kind == "VmRecoverySetting" and inner["vm"]["extId"] == vm.id:
            chosen = inner
            break
        if kind == "VmCategoryRecoverySetting" and names & _names(site, [way], record):
            chosen = inner
    script = chosen.get("inGuestScriptExecutionConfig") or {}
    seconds = script.get("timeoutSecs", 120) if script.get("isEnabled") else None
    return Settings(chosen.get("powerState", "ON"), seconds, dict(_addresses(chosen, way.forward)))


def _addresses(setting: Document, forward: bool) -> Iterator[tuple[tuple[str, str, bool], str]]:
    here, there = ("primary", "recovery") if forward else ("recovery", "primary")
    for mapping in setting.get("ipMappings") or ():
        before = mapping[f"{here}Ip"]["ipv4"]["value"]
        yield (mapping["networkMappingExtId"], before, False), mapping[f"{there}Ip"]["ipv4"]["value"]
        test = mapping.get(f"{there}TestIp")
        if test:
            yield (mapping["networkMappingExtId"], before, True), test["ipv4"]["value"]
