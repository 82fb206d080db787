# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes a policy acceptable beyond its schema, and what follows from its rules (contract/v4 sections 9.1 to 9.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prismsim.errors import Message
from prismsim.objects import Document, Record
from prismsim.site import Site

_SPECS = {
    "APPLICATION": "ApplicationRuleSpec",
    "QUARANTINE": "ApplicationRuleSpec",
    "SHARED_SERVICE": "ApplicationRuleSpec",
    "INTRA_GROUP": "IntraEntityGroupRuleSpec",
    "TWO_ENV_ISOLATION": "TwoEnvIsolationRuleSpec",
    "MULTI_ENV_ISOLATION": "MultiEnvIsolationRuleSpec",
    "FLEX": "FlexRuleSpec",
}
FLEX_TYPES = frozenset({"CRITICAL", "COREINFRASTRUCTURE", "ZONE", "WORKLOAD"})
_RULE_TYPES = {
    "APPLICATION": {"APPLICATION", "INTRA_GROUP"},
    "QUARANTINE": {"QUARANTINE", "INTRA_GROUP"},
    "SHAREDSERVICE": {"SHARED_SERVICE", "INTRA_GROUP"},
    "ISOLATION": {"TWO_ENV_ISOLATION", "MULTI_ENV_ISOLATION"},
    **{name: {"FLEX"} for name in FLEX_TYPES},
}
#: Members that refer to objects, and the kind they refer to.
REFERENCES = {
    "securedGroupCategoryReferences": "category", "srcCategoryReferences": "category", "destCategoryReferences": "category",
    "groupCategoryReferences": "category", "firstIsolationGroup": "category", "secondIsolationGroup": "category",
    "scopeReferences": "category", "vpcReferences": "vpc", "securedGroupEntityGroupReference": "entity_group",
    "srcEntityGroupReference": "entity_group", "destEntityGroupReference": "entity_group",
    "groupEntityGroupReference": "entity_group", "srcEntityGroupReferences": "entity_group",
    "destEntityGroupReferences": "entity_group", "appliedToEntityGroupReferences": "entity_group",
    "srcAddressGroupReferences": "address_group", "destAddressGroupReferences": "address_group",
    "serviceGroupReferences": "service_group", "securedGroupServiceReferences": "service_group",
    "networkFunctionReference": "network_function",
}  # fmt: skip
#: What the server derives from the rules of a policy, and from which members.
_DERIVED = {
    "securedGroups": ("securedGroupCategoryReferences", "firstIsolationGroup", "secondIsolationGroup", "groupCategoryReferences"),
    "securedEntityGroupReferences": ("securedGroupEntityGroupReference", "groupEntityGroupReference"),
    "sourceEntityGroupReferences": ("srcEntityGroupReference", "srcEntityGroupReferences"),
    "destinationEntityGroupReferences": ("destEntityGroupReference", "destEntityGroupReferences"),
    "appliedToEntityGroupReferences": ("appliedToEntityGroupReferences",),
    "networkFunctionReferences": ("networkFunctionReference",),
}
_INBOUND = ("srcAllowSpec", "srcCategoryReferences", "srcEntityGroupReference", "srcSubnet", "srcIpv6Subnet", "srcAddressGroupReferences")
_OUTBOUND = ("destAllowSpec", "destCategoryReferences", "destEntityGroupReference", "destSubnet", "destIpv6Subnet", "destAddressGroupReferences")


