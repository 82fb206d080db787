# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the protection policies and recovery plans of an estate to stored objects, and their copies on the other Prism Centrals."""

from __future__ import annotations

from typing import Any

from prismsim import estate as words
from prismsim.crud import PARENT
from prismsim.estate import Estate, EstateError, object_id, resolve
from prismsim.genesis import Ids, put_body
from prismsim.objects import Document
from prismsim.recovery import mirror
from prismsim.site import Site

#: The lists of parts in a recovery plan of an estate, in the order of what they refer to, with their kinds.
_PARTS = {
    "network_mappings": "network_mapping",
    "stages": "recovery_stage",
    "recovery_settings": "recovery_setting",
    "data_services_ip_mappings": "data_services_ip_mapping",
}


def populate(sites: dict[str, Site], estate: Estate) -> None:
    """Create all recovery plans and copy them and the protection policies. Raises EstateError with everything that is wrong."""
    problems: list[str] = []
    for site_id, described in estate.sites.items():
        for plan in described.recovery_plans:
            problems += _plan(sites[site_id], plan)
    if problems:
        raise EstateError(estate.name, problems)
    for site in sites.values():
        for kind in ("protection_policy", "recovery_plan", *_PARTS.values()):
            for record in list(site.objects.all(kind)):
                if site.objects.find(kind, record.id) is record:
                    mirror.copy(site, record, False)


def _plan(site: Site, described: words.Body) -> list[str]:
    ids, name = Ids(site.id), described["name"]
    where = f"sites.{site.id}.recovery_plans.{name}"
    body = {key: value for key, value in described.items() if key not in _PARTS}
    plan_id = ids("recovery_plan", name)
    problems = put_body(site, "recovery_plan", {"extId": plan_id, **resolve(body, ids)}, where)
    if problems:
        return problems
    sides = {side: _site_of(described[f"{side}Location"]) or site.id for side in ("primary", "recovery")}
    for plural, kind in _PARTS.items():
        for index, part in enumerate(described.get(plural) or ()):
            document = _resolved(part, sides, ids) if kind == "network_mapping" else resolve(dict(part), ids)
            ext_id = object_id(site.id, kind, f"{name}/{index}")
            problems += put_body(site, kind, {"extId": ext_id, PARENT: plan_id, **document}, f"{where}.{plural}[{index}]")
    return problems


def _site_of(location: words.Body) -> str | None:
    reference = str(location.get("domainManagerExtId"))
    return words.split(reference)[1] if words.is_reference(reference) else None


def _resolved(mapping: words.Body, sides: dict[str, str], ids: Ids) -> Document:
    """A network mapping: what stands in a primary network is of the primary site, and so on."""
    found: dict[str, Any] = {}
    for key, value in mapping.items():
        side = next((side for side in sides if key.startswith(side)), None)
        found[key] = resolve(value, Ids(sides[side]) if side else ids)
    return found
