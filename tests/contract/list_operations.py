# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list operations that the simulator serves, with the fields that were published for each; knows how the SDK calls them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from typing import Any

from tests.contract.sdk import Site, data_of, sdk_minor

_PAGE = 100


def _published() -> dict[str, dict[str, list[str]]]:
    """What the SDK packages of minor 4.0 say of each list; later ones say nothing any more (contract/v4 section 3)."""
    text = (resources.files("prismsim") / "data" / "filter_fields_v4.0.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, list[str]]] = json.loads(text)
    return {operation.removeprefix("GET /api/").replace("/v4.x/", "/", 1): fields for operation, fields in found.items()}


#: ``namespace/path`` of an operation -> ``filterFields``, ``orderFields``, ``selectFields``.
PUBLISHED = _published()
_SYNC = ["entityName", "entityType", "extId", "ownerExtId", "remoteDomainManagerExtId", "status"]
#: Lists that came after 4.0: what the vendor's modules and provider use (contract/v4 section 3).
_LATER = {
    "microseg/config/entity-groups": {
        "filterFields": ["name", "extId", "description", "creationTime", "lastUpdateTime"],
        "orderFields": ["name", "extId", "description", "creationTime", "lastUpdateTime"],
    },
    # Known as selectable; that they can be filtered and ordered by is the choice of prismsim.
    "datapolicies/config/entity-sync-policies": dict.fromkeys(("filterFields", "orderFields", "selectFields"), _SYNC),
}


def _no_parent(_site: Site) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Lists:
    """One list operation; ``parent`` gives the ids in its path, ``since`` is the first minor that has it."""

    path: str
    api: str
    method: str
    parent: Callable[[Site], tuple[str, ...]] = _no_parent
    since: int = 0

    @property
    def namespace(self) -> str:
        return self.path.partition("/")[0]

    def fields(self, what: str) -> list[str]:
        """The fields that the operation can ``filter``, ``order`` or ``select`` by."""
        return (PUBLISHED.get(self.path) or _LATER[self.path]).get(f"{what}Fields", [])

    @property
    def pages(self) -> bool:
        """Whether the list has pages: domain managers come all at once (contract/v4 section 3)."""
        return bool(self.fields("filter"))

    def call(self, site: Site, **query: Any) -> Any:
        arguments = {f"_{key}": value for key, value in query.items()}
        return getattr(site.api(self.namespace, self.api), self.method)(*self.parent(site), **arguments)

    def all(self, site: Site, **query: Any) -> list[Any]:
        """The entries of all pages."""
        if not self.pages:
            return list(data_of(self.call(site, **query)))
        entries: list[Any] = []
        while page := data_of(self.call(site, page=len(entries) // _PAGE, limit=_PAGE, **query)):
            entries += page
            if len(page) < _PAGE:
                break
        return entries


def _a_policy(site: Site) -> tuple[str, ...]:
    api = site.api("microseg", "NetworkSecurityPoliciesApi")
    (found,) = data_of(api.list_network_security_policies(_filter="name eq 'shop'"))
    return (found.ext_id,)


_ALL = (
    Lists("microseg/config/policies", "NetworkSecurityPoliciesApi", "list_network_security_policies"),
    Lists("microseg/config/policies/{policyExtId}/rules", "NetworkSecurityPoliciesApi", "list_network_security_policy_rules", _a_policy),
    Lists("microseg/config/address-groups", "AddressGroupsApi", "list_address_groups"),
    Lists("microseg/config/service-groups", "ServiceGroupsApi", "list_service_groups"),
    Lists("microseg/config/entity-groups", "EntityGroupsApi", "list_entity_groups", since=1),
    Lists("prism/config/categories", "CategoriesApi", "list_categories"),
    Lists("prism/config/domain-managers", "DomainManagerApi", "list_domain_managers"),
    Lists("prism/config/tasks", "TasksApi", "list_tasks"),
    Lists("prism/operations/batches", "BatchesApi", "list_batches"),
    Lists("networking/config/vpcs", "VpcsApi", "list_vpcs"),
    Lists("networking/config/subnets", "SubnetsApi", "list_subnets"),
    Lists("vmm/ahv/config/vms", "VmApi", "list_vms"),
    Lists("clustermgmt/config/clusters", "ClustersApi", "list_clusters"),
    Lists("clustermgmt/config/storage-containers", "StorageContainersApi", "list_storage_containers"),
    Lists("datapolicies/config/entity-sync-policies", "EntitySyncPoliciesApi", "list_entity_sync_policies", since=1),
)
#: Served without ever showing anything: what they take and refuse is all there is to see.
EMPTY = (
    Lists("datapolicies/config/protection-policies", "ProtectionPoliciesApi", "list_protection_policies"),
    Lists("dataprotection/config/recovery-points", "RecoveryPointsApi", "list_recovery_points"),
)
#: Those that the installed SDK has, by the end of their path.
LISTS = {lists.path.rpartition("/")[2]: lists for lists in _ALL if lists.since <= sdk_minor(lists.namespace)}
