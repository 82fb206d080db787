# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protection policies and their consistency rules (contract/v4 section 11.1): what may be written. What they do: ``recovery``."""

from __future__ import annotations

import uuid
from itertools import permutations
from typing import Any

from prismsim.crud import PARENT, Parent, Resource, children, register
from prismsim.errors import Message
from prismsim.objects import Document, Record
from prismsim.recovery import mirror
from prismsim.recovery.protection import clusters_of
from prismsim.registry import Outcome
from prismsim.site import ADMIN, Site

_MAX_LOCATIONS = 3
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
#: The objectives that roll-up retention goes with, in seconds.
_ROLLUP = frozenset([_MINUTE * n for n in (1, 2, 3, 4, 5, 6, 10, 12, 15)] + [_HOUR * n for n in (1, 2, 3, 4, 6, 8, 12)] + [_DAY, 7 * _DAY, 14 * _DAY])


def invalid(text: str) -> Message:
    """What is refused because it makes no sense."""
    return Message(text, "DP-10400", "INVALID_INPUT")


def unknown_categories(site: Site, ids: list[str], old: list[str]) -> list[Message]:
    """Categories that exist nowhere here; those that the object had before are left alone."""
    gone = [ext_id for ext_id in ids if ext_id not in old and site.objects.find("category", ext_id) is None]
    return [Message(f"The following categories were not found: {', '.join(gone)}.", "DP-10404", "RESOURCE_NOT_FOUND")] if gone else []


def unpaired(site: Site, managers: list[str]) -> list[Message]:
    """Prism Centrals that are neither this one nor registered with it."""
    known = {record.document.get("remoteClusterExtId") for record in site.objects.all("registration")} | {site.domain_manager_id}
    return [invalid(f"The domain manager {manager} is not registered with this one.") for manager in managers if manager not in known]


def _check(site: Site, document: Document, old: Record | None) -> list[Message]:
    before = old.document.get("categoryIds", []) if old else []
    return [
        *_locations(site, document["replicationLocations"]),
        *_configurations(document),
        *(message for each in document["replicationConfigurations"] for message in _schedule(each["schedule"], old)),
        *unknown_categories(site, document.get("categoryIds", []), before),
    ]


def _locations(site: Site, locations: list[Document]) -> list[Message]:
    found = unpaired(site, [location["domainManagerExtId"] for location in locations])
    labels = [location["label"] for location in locations]
    if not 1 <= len(locations) <= _MAX_LOCATIONS:
        found.append(invalid(f"A protection policy has 1 to {_MAX_LOCATIONS} locations, not {len(locations)}."))
    if len(set(labels)) != len(labels):
        found.append(invalid("The labels of the locations must differ."))
    primaries = [location["label"] for location in locations if location.get("isPrimary")]
    if len(primaries) != 1:
        found.append(invalid(f"Exactly one location must be primary, not {len(primaries)}."))
    for location in locations:
        clusters = clusters_of(location)
        if len(clusters) > 1 and not location.get("isPrimary"):
            found.append(invalid(f"Only the primary location may name several clusters; {location['label']} does."))
        if location["domainManagerExtId"] == site.domain_manager_id:
            found += [invalid(f"The cluster {ext_id} was not found.") for ext_id in clusters if site.objects.find("cluster", ext_id) is None]
    return found


def _configurations(document: Document) -> list[Message]:
    """Each pair with the primary in both directions; labels that exist; no object store as a source."""
    labels = {location["label"]: location for location in document["replicationLocations"]}
    pairs = [(each["sourceLocationLabel"], each.get("remoteLocationLabel")) for each in document["replicationConfigurations"]]
    named = [label for pair in pairs for label in pair if label is not None]
    found = [invalid(f"There is no location with the label {label}.") for label in dict.fromkeys(named) if label not in labels]
    stores = [label for label, location in labels.items() if _is_store(location)]
    found += [invalid(f"The location {source} is an object store and cannot be a source.") for source, _remote in pairs if source in stores]
    if len(set(pairs)) != len(pairs):
        found.append(invalid("Two configurations have the same source and remote location."))
    primary = next((label for label, location in labels.items() if location.get("isPrimary")), None)
    for source, remote in permutations([label for label in labels if label not in stores], 2):
        if primary in (source, remote) and (source, remote) not in pairs:
            found.append(invalid(f"The replication from {source} to {remote} is not configured; both directions must be."))
    return found


