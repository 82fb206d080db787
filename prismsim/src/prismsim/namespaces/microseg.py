# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flow Network Security: policies and the three kinds of groups (contract/v4 section 9). Knows what is allowed in each."""

from __future__ import annotations

import random
import uuid
from typing import Any

from prismsim import query
from prismsim.crud import Resource, find, full, page, register
from prismsim.errors import Message, Problem
from prismsim.namespaces.policy_rules import check_policy, derived_references
from prismsim.objects import Document, Record
from prismsim.registry import READS, Answer, Call
from prismsim.site import ADMIN, Site

_TIMES = frozenset({"creationTime", "lastUpdateTime"})
#: Contract/v4 section 9.9, enforced on demand only: GA servers may accept more.
_MAXIMA = {
    "rules": 80, "vpcReferences": 1, "securedGroupCategoryReferences": 10, "srcCategoryReferences": 10,
    "destCategoryReferences": 10, "srcAddressGroupReferences": 1, "destAddressGroupReferences": 1,
    "serviceGroupReferences": 160, "tcpServices": 160, "udpServices": 160, "icmpServices": 160,
    "firstIsolationGroup": 10, "secondIsolationGroup": 10, "ipv4Addresses": 250, "ipRanges": 250,
}  # fmt: skip
_SHUFFLED = ("securedGroupCategoryReferences", "firstIsolationGroup", "secondIsolationGroup", "isolationGroups")
#: Contract/v4 section 9.6: which selectBy each member type of an entity group takes.
_SELECTORS = {
    "VM": {"CATEGORY_EXT_ID", "EXT_ID", "REGEX"},
    "SUBNET": {"CATEGORY_EXT_ID", "EXT_ID"},
    "VPC": {"CATEGORY_EXT_ID"},
    "ADDRESS_GROUP": {"EXT_ID", "IP_VALUES", "FQDN_VALUES"},
    **{f"KUBE_{part}": {"NAME", "LABELS"} for part in ("CLUSTER", "NAMESPACE", "PODS", "SERVICE")},
}


def _users(site: Site, record: Record) -> list[Record]:
    return site.objects.users(record.id, "security_policy") + site.objects.users(record.id, "entity_group")


def _too_long(site: Site, document: Document) -> list[Problem]:
    problems: list[Problem] = []

    def walk(value: Any, path: str) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                here = f"{path}.{key}" if path else key
                if isinstance(item, list) and len(item) > _MAXIMA.get(key, len(item)):
                    text = f"Array is too long: must have at most {_MAXIMA[key]} elements but instance has {len(item)}"
                    problems.append(Problem(here, text))
                walk(item, here)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                walk(item, f"{path}[{index}]")

    if site.switches.enforce_array_maxima:
        walk(document, "")
    return problems


def _stamp(site: Site, document: Document, old: Record | None) -> Document:
    created = old.document["creationTime"] if old else site.now()
    return {**document, "creationTime": created, "lastUpdateTime": site.now()}


def _group(site: Site, document: Document, old: Record | None) -> Document:
    return {"createdBy": ADMIN, **_stamp(site, document, old)}


def _policies_of(site: Site, record: Record) -> list[str]:
    return [policy.id for policy in site.objects.users(record.id, "security_policy")]


def _policy_references(site: Site, record: Record) -> Document:
    policies = _policies_of(site, record)
    return {"policyReferences": policies} if policies else {}


def _check_ranges(document: Document) -> list[Message]:
    messages: list[Message] = []
    for key in ("tcpServices", "udpServices"):
        for ports in document.get(key, ()):
            if ports["startPort"] > ports["endPort"]:
                text = f"The port range {ports['startPort']}-{ports['endPort']} is reversed."
                messages.append(Message(text, "PRISMSIM-10010", "INVALID_INPUT"))
    return messages


def _check_service_group(site: Site, document: Document, old: Record | None) -> list[Message]:
    if old is not None and old.document.get("isSystemDefined"):
        return [Message("A system-defined service group cannot be changed.", "PRISMSIM-10003", "SYSTEM_DEFINED")]
    return _check_ranges(document)


def _prepare_service_group(site: Site, document: Document, old: Record | None) -> Document:
    return {"isSystemDefined": False, **_group(site, document, old)}


def _check_entity_group(site: Site, document: Document, old: Record | None) -> list[Message]:
    messages: list[Message] = []
    entities = document.get("allowedConfig", {}).get("entities", [])
    for entity in entities:
        kind, select_by = entity.get("type"), entity.get("selectBy")
        if select_by not in _SELECTORS.get(kind, ()):
            messages.append(Message(f"Entities of type {kind} cannot be selected by {select_by}.", "PRISMSIM-10011", "INVALID_INPUT"))
        if select_by == "REGEX" and not (entity.get("referenceString") and entity.get("matchCriteria")):
            messages.append(Message("REGEX needs referenceString and matchCriteria.", "PRISMSIM-10011", "INVALID_INPUT"))
    for entity in entities + document.get("exceptConfig", {}).get("entities", []):
        messages += _missing_members(site, entity)
    return messages


