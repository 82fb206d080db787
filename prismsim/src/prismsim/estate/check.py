# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can be found wrong with an estate document before the world starts. Reports, never repairs."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import jsonschema

from prismsim.estate import check_element, inventory, system
from prismsim.estate.problems import Path, Problem
from prismsim.estate.references import is_reference, split

# What kind a reference must be of, by the end of the field's name. The first match counts.
_FIELD_KINDS = (
    ("categoryReferences", "category"),
    ("categoryIds", "category"),
    ("categoryExtIds", "category"),
    ("vmCategoryExtId", "category"),
    ("domainManagerExtId", "domain_manager"),
    ("CategoryReferences", "category"),
    ("IsolationGroup", "category"),
    ("scopeReferences", "category"),
    ("categories", "category"),
    ("vpcReferences", "vpc"),
    ("ntityGroupReference", "entity_group"),
    ("ntityGroupReferences", "entity_group"),
    ("ddressGroupReferences", "address_group"),
    ("erviceGroupReferences", "service_group"),
    ("securedGroupServiceReferences", "service_group"),
    ("networkFunctionReference", "network_function"),
)

# The kind an entity group's referenceExtIds hold, by (selectBy, type).
_SELECTED_KINDS = {
    ("CATEGORY_EXT_ID", "VM"): "category",
    ("CATEGORY_EXT_ID", "SUBNET"): "category",
    ("CATEGORY_EXT_ID", "VPC"): "category",
    ("EXT_ID", "VM"): "vm",
    ("EXT_ID", "SUBNET"): "subnet",
    ("EXT_ID", "ADDRESS_GROUP"): "address_group",
}