def _is_store(location: Document) -> bool:
    kind: str = location.get("replicationSubLocation", {}).get("$objectType", "")
    return kind.endswith(".Mst")


def _schedule(schedule: Document, old: Record | None) -> list[Message]:
    objective = schedule["recoveryPointObjectiveTimeSeconds"]
    rollup = schedule.get("retention", {}).get("$objectType", "").endswith(".AutoRollupRetention")
    found: list[Message] = []
    if objective % _MINUTE:
        found.append(invalid(f"The recovery point objective must be a multiple of 60 seconds, not {objective}."))
    elif rollup and objective not in _ROLLUP:
        found.append(invalid(f"Roll-up retention does not go with a recovery point objective of {objective} seconds."))
    if schedule.get("isReplicationPaused") and old is not None and objective:
        found.append(invalid("Only synchronous replication can be paused."))
    if old is None and schedule.get("scheduleExtId"):
        found.append(invalid("scheduleExtId is set by the server."))
    return found


def _prepare(site: Site, document: Document, old: Record | None) -> Document:
    known = {each["schedule"].get("scheduleExtId"): each for each in old.document["replicationConfigurations"]} if old else {}
    configurations = [_scheduled(site, each, each["schedule"].get("scheduleExtId") in known, old is None) for each in document["replicationConfigurations"]]
    now = site.clock.now()
    moments = {"_since": old.document["_since"] if old else now}
    if any(each["schedule"].get("isReplicationPaused") for each in configurations):
        moments["_paused_at"] = old.document.get("_paused_at", now) if old else now
    return {"ownerExtId": ADMIN, **document, "replicationConfigurations": configurations, **moments}


def _scheduled(site: Site, configuration: Document, keeps_id: bool, new: bool) -> Document:
    schedule: dict[str, Any] = {"recoveryPointType": "CRASH_CONSISTENT", **configuration["schedule"]}
    if not keeps_id:
        schedule["scheduleExtId"] = str(uuid.uuid4())
    if new:
        schedule.pop("isReplicationPaused", None)
    return {**configuration, "schedule": schedule}


def _noticed(site: Site, record: Record, removed: bool) -> None:
    if removed:
        mirror.remove_with_parts(site, record, ("consistency_rule",))
    else:
        mirror.copy(site, record, removed)
    site.objects.clear()  # the VMs that it covers look otherwise now


def _told(site: Site, resource: Resource, record: Record) -> Outcome:
    """The task names no entity (contract/v4 section 4)."""
    return Outcome(details=[("protectionPolicyExtId", record.id)], record=record)


def _check_rule(site: Site, document: Document, old: Record | None) -> list[Message]:
    policy = site.objects.find("protection_policy", document[PARENT])
    if policy is None:
        return []
    mates = [rule for rule in children(site, policy, "consistency_rule") if rule.id != document["extId"]]
    taken = any(rule.document["name"] == document["name"] for rule in mates)
    found = [Message(f"A consistency rule with the name {document['name']} already exists.", "PRISMSIM-10001", "DUPLICATE_NAME")] if taken else []
    return found + unknown_categories(site, document["categoryIds"], old.document["categoryIds"] if old else [])


PROTECTION_POLICY = Resource(
    "datapolicies", "protection_policy", "protection_policies", "protection_policy",
    "datapolicies.v4.config.ProtectionPolicy", "datapolicies:config:protection-policy", "protection policy",
    check=_check, prepare=_prepare, noticed=_noticed, told=_told,
)  # fmt: skip
CONSISTENCY_RULE = Resource(
    "datapolicies", "consistency_rule", "consistency_rules_by_protection_policy_id", "consistency_rule",
    "datapolicies.v4.config.ConsistencyRule", "datapolicies:config:consistency-rule", "consistency rule",
    check=_check_rule, names_are_unique=False, parent=Parent("protectionPolicyExtId", "protection_policy", "protection policy"),
    noticed=mirror.copy,
)  # fmt: skip

register(PROTECTION_POLICY)
register(CONSISTENCY_RULE)