def members(value: Any) -> Iterator[tuple[str, Any]]:
    """All members of a document at every level, as (name, value)."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key, item
            yield from members(item)
    elif isinstance(value, list):
        for item in value:
            yield from members(item)


def derived_references(document: Document) -> Document:
    """The reference lists that the server adds to a policy; empty ones are absent."""
    found: dict[str, set[str]] = {}
    for name, value in members(document.get("rules", [])):
        ids = value if isinstance(value, list) else [value]
        for target, sources in _DERIVED.items():
            if name in sources:
                found.setdefault(target, set()).update(ids)
    return {target: sorted(ids) for target, ids in found.items()}


def check_policy(site: Site, document: Document, old: Record | None) -> list[Message]:
    """All that is wrong with a policy, beyond its schema."""
    messages = _check_type(site, document, old) + _check_scope(document) + _check_references(site, document)
    for index, rule in enumerate(document.get("rules", ())):
        messages += [_refused(f"Rule {index + 1}: {text}", code) for text, code in _check_rule(document, rule)]
    return messages


def _refused(text: str, code: str = "MIC-30100") -> Message:
    return Message(text, code, "INVALID_INPUT")


def _check_type(site: Site, document: Document, old: Record | None) -> list[Message]:
    messages: list[Message] = []
    system = bool(old and old.document.get("isSystemDefined"))
    if document["type"] == "QUARANTINE" and not system:
        messages.append(_refused("A quarantine policy is system-defined and cannot be created."))
    if system and old and (document["type"], document["name"]) != (old.document["type"], old.document["name"]):
        messages.append(_refused("Name and type of a system-defined policy cannot be changed."))
    if document["type"] in FLEX_TYPES and not site.flex_mode:
        messages.append(_refused(f"Policies of type {document['type']} need Flex mode, which is not enabled."))
    if document.get("priority") is not None and document["type"] not in FLEX_TYPES:
        messages.append(_refused(f"A policy of type {document['type']} takes no priority."))
    return messages


def _check_scope(document: Document) -> list[Message]:
    scope = document.get("scope")
    messages: list[Message] = []
    for wanted, name in (("VPC_LIST", "vpcReferences"), ("VPC_AS_CATEGORY", "scopeReferences")):
        if scope == wanted and not document.get(name):
            messages.append(_refused(f"Scope {wanted} needs {name}."))
        if scope not in (None, wanted) and document.get(name):
            messages.append(_refused(f"Scope {scope} does not take {name}."))
    return messages


def _check_references(site: Site, document: Document) -> list[Message]:
    gone: dict[str, set[str]] = {}
    for name, value in members(document):
        kind = REFERENCES.get(name)
        if kind is None or value is None:
            continue
        for ext_id in value if isinstance(value, list) else [value]:
            if site.objects.find(kind, ext_id) is None:
                gone.setdefault(kind, set()).add(ext_id)
    return [
        Message(f"The following {kind.replace('_', ' ')} references were not found: {', '.join(sorted(ids))}.", "MIC-30101", "RESOURCE_NOT_FOUND")
        for kind, ids in sorted(gone.items())
    ]


def _check_rule(document: Document, rule: Document) -> Iterator[tuple[str, str]]:
    kind, spec = rule["type"], rule["spec"]
    if kind not in _RULE_TYPES[document["type"]]:
        yield f"type {kind} does not belong into a policy of type {document['type']}.", "MIC-30102"
    if spec["$objectType"] != f"microseg.v4.config.{_SPECS[kind]}":
        yield f"type {kind} needs a spec of type {_SPECS[kind]}.", "MIC-30103"
        return
    if _SPECS[kind] in ("ApplicationRuleSpec", "IntraEntityGroupRuleSpec"):
        secured = [spec.get(name) for name in ("securedGroupCategoryReferences", "securedGroupEntityGroupReference")]
        if bool(secured[0]) == bool(secured[1]):
            yield "the secured group is either categories or an entity group.", "MIC-30104"
    if _SPECS[kind] == "ApplicationRuleSpec":
        function = spec.get("networkFunctionReference") or spec.get("networkFunctionChainReference")
        if function and any(spec.get(name) for name in _INBOUND) and any(spec.get(name) for name in _OUTBOUND):
            yield "a service insertion rule must not carry both directions.", "MIC-30108"
    for name in ("tcpServices", "udpServices"):
        for ports in spec.get(name, ()):
            if ports["startPort"] > ports["endPort"]:
                yield f"the port range {ports['startPort']}-{ports['endPort']} is reversed.", "MIC-30105"