@cache
def schema() -> dict[str, Any]:
    """The JSON schema of an estate, as shipped."""
    text = resources.files("prismsim.estate").joinpath("estate.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def problems(data: Any) -> list[Problem]:
    """All problems of a document. A site that does not even have the right form is not looked into further."""
    found = list(_form(data))
    broken = {problem.path[1] for problem in found if len(problem.path) > 1 and problem.path[0] == "sites"}
    sites = data.get("sites") if isinstance(data, dict) else None
    if not isinstance(sites, dict):
        return found
    whole = {site_id: site for site_id, site in sites.items() if site_id not in broken and isinstance(site, dict)}
    for site_id, site in whole.items():
        found.extend(_site(site_id, site, set(sites)))
    found.extend(check_element.problems(data, whole))
    return found


def _form(data: Any) -> Iterator[Problem]:
    validator = jsonschema.Draft202012Validator(schema())
    for error in sorted(validator.iter_errors(data), key=lambda error: [str(step) for step in error.absolute_path]):
        # A 'false' sub-schema forbids a key; jsonschema's own words for it help no one.
        message = error.message if error.validator else f"{error.instance!r} is not allowed here"
        yield Problem(tuple(error.absolute_path), message)


def _site(site_id: str, site: dict[str, Any], site_ids: set[str]) -> Iterator[Problem]:
    at: Path = ("sites", site_id)
    names, doubled = inventory.names(site, at, site_ids)
    yield from doubled
    for kind, list_name in inventory.LISTS.items():
        for index, entry in enumerate(site.get(list_name) or ()):
            own = {key: value for key, value in entry.items() if key != "network_mappings"}  # these name things of two sites
            yield from _references(own, (*at, list_name, index), names, site_id, kind)
    yield from _places(site, at, names)
    yield from _system_edits(site, at)
    for index, entry in enumerate(site.get("entity_sync") or ()):
        yield from _other_site(entry["remote_site"], (*at, "entity_sync", index, "remote_site"), site_id, site_ids)
    for index, remote in enumerate((site.get("availability") or {}).get("registered_with") or ()):
        yield from _other_site(remote, (*at, "availability", "registered_with", index), site_id, site_ids)


def _references(value: Any, at: Path, names: inventory.Names, site_id: str, owner: str) -> Iterator[Problem]:
    """Reference strings below ``value`` that are malformed, of the wrong kind for their field, or unknown."""
    todo: list[tuple[Any, Path, str | None]] = [(value, at, None)]
    while todo:
        item, path, kind = todo.pop()
        if isinstance(item, dict):
            for key, below in item.items():
                todo.append((below, (*path, key), _expected_kind(item, str(key))))
        elif isinstance(item, list):
            todo.extend((below, (*path, index), kind) for index, below in enumerate(item))
        elif is_reference(item):
            try:
                named, name = split(item)
            except ValueError as error:
                yield Problem(path, str(error))
                continue
            if kind and named != kind:
                yield Problem(path, f"'{item}' must be a {kind} here")
            elif name not in names[named]:
                yield Problem(path, f"site '{site_id}' has no {named} '{name}' (wanted by {owner})")
        elif kind and isinstance(item, str):
            yield Problem(path, f"'{item}' must be written as a reference, @{kind}:name")


def _expected_kind(owner: dict[str, Any], key: str) -> str | None:
    """The kind that references in a field must be of; None when the field holds no ids."""
    if key == "referenceExtIds":
        return _SELECTED_KINDS.get((str(owner.get("selectBy")), str(owner.get("type"))))
    return next((kind for end, kind in _FIELD_KINDS if key.endswith(end)), None)


def _places(site: dict[str, Any], at: Path, names: inventory.Names) -> Iterator[Problem]:
    """Clusters, VPCs, subnets and addresses that do not fit together."""
    prefixes: dict[str, Any] = {}
    clusters: dict[str, str | None] = {}
    for index, subnet in enumerate(site.get("subnets") or ()):
        path = (*at, "subnets", index)
        for field, kind in (("cluster", "cluster"), ("vpc", "vpc")):
            if subnet.get(field) and subnet[field] not in names[kind]:
                yield Problem((*path, field), f"there is no {kind} '{subnet[field]}'")
        subnet_path = inventory.name_of("subnet", subnet)
        clusters[subnet_path] = subnet.get("cluster")
        prefixes[subnet_path] = None
        if subnet.get("prefix"):
            try:
                prefixes[subnet_path] = ipaddress.ip_network(subnet["prefix"])
            except ValueError as error:
                yield Problem((*path, "prefix"), str(error))
            else:
                yield from _inside(subnet.get("gateway"), prefixes[subnet_path], (*path, "gateway"))
    for index, vm in enumerate(site.get("vms") or ()):
        path = (*at, "vms", index)
        if vm["cluster"] not in names["cluster"]:
            yield Problem((*path, "cluster"), f"there is no cluster '{vm['cluster']}'")
        for position, nic in enumerate(vm.get("nics") or ()):
            nic_path = (*path, "nics", position)
            if nic["subnet"] not in clusters:
                yield Problem((*nic_path, "subnet"), f"there is no subnet '{nic['subnet']}' (overlay: vpc/subnet)")
                continue
            if clusters[nic["subnet"]] not in (None, vm["cluster"]):
                yield Problem((*nic_path, "subnet"), f"VLAN subnet '{nic['subnet']}' is not on cluster '{vm['cluster']}'")
            yield from _inside(nic.get("ip"), prefixes[nic["subnet"]], (*nic_path, "ip"))


def _inside(address: str | None, prefix: Any, at: Path) -> Iterator[Problem]:
    if address is None:
        return
    try:
        if prefix is not None and ipaddress.ip_address(address) not in prefix:
            yield Problem(at, f"{address} is not inside {prefix}")
    except ValueError as error:
        yield Problem(at, str(error))


def _system_edits(site: dict[str, Any], at: Path) -> Iterator[Problem]:
    types = {policy["name"]: policy["type"] for policy in system.security_policies()}
    for index, policy in enumerate(site.get("security_policies") or ()):
        path = (*at, "security_policies", index, "type")
        if policy["name"] in types and policy["type"] != types[policy["name"]]:
            yield Problem(path, f"policy '{policy['name']}' is system-defined and of type {types[policy['name']]}")
        elif policy["type"] == "QUARANTINE" and policy["name"] not in types:
            yield Problem(path, f"quarantine policies are system-defined; known: {', '.join(sorted(types))}")


def _other_site(remote: str, at: Path, site_id: str, site_ids: set[str]) -> Iterator[Problem]:
    if remote not in site_ids or remote == site_id:
        others = ", ".join(sorted(site_ids - {site_id})) or "none"
        yield Problem(at, f"'{remote}' is not another site of this estate (others: {others})")
