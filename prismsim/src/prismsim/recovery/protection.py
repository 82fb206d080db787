# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is protected, to where, since when, and how old the newest recovery point there is. Reads only.

Nothing is copied when a recovery point is taken: its moment follows from the schedule, its content from the VM's past.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from prismsim.objects import Document, Record
from prismsim.recovery import past
from prismsim.site import Site

#: Members of a VM that are never shown: a copy that a test made (the plan), one that was given up when the VM was recovered
#: elsewhere, and one whose protection is paused (the plan).
TEST_OF = "_test_of"
GIVEN_UP = "_given_up"
PAUSED_BY = "_paused_by"
#: Objectives up to this many seconds are minutely schedules (NearSync).
NEAR_SYNC_SECONDS = 15 * 60
_INTERVALS = {"HOURLY": 3600, "DAILY": 86400, "WEEKLY": 7 * 86400, "MONTHLY": 30 * 86400, "YEARLY": 365 * 86400}


@dataclass(frozen=True)
class Protection:
    """One VM replicates from where it runs to one other place, as one schedule of a policy says."""

    policy: Record
    schedule: Document
    site: Site
    vm: Record
    target: Site
    #: The cluster of the target that the points go to.
    cluster: str
    #: Since when the policy has covered this VM.
    since: float

    @property
    def objective(self) -> int:
        """The recovery point objective in seconds; 0 is synchronous."""
        return int(self.schedule["recoveryPointObjectiveTimeSeconds"])

    @property
    def cut_since(self) -> float | None:
        """Since when nothing has passed to the target, or None."""
        return self.site.outages.cut_since(self.vm.document["cluster"]["extId"], self.cluster)

    def moments(self) -> list[float]:
        """When the recovery points that the target still has were taken, oldest first."""
        limit = self.site.clock.now() if self.cut_since is None else self.cut_since
        limit -= self.site.profile.replication
        if self.schedule.get("isReplicationPaused"):
            limit = min(limit, self.policy.document.get("_paused_at", limit))
        if limit < self.since:
            return []
        if self.objective == 0:
            return [limit]
        last = int((limit - self.since) // self.objective)
        first = max(0, last - _kept(self.schedule, "remote") + 1)
        return [self.since + self.objective * number for number in range(first, last + 1)]

    def moment(self, at_most: float | None = None) -> float | None:
        """When the newest recovery point (of those not younger than ``at_most``) was taken, or None."""
        found = [moment for moment in self.moments() if at_most is None or moment <= at_most]
        return found[-1] if found else None

    @property
    def lag(self) -> float | None:
        """How much would be lost now, or was lost when the source went down: seconds; None without a recovery point."""
        newest = self.moment()
        down = self.site.outages.down_since(self.vm.document["cluster"]["extId"])
        return None if newest is None else (self.site.clock.now() if down is None else down) - newest

    @property
    def status(self) -> str:
        """IN_SYNC, SYNCING (before the first point) or OUT_OF_SYNC."""
        if self.lag is None:
            return "SYNCING" if self.cut_since is None else "OUT_OF_SYNC"
        if self.objective == 0:
            paused = self.schedule.get("isReplicationPaused")
            return "OUT_OF_SYNC" if self.cut_since is not None or paused else "IN_SYNC"
        return "IN_SYNC" if self.lag <= self.objective + self.site.profile.replication + 1 else "OUT_OF_SYNC"


def _kept(schedule: Document, side: str) -> int:
    """How many recovery points the retention keeps on one side."""
    retention = schedule.get("retention") or {}
    rule: Any = retention.get(side, retention.get("local", 1))
    if isinstance(rule, int):
        return max(1, rule)
    span = _INTERVALS[rule["snapshotIntervalType"]] * rule["frequency"]
    return int(max(1, min(span // max(1, schedule["recoveryPointObjectiveTimeSeconds"]), 100)))


def is_member(vm: Document) -> bool:
    """Whether a VM takes part in protection and recovery at all: no test copy, none that was given up."""
    return TEST_OF not in vm and GIVEN_UP not in vm


def covering(site: Site, vm: Document) -> list[Record]:
    """The protection policies that cover a VM, by its categories and the cluster on which it runs."""
    if not is_member(vm) or PAUSED_BY in vm or not site.objects.count("protection_policy"):
        return []
    return [policy for policy in site.objects.all("protection_policy") if _covers(site, policy.document, vm)]


def _covers(site: Site, policy: Document, vm: Document) -> bool:
    wanted = set(policy.get("categoryIds") or ())
    return bool(wanted.intersection(entry["extId"] for entry in vm.get("categories") or ())) and _source(site, policy, vm) is not None


def _source(site: Site, policy: Document, vm: Document) -> Document | None:
    """The location of a policy at which a VM runs."""
    cluster = vm["cluster"]["extId"]
    for location in policy["replicationLocations"]:
        named = clusters_of(location)
        if location["domainManagerExtId"] == site.domain_manager_id and (not named or cluster in named):
            found: Document = location
            return found
    return None


def protections(site: Site, vm: Record) -> list[Protection]:
    """All that protects a VM elsewhere, policy by policy."""
    return [found for policy in covering(site, vm.document) for found in _by_policy(site, vm, policy)]


def _by_policy(site: Site, vm: Record, policy: Record) -> Iterator[Protection]:
    source = _source(site, policy.document, vm.document)

    def covered(then: Document) -> bool:
        return is_member(then) and PAUSED_BY not in then and _covers(site, policy.document, then)

    since = max(policy.document["_since"], past.since(site, vm, covered))
    locations = {location["label"]: location for location in policy.document["replicationLocations"]}
    for configuration in policy.document["replicationConfigurations"]:
        remote = locations.get(configuration.get("remoteLocationLabel", ""))
        if source is None or configuration["sourceLocationLabel"] != source["label"] or remote is None:
            continue
        manager = remote["domainManagerExtId"]
        target = site if manager == site.domain_manager_id else site.peers.get(manager)
        cluster = _cluster(target, remote, vm.document["cluster"]["extId"]) if target else None
        if target is not None and cluster is not None:
            yield Protection(policy, configuration["schedule"], site, vm, target, cluster, since)


def _cluster(target: Site, location: Document, but: str) -> str | None:
    return next((ext_id for ext_id in clusters_of(location) or clusters(target) if ext_id != but), None)


def clusters_of(location: Document) -> list[str]:
    """The clusters that a location of a policy names; none means all."""
    found: list[str] = location.get("replicationSubLocation", {}).get("clusterExtIds") or []
    return found


def clusters(site: Site) -> list[str]:
    """The clusters of a site on which VMs can run."""
    return [record.id for record in site.objects.all("cluster") if "AOS" in record.document["config"]["clusterFunction"]]


def to(site: Site, vm: Record, target: Site) -> Protection | None:
    """What protects a VM at a target, the tightest first; None if nothing does."""
    found = [each for each in protections(site, vm) if each.target is target]
    return min(found, key=lambda each: each.objective, default=None)
