# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the policy engine needs of one site, from where it is: a live site, a baseline or an estate file. Reads; judges nothing."""

from __future__ import annotations

import typing as t

from .._entities.registry import ENTITIES
from .._errors import Finding, InvalidInput
from .._evidence.baseline import Baseline, vms_of
from .._evidence.estate_file import EstateFile
from .._model.entity import Canonical, name_of
from .._model.unreadable import Unreadable
from .._segmentation.rules import Objects
from .export import select
from .inventory import addresses_unknown, landings, vms
from .scope import Scope
from .vanished import check_shows_something

if t.TYPE_CHECKING:
    from .site import Site

ByKind = t.Mapping[str, t.Sequence[Canonical]]


class Estate(t.NamedTuple):
    """One site. ``origin`` says in words where it was read, ``digest`` is that of a baseline or file.

    ``categories``, ``landings`` (by subnet, see ``inventory``) and ``network_functions`` are None where the origin doesn't tell.
    ``out_of_scope``: security rules of the site that the site map leaves out, so that they are not in ``objects``. ``unread``: objects
    that the collection has no words for and that somebody accepted to be left out. ``addresses_unknown``: which addresses of VMs the origin
    can't tell, in words. ``rule_ids``: the name of the security rule for its id and that of each API rule in it, where the origin tells.
    """

    site: str
    origin: str
    objects: ByKind
    vms: t.Sequence[t.Mapping[str, t.Any]]
    digest: str = ""
    categories: frozenset[str] | None = None
    landings: t.Mapping[str, t.Mapping[str, t.Any]] | None = None
    network_functions: frozenset[str] | None = None
    out_of_scope: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    rule_ids: t.Mapping[str, str] = {}
    addresses_unknown: str = ""

    def category_names(self) -> frozenset[str]:
        """The categories that exist, as far as the origin tells."""
        return self.categories or frozenset(name_of(ENTITIES["category"], item) for item in self.objects.get("category", ()))

    def for_engine(self) -> Objects:
        kinds = ("security_rule", "entity_group", "address_group", "service_group")
        rules, entity_groups, address_groups, service_groups = (self.objects.get(kind, ()) for kind in kinds)
        return Objects(rules, self.vms, entity_groups, address_groups, service_groups)


def estate_of_site(site: Site, scope: Scope | None = None, accept: t.Collection[str] = ()) -> Estate:
    """What a live site has now. ``scope``: only what a baseline would hold. ``accept``: objects (``kind/name``) that may be left out if
    they can't be read. Raises InvalidInput for objects that can't be read,
    and SafetyLimit for a site that shows nothing."""
    site.load(list(ENTITIES))
    held = {kind: site.held(kind) for kind in ENTITIES}
    check_shows_something(held, verb="read", site=site.label)
    unreadable = [item for kind in ENTITIES for item in site.unreadable(kind)]
    if scope is not None:
        objects: ByKind = select(ENTITIES, held, unreadable, scope, accept=accept, source={}, membership={}).objects
    else:
        hidden = [
            Finding(f"{item.kind.replace('_', ' ')} '{item.name}'", item.error.cause, item.error.fix or f"or accept to leave it out: {_called(item)}")
            for item in unreadable
            if _called(item) not in accept
        ]
        if hidden:
            raise InvalidInput(hidden, cause="the policies can't be judged without", verb="read", site=site.label)
        objects = {kind: [item.canonical for item in items] for kind, items in held.items()}
    kept = {name_of(ENTITIES["security_rule"], item) for item in objects.get("security_rule", ())}
    return Estate(
        site.label,
        f"{site.label}, live",
        objects,
        vms(site),
        categories=frozenset(item.name for item in held["category"]),
        landings=landings(site),
        network_functions=frozenset(str(body.get("name")) for body in site.bodies("network_function")),
        out_of_scope=tuple(sorted(item.name for item in held["security_rule"] if item.name not in kept)),
        unread=tuple(sorted(_called(item) for item in unreadable)),
        rule_ids={
            str(part["extId"]).lower(): str(body["name"])
            for body in site.bodies("security_rule")
            for part in (body, *(body.get("rules") or ()))
            if part.get("extId")
        },
        addresses_unknown=addresses_unknown(site),
    )


def estate_of_baseline(baseline: Baseline, site: str) -> Estate:
    """What a baseline says of its site. Raises InvalidInput for a baseline without VMs."""
    known = baseline.content.membership.get("vms")
    if not known:
        raise InvalidInput([Finding(baseline.path, "has no VMs, so nothing can be said of any flow", "export it again")], verb="read", site=site)
    if not any("ip" in nic for vm in known for nic in vm.get("nics") or ()):
        problem = "has no addresses of VMs, so nothing can be said of rules that name addresses"
        raise InvalidInput([Finding(baseline.path, problem, "export it again")], verb="read", site=site)
    unread = tuple(sorted(f"{item['kind']}/{item['name']}" for item in baseline.content.excluded))
    unknown = str(baseline.content.membership.get("addresses_unknown", ""))
    origin = f"baseline of {site}"
    return Estate(site, origin, baseline.content.objects, vms_of(baseline), baseline.digest, unread=unread, addresses_unknown=unknown)


def estate_of_file(file: EstateFile, site: str) -> Estate:
    """What an estate file says."""
    return Estate(site, f"estate file of {site}", file.objects, file.vms, file.digest)


def _called(item: Unreadable) -> str:
    return f"{item.kind}/{item.name}"
