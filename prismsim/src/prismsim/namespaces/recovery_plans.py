# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recovery plans and their parts (contract/v4 section 11.3): what may be written. What a plan does: ``recovery``."""

from __future__ import annotations

from prismsim import crud
from prismsim.crud import PARENT, Parent, Resource, register
from prismsim.errors import Message
from prismsim.namespaces.protection_policies import invalid, unknown_categories, unpaired
from prismsim.objects import Document, Record
from prismsim.recovery import mirror
from prismsim.recovery.members import clusters_of
from prismsim.registry import Outcome
from prismsim.site import ADMIN, Site

_PARTS = ("recovery_stage", "network_mapping", "recovery_setting", "data_services_ip_mapping")
_SCOPES = {"VmRecoverySetting": "VM", "VmCategoryRecoverySetting": "VM_CATEGORY", "VolumeGroupRecoverySetting": "VOLUME_GROUP"}
_NETWORKS = ("primaryNetwork", "recoveryNetwork", "primaryTestNetwork", "recoveryTestNetwork")


def _check_plan(site: Site, document: Document, old: Record | None) -> list[Message]:
    managers = mirror.managers(document)
    found = unpaired(site, managers)
    if site.domain_manager_id not in managers:
        found.append(invalid("Neither location of the recovery plan is this domain manager."))
    sides = [set(clusters_of(document[name])) for name in ("primaryLocation", "recoveryLocation")]
    if len(managers) == 1 and (not all(sides) or sides[0] & sides[1]):
        found.append(invalid("With both locations on one domain manager, each must name clusters, and not the same ones."))
    for name in ("primaryLocation", "recoveryLocation"):
        if document[name]["domainManagerExtId"] == site.domain_manager_id:
            lost = [ext_id for ext_id in clusters_of(document[name]) if site.objects.find("cluster", ext_id) is None]
            found += [invalid(f"The cluster {ext_id} was not found.") for ext_id in lost]
    return found


def _prepare_plan(site: Site, document: Document, old: Record | None) -> Document:
    paused = bool(old and old.document["isProtectionPausedPostFailover"])
    return {"ownerExtId": ADMIN, **document, "isProtectionPausedPostFailover": paused}


def _noticed_plan(site: Site, record: Record, removed: bool) -> None:
    if removed:
        mirror.remove_with_parts(site, record, _PARTS)
    else:
        mirror.copy(site, record, removed)


def _check_stage(site: Site, document: Document, old: Record | None) -> list[Message]:
    entities = [reference["extId"] for reference in document.get("entities") or ()]
    categories = document.get("categoryExtIds") or []
    found = [] if entities or categories else [invalid("A stage needs entities or categoryExtIds.")]
    if document["entityType"] == "VOLUME_GROUP" and document.get("priority", 1) != 1:
        found.append(invalid("The priority of a stage of volume groups can only be 1."))
    before = old.document if old else {}
    known = {reference["extId"] for reference in before.get("entities") or ()}
    if document["entityType"] == "VM":
        found += [invalid(f"The VM {ext_id} was not found.") for ext_id in entities if ext_id not in known and not _somewhere(site, "vm", ext_id)]
    return found + unknown_categories(site, categories, before.get("categoryExtIds") or [])


def _somewhere(site: Site, kind: str, ext_id: str) -> bool:
    """Whether this Prism Central or another one that answers has an object."""
    return any(each.objects.find(kind, ext_id) for each in (site, *site.peers.values()) if each.answers)


def _prepare_stage(site: Site, document: Document, old: Record | None) -> Document:
    return {"priority": 1, **document}


def _check_mapping(site: Site, document: Document, old: Record | None) -> list[Message]:
    found: list[Message] = []
    for name in _NETWORKS:
        network = document.get(name)
        if network is None:
            continue
        if ("subnetExtId" in network) == ("subnetName" in network):
            found.append(invalid(f"{name} needs exactly one of subnetExtId and subnetName."))
        elif "subnetExtId" in network:
            found += _check_subnet(site, document, name, network)
    return found


def _check_subnet(site: Site, document: Document, name: str, network: Document) -> list[Message]:
    """A subnet given by id: it exists on its own side, and an overlay subnet comes with its VPC."""
    plan = site.objects.find("recovery_plan", document[PARENT])
    side = "primaryLocation" if name.startswith("primary") else "recoveryLocation"
    if plan is None or plan.document[side]["domainManagerExtId"] != site.domain_manager_id:
        return []
    subnet = site.objects.find("subnet", network["subnetExtId"])
    if subnet is None:
        return [invalid(f"The subnet {network['subnetExtId']} of {name} was not found.")]
    if subnet.document["subnetType"] == "OVERLAY" and "vpc" not in network:
        return [invalid(f"{name} is an overlay subnet and needs its VPC.")]
    return []


