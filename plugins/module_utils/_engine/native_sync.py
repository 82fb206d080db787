# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Prism Centrals themselves keep in sync (contract/v4 section 11.2), and the refusal to be a second master over it."""

from __future__ import annotations

import typing as t

from .._errors import NotFound, SafetyLimit
from .._model.directory import Reference
from .plan import Plan
from .site_map import SiteMap

if t.TYPE_CHECKING:
    from .site import Site

_KINDS = {
    "SECURITY_POLICY": "security_rule",
    "CATEGORY": "category",
    "ADDRESS_GROUP": "address_group",
    "SERVICE_GROUP": "service_group",
    "ENTITY_GROUP": "entity_group",
}
_SINCE = (4, 1)
_SHOWN = 5


class Synced(t.NamedTuple):
    """One object that native sync carries to another Prism Central. ``status``: in_sync, out_of_sync or syncing."""

    kind: str
    name: str
    status: str

    def as_result(self) -> dict[str, t.Any]:
        """The shape in which modules return it and baselines note it."""
        return dict(self._asdict())


def synced_objects(site: Site) -> list[Synced]:
    """Objects of our kinds that native entity sync lists on a site, sorted; none on a site that is too old for it."""
    if site.minor("datapolicies") < _SINCE:
        return []
    try:
        listed = list(site.client.list("datapolicies", "config/entity-sync-policies"))
    except NotFound:
        return []
    found = set()
    for body in listed:
        kind = _KINDS.get(str(body.get("entityType")))
        if kind is not None:
            found.add(Synced(kind, _name(site, kind, body), str(body.get("status") or "").lower()))
    return sorted(found)


def check_single_master(plan: Plan, synced: t.Iterable[Synced], site_map: SiteMap, *, site: str) -> None:
    """Raises SafetyLimit if the plan would write what native sync owns, or if the map says that we never write."""
    if not plan.changed:
        return
    if site_map.policy_transport == "verify_only":
        raise SafetyLimit(
            f"{len(plan.steps)} steps are planned, but policy_transport is verify_only", verb="write", site=site, fix="Let the owner of the policies write them"
        )
    owned = {Reference(item.kind, item.name) for item in synced}
    both = sorted(owned & {step.reference for step in plan.steps})
    if both:
        names = ", ".join(f"{ref.kind.replace('_', ' ')} '{ref.name}'" for ref in both[:_SHOWN]) + (", ..." if len(both) > _SHOWN else "")
        raise SafetyLimit(
            f"native entity sync owns {len(both)} objects that this plan would write: {names}",
            verb="write",
            site=site,
            fix="Set policy_transport: verify_only in the site map, exclude them from its scope, or end the native sync",
        )


def _name(site: Site, kind: str, body: t.Mapping[str, t.Any]) -> str:
    """Its name here: by id where the object is this site's own, else as the sync calls it."""
    ext_id = str(body.get("entityExtId") or "")
    if site.directory.has_id(kind, ext_id):
        return site.directory.name_of(kind, ext_id)
    return str(body.get("entityName") or "")
