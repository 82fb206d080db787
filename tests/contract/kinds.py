# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds that the SDK creates, changes and deletes in the same way, with a body and a change for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.contract.sdk import Site, data_of, sdk_minor

#: Builds a body; the function gives the id of a category, say, of the contract estate.
Body = Callable[[Site], dict[str, Any]]


@dataclass(frozen=True)
class Kind:
    """How the SDK names one kind, and what to create it with."""

    name: str
    namespace: str
    api: str
    plural: str
    model: str
    rel: str
    body: Body
    change: Callable[[Any], None]
    since: int = 0

    def methods(self, site: Site) -> Any:
        return site.api(self.namespace, self.api)

    def create(self, site: Site, body: dict[str, Any]) -> str:
        """Create one and give its id; the task must succeed."""
        call = getattr(self.methods(site), f"create_{self.name}")
        return site.made(call(site.model(self.namespace, self.model, body)), self.rel)

    def get(self, site: Site, ext_id: str) -> Any:
        return data_of(getattr(self.methods(site), f"get_{self.name}_by_id")(ext_id))

    def list(self, site: Site, **query: Any) -> Any:
        return getattr(self.methods(site), f"list_{self.plural}")(**{f"_{key}": value for key, value in query.items()})

    def update(self, site: Site, ext_id: str, model: Any) -> Any:
        return getattr(self.methods(site), f"update_{self.name}_by_id")(ext_id, model)

    def delete(self, site: Site, ext_id: str, **headers: Any) -> Any:
        return getattr(self.methods(site), f"delete_{self.name}_by_id")(ext_id, **headers)


def category(site: Site, key: str, value: str) -> str:
    """The id of a category."""
    answer = site.api("prism", "CategoriesApi").list_categories(_filter=f"key eq '{key}' and value eq '{value}'")
    (found,) = data_of(answer)
    return str(found.ext_id)


def named(site: Site, kind: str, name: str) -> str:
    """The id of the only object of a kind that bears a name."""
    (found,) = data_of(KINDS[kind].list(site, filter=f"name eq '{name}'"))
    return str(found.ext_id)


def _describe(text: str) -> Callable[[Any], None]:
    def change(model: Any) -> None:
        model.description = text

    return change


def _address_group(_site: Site) -> dict[str, Any]:
    return {
        "name": "contract-addresses",
        "description": "made by the SDK",
        "ipv4Addresses": [{"value": "10.20.0.0", "prefixLength": 16}, {"value": "10.21.3.4", "prefixLength": 32}],
        "ipRanges": [{"startIp": "10.30.0.1", "endIp": "10.30.0.9"}],
    }


def _service_group(_site: Site) -> dict[str, Any]:
    return {
        "name": "contract-services",
        "tcpServices": [{"startPort": 443, "endPort": 443}, {"startPort": 8000, "endPort": 8099}],
        "udpServices": [{"startPort": 53, "endPort": 53}],
        "icmpServices": [{"isAllAllowed": False, "type": 8, "code": 0}],
    }


def _entity_group(site: Site) -> dict[str, Any]:
    references = [category(site, "AppType", "Shop"), category(site, "AppTier", "Web")]
    member = {"type": "VM", "selectBy": "CATEGORY_EXT_ID", "referenceExtIds": references}
    return {"name": "contract-entities", "description": "made by the SDK", "allowedConfig": {"entities": [member]}}


def _policy(site: Site) -> dict[str, Any]:
    secured = [category(site, "AppType", "Shop"), category(site, "AppTier", "DB")]
    spec = {"$objectType": "microseg.v4.config.ApplicationRuleSpec", "securedGroupCategoryReferences": secured}
    intra = {"$objectType": "microseg.v4.config.IntraEntityGroupRuleSpec", "securedGroupCategoryReferences": secured}
    return {
        "name": "contract-policy",
        "description": "made by the SDK",
        "type": "APPLICATION",
        "state": "SAVE",
        "scope": "ALL_VLAN",
        "isHitlogEnabled": False,
        "isIpv6TrafficAllowed": False,
        "rules": [
            {"type": "INTRA_GROUP", "spec": {**intra, "securedGroupAction": "DENY"}},
            {
                "type": "APPLICATION",
                "description": "branches",
                "spec": {
                    **spec,
                    "srcAddressGroupReferences": [named(site, "address_group", "branches")],
                    "tcpServices": [{"startPort": 5432, "endPort": 5432}],
                },
            },
            {"type": "APPLICATION", "spec": {**spec, "destAllowSpec": "NONE", "isAllProtocolAllowed": True}},
        ],
    }


_MICROSEG = (
    Kind(
        "address_group", "microseg", "AddressGroupsApi", "address_groups", "config.AddressGroup",
        "microseg:config:address-group", _address_group, _describe("changed"),
    ),
    Kind(
        "service_group", "microseg", "ServiceGroupsApi", "service_groups", "config.ServiceGroup",
        "microseg:config:service-group", _service_group, _describe("changed"),
    ),
    Kind(
        "entity_group", "microseg", "EntityGroupsApi", "entity_groups", "config.EntityGroup",
        "microseg:config:entity-group", _entity_group, _describe("changed"), since=1,
    ),
    Kind(
        "network_security_policy", "microseg", "NetworkSecurityPoliciesApi", "network_security_policies",
        "config.NetworkSecurityPolicy", "microseg:config:policy", _policy, _describe("changed"),
    ),
)  # fmt: skip
#: Those that the installed SDK has.
KINDS = {kind.name: kind for kind in _MICROSEG if kind.since <= sdk_minor(kind.namespace)}