def _prepare_mapping(site: Site, document: Document, old: Record | None) -> Document:
    return {"isIpMappingEnabled": False, **document}


def _check_setting(site: Site, document: Document, old: Record | None) -> list[Message]:
    setting = document["recoverySetting"]
    kind = setting["$objectType"].rpartition(".")[2]
    found: list[Message] = []
    if document.get("scope", _SCOPES[kind]) != _SCOPES[kind]:
        found.append(invalid(f"A {kind} goes with the scope {_SCOPES[kind]}, not {document['scope']}."))
    if kind == "VmCategoryRecoverySetting":
        before = [old.document["recoverySetting"].get("vmCategoryExtId")] if old else []
        found += unknown_categories(site, [setting["vmCategoryExtId"]], before)
    if kind == "VmRecoverySetting":
        if old is None and not _somewhere(site, "vm", setting["vm"]["extId"]):
            found.append(invalid(f"The VM {setting['vm']['extId']} was not found."))
        mappings = [mapping["networkMappingExtId"] for mapping in setting.get("ipMappings") or ()]
        found += [invalid(f"The network mapping {ext_id} is not part of this plan.") for ext_id in mappings if not _own(site, document, ext_id)]
    return found


def _own(site: Site, document: Document, mapping: str) -> bool:
    found = site.objects.find("network_mapping", mapping)
    return found is not None and found.document[PARENT] == document[PARENT]


def _prepare_setting(site: Site, document: Document, old: Record | None) -> Document:
    return {"scope": _SCOPES[document["recoverySetting"]["$objectType"].rpartition(".")[2]], **document}


def _told(site: Site, resource: Resource, record: Record) -> Outcome:
    """How the task of a part names it was never seen (contract/v4 section 4): here it names the plan, and the part by a switch."""
    if site.switches.plan_parts_named_in_task:
        return Outcome([crud.affected(resource, record)], record=record)
    plan = site.objects.find("recovery_plan", record.document[PARENT])
    return Outcome([crud.affected(RECOVERY_PLAN, plan)] if plan else [], record=record)


def _running_jobs(site: Site, record: Record) -> list[Record]:
    jobs = site.objects.users(record.id, "recovery_plan_job")
    return [job for job in jobs if job.document["status"] in ("QUEUED", "RUNNING")]


RECOVERY_PLAN = Resource(
    "datapolicies", "recovery_plan", "recovery_plans", "recovery_plan", "datapolicies.v4.config.RecoveryPlan",
    "datapolicies:config:recovery-plan", "recovery plan", server_set=frozenset({"isProtectionPausedPostFailover"}),
    check=_check_plan, prepare=_prepare_plan, noticed=_noticed_plan, in_use=_running_jobs, delete_needs_etag=True,
)  # fmt: skip


_BELOW = Parent("recoveryPlanExtId", "recovery_plan", "recovery plan")
STAGE = Resource(
    "datapolicies", "recovery_stage", "recovery_stages", "recovery_stage", "datapolicies.v4.config.RecoveryStage",
    "datapolicies:config:recovery-stage", "recovery stage", check=_check_stage, prepare=_prepare_stage, noticed=mirror.copy,
    told=_told, delete_needs_etag=True, names_are_unique=False, parent=_BELOW,
)  # fmt: skip
NETWORK_MAPPING = Resource(
    "datapolicies", "network_mapping", "network_mappings", "network_mapping", "datapolicies.v4.config.NetworkMapping",
    "datapolicies:config:network-mapping", "network mapping", check=_check_mapping, prepare=_prepare_mapping, noticed=mirror.copy,
    told=_told, delete_needs_etag=True, names_are_unique=False, parent=_BELOW,
)  # fmt: skip
RECOVERY_SETTING = Resource(
    "datapolicies", "recovery_setting", "recovery_settings", "recovery_setting", "datapolicies.v4.config.RecoverySetting",
    "datapolicies:config:recovery-setting", "recovery setting", check=_check_setting, prepare=_prepare_setting, noticed=mirror.copy,
    told=_told, delete_needs_etag=True, names_are_unique=False, parent=_BELOW,
)  # fmt: skip
DATA_SERVICES_IP_MAPPING = Resource(
    "datapolicies", "data_services_ip_mapping", "data_services_ip_mappings", "data_services_ip_mapping",
    "datapolicies.v4.config.DataServicesIpMapping", "datapolicies:config:data-services-ip-mapping", "data services IP mapping",
    noticed=mirror.copy, told=_told, delete_needs_etag=True, names_are_unique=False, parent=_BELOW,
)  # fmt: skip

for _resource in (RECOVERY_PLAN, STAGE, NETWORK_MAPPING, RECOVERY_SETTING, DATA_SERVICES_IP_MAPPING):
    register(_resource)
