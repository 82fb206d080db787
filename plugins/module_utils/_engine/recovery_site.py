# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Prism Central and those it recovers with: their names, and those of what is at each (``pc-south/south-ahv``). Reads, never writes."""

from __future__ import annotations

import typing as t

from .._entities.protection_locations import located
from .._entities.registry import RECOVERY_ENTITIES
from .._errors import DrError, UnknownReference
from .._model.codec import Body
from .clusters import is_central
from .peers import peers
from .site import Site
from .site_directory import SiteDirectory

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from .._prism.central_v4 import CentralV4

LOCATION = "location_"


class Identity(t.NamedTuple):
    """A Prism Central as others refer to it."""

    ext_id: str
    name: str


def identity(site: Site) -> Identity:
    """What a Prism Central says it is. Raises DrError."""
    try:
        bodies = list(site.client.list("prism", "config/domain-managers", limit=None))
    except DrError as error:
        raise error.about(verb="list", kind="prism_central", site=site.label) from error
    if not bodies:
        raise UnknownReference("the Prism Central doesn't say who it is", site=site.label, fix="Check the permissions of this user")
    return Identity(str(bodies[0]["extId"]), str((bodies[0].get("config") or {}).get("name") or ""))


class RecoverySite(Site):
    """A Prism Central as disaster recovery sees it. ``others`` are further ones that may be asked what their things are called."""

    def __init__(self, client: CentralV4, others: t.Sequence[Site] = ()) -> None:
        super().__init__(client, entities=RECOVERY_ENTITIES)
        self.others = tuple(others)
        self.directory = _Directory(self)
        self._identities: dict[Site, Identity] = {}

    @property
    def known(self) -> tuple[Site, ...]:
        """All Prism Centrals that can be asked, this one first."""
        return (self, *self.others)

    def identity_of(self, site: Site) -> Identity:
        """Who one of ``known`` is; asked once, or twice by two threads at the same time."""
        # Without ``lock``: kinds are listed in threads, while another one holds it.
        if site not in self._identities:
            self._identities[site] = identity(site)
        return self._identities[site]

    def _list(self, kind: str) -> list[Body]:
        special: dict[str, Callable[[], list[Body]]] = {"prism_central": self._prism_centrals, "location_cluster": self._clusters}
        return special[kind]() if kind in special else super()._list(kind)

    def _prism_centrals(self) -> list[Body]:
        """Itself, those it is registered with, and the others, which older ones don't name."""
        found = {peer.ext_id: peer.name for peer in peers(self.client)}
        for site in self.known:
            one = self.identity_of(site)
            found[one.ext_id] = one.name
        return [{"extId": ext_id, "name": name} for ext_id, name in sorted(found.items())]

    def _clusters(self) -> list[Body]:
        return [
            {"extId": body["extId"], "name": located(self.identity_of(site).name, str(body.get("name") or ""))}
            for site in self.known
            for body in site.client.list("clustermgmt", "config/clusters")
            if not is_central(body)
        ]


class _Directory(SiteDirectory):
    """Says of names at other Prism Centrals what could be done to know them."""

    def __init__(self, site: RecoverySite) -> None:
        super().__init__(site)
        self._site = site

    def id_of(self, kind: str, name: str) -> str:
        try:
            return super().id_of(kind, name)
        except UnknownReference as error:
            asked = [self._site.identity_of(site).name for site in self._site.known]
            place = name.partition("/")[0]
            if kind.startswith(LOCATION) and place not in asked:
                error.fix = f"Name {place} in 'peers' to have it asked (asked: {', '.join(asked)}), or correct the name"
            raise

    def name_of(self, kind: str, ext_id: str) -> str:
        try:
            return super().name_of(kind, ext_id)
        except UnknownReference as error:
            if kind.startswith(LOCATION):
                error.fix = "If it belongs to another Prism Central, name that in 'peers'. Else it was deleted, or may not be listed with these permissions"
            raise
