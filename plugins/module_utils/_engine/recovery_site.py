# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Prism Central and those it recovers with: their names, and those of what is at each (``pc-south/south-ahv``). Reads, never writes."""

from __future__ import annotations

import typing as t

from .._entities.protection_locations import located
from .._entities.registry import RECOVERY_ENTITIES
from .._errors import Ambiguous, DrError, UnknownReference
from .._model.codec import Body
from .._model.entity import Entity, name_in
from .._prism.parallel import in_threads
from .clusters import is_central
from .peers import peers
from .site import Site
from .site_directory import SiteDirectory

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from .._prism.central_v4 import CentralV4

LOCATION = "location_"
# Objects whose parts are read at the same time. The throttle of the client decides how fast their calls go.
_AT_ONCE = 4


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
    """A Prism Central as disaster recovery sees it. ``others`` are further ones that may be asked what their things are called; ``only``
    are the names of the objects that matter, if not all do: the parts of others are not read."""

    def __init__(self, client: CentralV4, others: t.Sequence[Site] = (), only: t.Container[str] | None = None) -> None:
        super().__init__(client, entities=RECOVERY_ENTITIES)
        self.others = tuple(others)
        self.only = only
        self.directory = _Directory(self)
        self._identities: dict[Site, Identity] = {}
        self._seen_networks: list[tuple[str, str, str]] | None = None

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
        special: dict[str, Callable[[], list[Body]]] = {
            "prism_central": self._prism_centrals,
            "location_cluster": self._clusters,
            "location_subnet": self._subnets,
            "vpc_of_subnet": self._vpcs_of_subnets,
            "recoverable_vm": self._vms,
        }
        if kind in special:
            return special[kind]()
        listed = super()._list(kind)
        return self._with_parts(kind, listed) if kind in self.entities and self.entities[kind].part_lists else listed

    def _with_parts(self, kind: str, listed: list[Body]) -> list[Body]:
        """Objects with their parts put in, those that are of interest."""
        entity = self.entities[kind]
        wanted = [body for body in listed if self.only is None or name_in(entity, body) in self.only]
        whole = {str(body["extId"]): body for body in in_threads(lambda body: with_parts(self.client, entity, body), wanted, threads=_AT_ONCE)}
        return [whole.get(str(body["extId"]), body) for body in listed]

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

    def _subnets(self) -> list[Body]:
        return [{"extId": ext_id, "name": name} for ext_id, name, _vpc in self._networks()]

    def _vpcs_of_subnets(self) -> list[Body]:
        """The VPC of each overlay subnet, under the name of the subnet."""
        return [{"extId": vpc, "name": name} for _ext_id, name, vpc in self._networks() if vpc]

    def _networks(self) -> list[tuple[str, str, str]]:
        """Id, name and VPC of every subnet; its name is what its Prism Central calls it."""
        if self._seen_networks is None:
            self._seen_networks = [network for site in self.known for network in _networks_of(Site(site.client), self.identity_of(site).name)]
        return self._seen_networks

    def _vms(self) -> list[Body]:
        """VMs, under their names where these are unique, else with their Prism Centrals."""
        found = [(body, self.identity_of(site).name) for site in self.known for body in site.client.list("vmm", "ahv/config/vms", select="extId,name")]
        names = [str(body.get("name") or "") for body, _central in found]
        return [
            {"extId": body["extId"], "name": name if names.count(name) == 1 else located(central, name)}
            for (body, central), name in zip(found, names, strict=True)
        ]


def with_parts(client: CentralV4, entity: Entity, body: Body) -> Body:
    """A body with the parts that the API keeps below it. Raises DrError."""
    found = {part.property: list(client.list(entity.namespace, f"{entity.path}/{body['extId']}/{part.path}")) for part in entity.part_lists}
    return {**body, **found}


def _networks_of(site: Site, central: str) -> t.Iterator[tuple[str, str, str]]:
    for body in site.bodies("subnet"):
        ext_id = str(body["extId"])
        try:
            yield ext_id, located(central, site.directory.name_of("subnet", ext_id)), str(body.get("vpcReference") or "")
        except Ambiguous:
            continue  # it can't be referred to by name


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
