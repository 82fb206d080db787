# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls of Prism Element v1 about protection domains and what is in them (contract/element section 4); judges nothing.

No DR write has a task: what became of one is read from the protection domain, its pending actions and the progress monitors.
"""

from __future__ import annotations

import typing as t

from .._errors import ConnectionFailed, DrError, ServerError
from .element import V2

if t.TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from .element import Element
    from .listing import Object

_DOMAINS = "protection_domains"
#: Names that fit into one address; more of them are found in the whole list.
_MOST_NAMES = 40
#: A leader that changes, or a proxy that has lost it.
_PASSING = frozenset({502, 503, 504})


class Domains:
    """One cluster's protection domains. Every method raises ``DrError`` only."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self.site = element.site

    def read(self, names: Collection[str] | None = None) -> list[Object]:
        """All, or those of these names, in one listing."""
        return [body for body in self.element.list(_DOMAINS, _only("names", names)) if names is None or body.get("name") in names]

    def pending(self, names: Collection[str]) -> dict[str, Object]:
        """What is pending, by the name of the protection domain."""
        found = self.element.list(f"{_DOMAINS}/pending_actions", _only("protectionDomainNames", names))
        return {str(body.get("protectionDomainName")): body for body in found if body.get("protectionDomainName") in names}

    def replications(self, names: Collection[str]) -> list[Object]:
        """The replications that run, sent and received."""
        found = self.element.list(f"{_DOMAINS}/replications", _only("protectionDomainNames", names))
        return [body for body in found if body.get("protectionDomainName") in names]

    def snapshots(self, names: Collection[str] | None = None) -> list[Object]:
        """The snapshots that lie on this cluster."""
        found = self.element.list(f"{_DOMAINS}/dr_snapshots")
        return [body for body in found if names is None or body.get("protectionDomainName") in names]

    def vms(self) -> list[Object]:
        """The VMs of the cluster, with the protection domain of each."""
        return self.element.list("vms")

    def volume_groups(self) -> list[Object]:
        """The volume groups of the cluster, in the spelling of v2.0."""
        return self.element.list("volume_groups", version=V2)

    def remote_sites(self) -> list[Object]:
        return self.element.list("remote_sites")

    def create(self, name: str) -> None:
        self.element.create(_DOMAINS, {"value": name, "annotations": []})

    def delete(self, name: str) -> None:
        """Marks it; it is gone when its outstanding work is canceled."""
        self.element.delete((_DOMAINS, name))

    def protect(self, name: str, vms: list[str], group: str, app_consistent: bool) -> None:
        """Without a group each VM gets one of its own name."""
        named = {"consistencyGroupName": group} if group else {}
        self.element.act((_DOMAINS, name, "protect_vms"), {"names": vms, "appConsistentSnapshots": app_consistent, **named})

    def unprotect(self, name: str, vms: list[str]) -> None:
        self.element.act((_DOMAINS, name, "unprotect_vms"), vms)

    def add_volume_groups(self, name: str, ids: list[str]) -> None:
        body = {
            "vmAddRemoveType": "LISTED_VMS", "protectionDomainName": name, "vmIds": [], "volumeGroupUuids": ids,
            "appConsistentSnapshots": False, "protectRelatedEntities": False,
        }  # fmt: skip
        self.element.act((_DOMAINS, name, "add_entities"), body)

    def add_schedule(self, name: str, body: Mapping[str, t.Any]) -> None:
        self.element.create((_DOMAINS, name, "schedules"), dict(body))

    def change_schedule(self, name: str, schedule: str, body: Mapping[str, t.Any]) -> None:
        self.element.update((_DOMAINS, name, "schedules", schedule), dict(body))

    def drop_schedule(self, name: str, schedule: str) -> None:
        self.element.delete((_DOMAINS, name, "schedules", schedule))

    def migrate(self, name: str, remote_site: str) -> list[Object]:
        """Begins a planned move; the VMs that can't move, none if it was accepted."""
        blocked = self.element.act((_DOMAINS, name, "migrate"), {"value": remote_site})
        return blocked if isinstance(blocked, list) else []

    def activate(self, name: str) -> None:
        """Begins to register the VMs from the newest snapshot."""
        self.element.act((_DOMAINS, name, "activate"))

    def deactivate(self, name: str) -> None:
        """Begins to DELETE the VMs of the protection domain on this cluster."""
        self.element.act((_DOMAINS, name, "deactivate"))

    def power_on(self, uuid: str) -> None:
        self.element.act(("vms", uuid, "set_power_state"), {"transition": "ON"}, version=V2)


def _only(parameter: str, names: Collection[str] | None) -> dict[str, str]:
    return {parameter: ",".join(sorted(names))} if names is not None and 0 < len(names) <= _MOST_NAMES else {}


def may_pass(error: DrError) -> bool:
    """Whether the same write may succeed if it is sent again, once the object has been read. A broken rule answers 500 and stays broken."""
    return isinstance(error, ConnectionFailed) or (isinstance(error, ServerError) and error.status in _PASSING)
