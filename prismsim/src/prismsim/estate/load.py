# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an estate document to an Estate: checks it, adds what every Prism Central has, fills in what can only be one thing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from prismsim.estate import check, load_element, load_recovery, system
from prismsim.estate.model import (
    Availability,
    Body,
    Category,
    EntitySync,
    Estate,
    NetworkFunction,
    Nic,
    PrismCentral,
    Site,
    Subnet,
    Vm,
    Vpc,
)
from prismsim.estate.problems import EstateError
from prismsim.estate.source import Source, read

# The spec class of a rule follows from its type, so estates need not repeat it.
_SPEC_TYPES = {
    "QUARANTINE": "ApplicationRuleSpec",
    "APPLICATION": "ApplicationRuleSpec",
    "SHARED_SERVICE": "ApplicationRuleSpec",
    "INTRA_GROUP": "IntraEntityGroupRuleSpec",
    "TWO_ENV_ISOLATION": "TwoEnvIsolationRuleSpec",
    "MULTI_ENV_ISOLATION": "MultiEnvIsolationRuleSpec",
    "FLEX": "FlexRuleSpec",
}


def load(source: str | os.PathLike[str] | Mapping[str, Any]) -> Estate:
    """Load an estate from a YAML or JSON file (``.json``) or from a document already in memory.

    System-defined categories, service groups and quarantine policies are part of the result (``isSystemDefined`` in
    bodies, ``type`` SYSTEM on categories). Raises EstateError with every problem found, each with file and line.
    """
    document = Source("(dict)", dict(source)) if isinstance(source, Mapping) else read(Path(source))
    problems = check.problems(document.data)
    if problems:
        raise EstateError(document.name, [document.place(problem) for problem in problems])
    data = document.data
    return Estate(
        name=data["name"],
        sites={site_id: _site(site_id, site) for site_id, site in data["sites"].items()},
        switches=data.get("switches") or {},
        faults=tuple(data.get("faults") or ()),
        links=load_element.links(data.get("links") or ()),
    )


def _site(site_id: str, data: dict[str, Any]) -> Site:
    def entries(key: str) -> list[dict[str, Any]]:
        return data.get(key) or []

    return Site(
        id=site_id,
        prism_central=_prism_central(data["prism_central"]),
        clusters=tuple(load_element.cluster(entry) for entry in entries("clusters")),
        categories=(
            *(Category(key, value, type="SYSTEM") for key, value in system.categories()),
            *(Category(**entry) for entry in entries("categories")),
        ),
        vpcs=tuple(Vpc(**_tuples(entry)) for entry in entries("vpcs")),
        subnets=tuple(Subnet(**_tuples(entry)) for entry in entries("subnets")),
        network_functions=tuple(NetworkFunction(**entry) for entry in entries("network_functions")),
        address_groups=tuple(entries("address_groups")),
        service_groups=(*system.service_groups(), *entries("service_groups")),
        entity_groups=tuple(entries("entity_groups")),
        security_policies=_policies(entries("security_policies")),
        protection_policies=tuple(load_recovery.protection_policy(entry) for entry in entries("protection_policies")),
        recovery_plans=tuple(load_recovery.recovery_plan(entry) for entry in entries("recovery_plans")),
        vms=tuple(_vm(entry) for entry in entries("vms")),
        entity_sync=tuple(EntitySync(**entry) for entry in entries("entity_sync")),
        availability=Availability(**_tuples(data.get("availability") or {})),
    )


def _tuples(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry with its lists as tuples, as frozen dataclasses want them."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}


def _prism_central(data: dict[str, Any]) -> PrismCentral:
    return PrismCentral(**_tuples(data))


def _vm(data: dict[str, Any]) -> Vm:
    # YAML 1.1 reads a bare on/off as a boolean; both spellings mean the same.
    power = {True: "on", False: "off"}.get(data.get("power", "on"), data.get("power", "on"))
    nics = tuple(Nic(**nic) for nic in data.get("nics") or ())
    return Vm(**{**_tuples(data), "power": power, "nics": nics, "disks": load_element.disks(data)})


def _policies(own: list[dict[str, Any]]) -> tuple[Body, ...]:
    """System policies first (in the estate's wording where it has one), then the estate's own."""
    by_name = {policy["name"]: policy for policy in own}
    preloaded = system.security_policies()
    edited = [{**by_name.get(policy["name"], policy), "isSystemDefined": True} for policy in preloaded]
    names = {policy["name"] for policy in preloaded}
    return tuple(_complete(policy) for policy in [*edited, *(policy for policy in own if policy["name"] not in names)])


def _complete(policy: dict[str, Any]) -> dict[str, Any]:
    """The policy with each rule spec's $objectType."""
    if "rules" not in policy:
        return policy
    rules = []
    for rule in policy["rules"]:
        spec = {"$objectType": f"microseg.v4.config.{_SPEC_TYPES[rule['type']]}", **rule["spec"]}
        if rule["type"] == "MULTI_ENV_ISOLATION" and isinstance(spec.get("spec"), dict):
            spec["spec"] = {"$objectType": "microseg.v4.config.AllToAllIsolationGroup", **spec["spec"]}
        rules.append({**rule, "spec": spec})
    return {**policy, "rules": rules}