def _missing_members(site: Site, entity: Document) -> list[Message]:
    by_category = entity.get("selectBy") == "CATEGORY_EXT_ID"
    kind = "category" if by_category else {"VM": "vm", "SUBNET": "subnet", "VPC": "vpc", "ADDRESS_GROUP": "address_group"}.get(entity.get("type", ""))
    gone = [i for i in entity.get("referenceExtIds", ()) if kind and site.objects.find(kind, i) is None]
    noun = {"category": "categories", None: ""}.get(kind, f"{kind}s".replace("_", " "))
    return [Message(f"The following {noun} were not found: {', '.join(gone)}.", "PRISMSIM-10002", "RESOURCE_NOT_FOUND")] if gone else []


def _prepare_entity_group(site: Site, document: Document, old: Record | None) -> Document:
    return {"ownerExtId": ADMIN, "isSystemDefined": False, **_stamp(site, document, old)}


def _derive_entity_group(site: Site, record: Record) -> Document:
    policies = _policies_of(site, record)
    return {"policyExtIds": policies} if policies else {}


def _prepare_policy(site: Site, document: Document, old: Record | None) -> Document:
    """Fill what the server sets; every write gives the rules new ids."""
    scope = document.get("scope")
    if scope is None:
        scope = "VPC_LIST" if document.get("vpcReferences") else "VPC_AS_CATEGORY" if document.get("scopeReferences") else "ALL_VLAN"
    rules = [{**_tidied(rule), "extId": str(uuid.uuid4())} for rule in document.get("rules", ())]
    return {
        "state": "SAVE",
        "isHitlogEnabled": False,
        "isIpv6TrafficAllowed": False,
        **_group(site, document, old),
        "scope": scope,
        "isSystemDefined": bool(old and old.document.get("isSystemDefined")),
        "rules": rules,
    }


def _tidied(value: Any) -> Any:
    """An associated entity type is dropped on a side that has no category references."""
    if isinstance(value, list):
        return [_tidied(item) for item in value]
    if not isinstance(value, dict):
        return value
    suffix = "CategoryAssociatedEntityType"
    return {
        key: _tidied(item)
        for key, item in value.items()
        if not key.endswith(suffix) or value.get(key.removesuffix(suffix) + "CategoryReferences")
    }


def _derive_policy(site: Site, record: Record) -> Document:
    derived = derived_references(record.document)
    if site.switches.shuffle:
        source = random.Random(f"{record.id}:{record.revision}")
        derived["rules"] = _shuffled(record.document.get("rules", []), source)
    if not record.document.get("rules"):
        derived["rules"] = None
    return derived


def _shuffled(rules: list[Document], source: random.Random) -> list[Document]:
    mixed = [_shuffled_rule(rule, source) for rule in rules]
    source.shuffle(mixed)
    return mixed


def _shuffled_rule(value: Any, source: random.Random) -> Any:
    if not isinstance(value, dict):
        return value
    mixed = {key: _shuffled_rule(item, source) for key, item in value.items()}
    for key in _SHUFFLED:
        if isinstance(mixed.get(key), list):
            mixed[key] = source.sample(mixed[key], len(mixed[key]))
    return mixed


def _list_rules(call: Call) -> Answer:
    record = find(POLICY, call, "policyExtId")
    model = "microseg.v4.config.NetworkSecurityPolicyRule"
    asked = query.parse(call.operation, call.query, call.catalog, model)
    return page(call, asked, asked.arrange(full(call.site, record)["rules"] or []), model)


POLICY = Resource(
    "microseg", "security_policy", "network_security_policies", "network_security_policy",
    "microseg.v4.config.NetworkSecurityPolicy", "microseg:config:policy", "network security policy",
    server_set=_TIMES | {
        "securedGroups", "securedEntityGroupReferences", "sourceEntityGroupReferences", "destinationEntityGroupReferences",
        "appliedToEntityGroupReferences", "networkFunctionReferences", "isSystemDefined", "createdBy",
    },
    check=check_policy, prepare=_prepare_policy, derive=_derive_policy, extra_problems=_too_long,
)  # fmt: skip
ADDRESS_GROUP = Resource(
    "microseg", "address_group", "address_groups", "address_group", "microseg.v4.config.AddressGroup",
    "microseg:config:address-group", "address group", server_set=_TIMES | {"policyReferences", "createdBy"},
    prepare=_group, derive=_policy_references, in_use=_users, extra_problems=_too_long,
)  # fmt: skip
SERVICE_GROUP = Resource(
    "microseg", "service_group", "service_groups", "service_group", "microseg.v4.config.ServiceGroup",
    "microseg:config:service-group", "service group",
    server_set=_TIMES | {"policyReferences", "createdBy", "isSystemDefined"},
    check=_check_service_group, prepare=_prepare_service_group, derive=_policy_references, in_use=_users,
    extra_problems=_too_long,
)  # fmt: skip
ENTITY_GROUP = Resource(
    "microseg", "entity_group", "entity_groups", "entity_group", "microseg.v4.config.EntityGroup",
    "microseg:config:entity-group", "entity group",
    server_set=_TIMES | {"policyExtIds", "ownerExtId", "isSystemDefined"},
    check=_check_entity_group, prepare=_prepare_entity_group, derive=_derive_entity_group, in_use=_users,
)  # fmt: skip

for _resource in (POLICY, ADDRESS_GROUP, SERVICE_GROUP, ENTITY_GROUP):
    register(_resource)
READS["microseg", "list_network_security_policy_rules"] = _list_rules
