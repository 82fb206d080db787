# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names exist on each site of an estate document, kind by kind. Knows the document's form, not its rules."""

from __future__ import annotations

from typing import Any

from prismsim.estate import system
from prismsim.estate.problems import Path, Problem

#: The list of a site that declares each kind, and how an entry's name is read from it.
LISTS: dict[str, str] = {
    "cluster": "clusters",
    "category": "categories",
    "vpc": "vpcs",
    "subnet": "subnets",
    "network_function": "network_functions",
    "address_group": "address_groups",
    "service_group": "service_groups",
    "entity_group": "entity_groups",
    "security_policy": "security_policies",
    "protection_policy": "protection_policies",
    "recovery_plan": "recovery_plans",
    "vm": "vms",
}

#: Names by kind of one site.
Names = dict[str, set[str]]


def name_of(kind: str, entry: dict[str, Any]) -> str:
    """The name under which an entry of a kind is referred to."""
    if kind == "category":
        return f"{entry['key']}/{entry['value']}"
    if kind == "subnet" and entry.get("vpc"):
        return f"{entry['vpc']}/{entry['name']}"
    return str(entry["name"])


def system_names() -> Names:
    """The names that exist on every site."""
    return {
        "category": {f"{key}/{value}" for key, value in system.categories()},
        "service_group": {group["name"] for group in system.service_groups()},
        "security_policy": {policy["name"] for policy in system.security_policies()},
    }


def names(site: dict[str, Any], at: Path, site_ids: set[str]) -> tuple[Names, list[Problem]]:
    """The names of one site, system-defined ones included, and a problem for each name that is there twice.

    A policy may bear a system policy's name: that is how an estate says that someone has edited it.
    """
    known = system_names()
    problems: list[Problem] = []
    found: Names = {kind: set(known.get(kind, ())) for kind in LISTS}
    for kind, list_name in LISTS.items():
        own: set[str] = set()
        for index, entry in enumerate(site.get(list_name) or ()):
            name = name_of(kind, entry)
            if name in own:
                problems.append(Problem((*at, list_name, index), f"{kind} '{name}' is declared twice"))
            elif name in found[kind] and kind != "security_policy":
                problems.append(Problem((*at, list_name, index), f"{kind} '{name}' is system-defined on every site"))
            own.add(name)
        found[kind] |= own
    found["domain_manager"] = set(site_ids)
    return found, problems
