# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every list operation: paging, selecting, ordering, and every filter field of the published lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.contract.sdk import Site, data_of, refusal, sdk_minor

Holds = Callable[[Any], bool]


@dataclass(frozen=True)
class Lists:
    """A list operation, the fields it can be ordered by, and for each filter field an expression for one object."""

    namespace: str
    api: str
    method: str
    orders: tuple[str, ...]
    filters: dict[str, Callable[[Any], tuple[str, Holds]]]
    since: int = 0

    def call(self, site: Site, **query: Any) -> Any:
        arguments = {f"_{key}": value for key, value in query.items()}
        return getattr(site.api(self.namespace, self.api), self.method)(**arguments)

    def all(self, site: Site, **query: Any) -> list[Any]:
        """The entries of all pages."""
        entries: list[Any] = []
        while page := data_of(self.call(site, page=len(entries) // 100, limit=100, **query)):
            entries += page
            if len(page) < 100:
                break
        return entries


def text(field: str) -> Callable[[Any], tuple[str, Holds]]:
    """``field eq 'value'`` with the value of the object at hand."""
    return _compare(field, lambda value: f"'{value}'")


def plain(field: str) -> Callable[[Any], tuple[str, Holds]]:
    """``field eq value`` for numbers and booleans."""
    return _compare(field, lambda value: str(value).lower())


def enum(field: str, literal: str) -> Callable[[Any], tuple[str, Holds]]:
    """``field eq Namespace.Module.Type'VALUE'``."""
    return _compare(field, lambda value: f"{literal}'{value}'")


def time(field: str) -> Callable[[Any], tuple[str, Holds]]:
    """``field le`` the time of the object at hand."""

    def make(entry: Any) -> tuple[str, Holds]:
        limit = value_of(entry, field)
        moment = limit.isoformat().replace("+00:00", "Z")
        return f"{field} le {moment}", lambda other: value_of(other, field) is not None and value_of(other, field) <= limit

    return make


def member(field: str) -> Callable[[Any], tuple[str, Holds]]:
    """``field/any(x:x eq 'value')`` for lists of strings, ``list/any(x:x/name eq 'value')`` for lists of objects."""
    head, _slash, rest = field.partition("/")

    def values(entry: Any) -> list[Any]:
        found = value_of(entry, head) or []
        return [value_of(item, rest) if rest else item for item in found]

    def make(entry: Any) -> tuple[str, Holds]:
        value = values(entry)[0]
        return f"{head}/any(x:x{'/' + rest if rest else ''} eq '{value}')", lambda other: value in values(other)

    return make


def _compare(field: str, literal: Callable[[Any], str]) -> Callable[[Any], tuple[str, Holds]]:
    def make(entry: Any) -> tuple[str, Holds]:
        value = value_of(entry, field)
        return f"{field} eq {literal(value)}", lambda other: value_of(other, field) == value

    return make


def value_of(entry: Any, field: str) -> Any:
    """The value at ``a/b`` of an SDK model; None when something on the way is missing."""
    for step in field.split("/"):
        names = {wire: name for name, wire in entry.attribute_map.items()} if entry is not None else {}
        entry = getattr(entry, names[step]) if step in names else None
    return entry


_ALL = {
    "policies": Lists(
        "microseg", "NetworkSecurityPoliciesApi", "list_network_security_policies",
        ("name", "description", "extId", "isSystemDefined", "state", "type", "creationTime", "lastUpdateTime"),
        {
            "createdBy": text("createdBy"),
            "description": text("description"),
            "extId": text("extId"),
            "isHitlogEnabled": plain("isHitlogEnabled"),
            "isIpv6TrafficAllowed": plain("isIpv6TrafficAllowed"),
            "isSystemDefined": plain("isSystemDefined"),
            "name": text("name"),
            "securedGroups": member("securedGroups"),
            "state": enum("state", "Microseg.Config.SecurityPolicyState"),
            "type": enum("type", "Microseg.Config.SecurityPolicyType"),
            "vpcReferences": member("vpcReferences"),
        },
    ),
    "address-groups": Lists(
        "microseg", "AddressGroupsApi", "list_address_groups", ("name", "description", "extId"),
        {name: text(name) for name in ("createdBy", "description", "extId", "name")},
    ),
    "service-groups": Lists(
        "microseg", "ServiceGroupsApi", "list_service_groups", ("name", "description", "extId"),
        {
            **{name: text(name) for name in ("createdBy", "description", "extId", "name")},
            "isSystemDefined": plain("isSystemDefined"),
        },
    ),
    "entity-groups": Lists(
        "microseg", "EntityGroupsApi", "list_entity_groups", ("name", "description", "extId"),
        {name: text(name) for name in ("description", "extId", "name")}, since=1,
    ),
    "categories": Lists(
        "prism", "CategoriesApi", "list_categories", ("key", "value"),
        {
            **{name: text(name) for name in ("extId", "key", "ownerUuid", "value")},
            "type": enum("type", "Prism.Config.CategoryType"),
        },
    ),
    "vpcs": Lists(
        "networking", "VpcsApi", "list_vpcs", ("name",),
        {"extId": text("extId"), "name": text("name"), "vpcType": enum("vpcType", "Networking.Config.VpcType")},
    ),
    "subnets": Lists(
        "networking", "SubnetsApi", "list_subnets", ("name",),
        {
            **{name: text(name) for name in ("clusterReference", "extId", "name", "vpcReference")},
            "isExternal": plain("isExternal"),
            "subnetType": enum("subnetType", "Networking.Config.SubnetType"),
        },
    ),
    "vms": Lists(
        "vmm", "VmApi", "list_vms", ("name",),
        {
            **{name: text(name) for name in ("extId", "name", "cluster/extId")},
            "powerState": enum("powerState", "Vmm.Ahv.Config.PowerState"),
        },
    ),
    "clusters": Lists(
        "clustermgmt", "ClustersApi", "list_clusters", ("name",),
        {name: text(name) for name in ("extId", "name", "config/buildInfo/version")},
    ),
    "storage-containers": Lists(
        "clustermgmt", "StorageContainersApi", "list_storage_containers", ("name",),
        {name: text(name) for name in ("containerExtId", "name", "clusterExtId")},
    ),
    "tasks": Lists(
        "prism", "TasksApi", "list_tasks",
        ("createdTime", "completedTime", "lastUpdatedTime", "operation", "operationDescription", "progressPercentage", "startedTime", "status"),
        {
            "clusterExtIds": member("clusterExtIds"),
            "completedTime": time("completedTime"),
            "createdTime": time("createdTime"),
            "entitiesAffected/extId": member("entitiesAffected/extId"),
            "entitiesAffected/name": member("entitiesAffected/name"),
            "entitiesAffected/rel": member("entitiesAffected/rel"),
            "extId": text("extId"),
            "isBackgroundTask": plain("isBackgroundTask"),
            "lastUpdatedTime": time("lastUpdatedTime"),
            "operation": text("operation"),
            "operationDescription": text("operationDescription"),
            "ownedBy/extId": text("ownedBy/extId"),
            "ownedBy/name": text("ownedBy/name"),
            "progressPercentage": plain("progressPercentage"),
            "startedTime": time("startedTime"),
            "status": enum("status", "Prism.Config.TaskStatus"),
        },
    ),
    "entity-sync-policies": Lists(
        "datapolicies", "EntitySyncPoliciesApi", "list_entity_sync_policies", ("entityName",),
        {"entityName": text("entityName"), "extId": text("extId")}, since=1,
    ),
}  # fmt: skip


#: Those that the installed SDK has.
LISTS = {name: lists for name, lists in _ALL.items() if lists.since <= sdk_minor(lists.namespace)}


@pytest.fixture(scope="session")
def a_task(site: Site) -> None:
    """At least one task that has made something, and one that has failed."""
    api = site.api("microseg", "AddressGroupsApi")
    body = {"name": "for-a-task", "ipv4Addresses": [{"value": "10.99.0.0", "prefixLength": 24}]}
    model = site.model("microseg", "config.AddressGroup", body)
    ext_id = site.made(api.create_address_group(model), "microseg:config:address-group")
    site.wait(api.create_address_group(model), status="FAILED")
    site.wait(api.delete_address_group_by_id(ext_id))


@pytest.mark.usefixtures("a_task")
@pytest.mark.parametrize("name", list(LISTS))
def test_pages_hold_everything_once(name: str, site: Site) -> None:
    lists = LISTS[name]
    total = lists.call(site, limit=1).metadata.total_available_results
    assert total > 0
    size = min(100, max(1, total // 3))
    pages = [data_of(lists.call(site, page=page, limit=size)) for page in range(-(-total // size))]
    assert len({identity(entry) for page in pages for entry in page}) == sum(map(len, pages)) == total
    assert not lists.call(site, page=total, limit=size).data


@pytest.mark.parametrize("name", list(LISTS))
@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"filter": "noSuchField eq 'x'"}, {"filter": "name eq"}, {"orderby": "noSuchField"}])
def test_bad_queries_are_refused(name: str, query: dict[str, Any], site: Site) -> None:
    lists = LISTS[name]
    refusal(lists.namespace, lambda: lists.call(site, **query), 400)


@pytest.mark.usefixtures("a_task")
@pytest.mark.parametrize(("name", "field"), [(name, field) for name, lists in LISTS.items() for field in lists.filters])
def test_filter(name: str, field: str, site: Site) -> None:
    lists = LISTS[name]
    everything = lists.all(site)
    candidates = [entry for entry in everything if value_of(entry, field.split("/")[0]) not in (None, [])]
    assert candidates, f"no {name} of the estate has {field}, so its filter cannot be shown"
    expression, holds = lists.filters[field](candidates[-1])
    found = lists.all(site, filter=expression)
    assert sorted(map(identity, found)) == sorted(identity(entry) for entry in everything if holds(entry)), expression
    rest = lists.all(site, filter=f"not ({expression})")
    assert not set(map(identity, rest)) & set(map(identity, found))


@pytest.mark.usefixtures("a_task")
@pytest.mark.parametrize(("name", "field"), [(name, field) for name, lists in LISTS.items() for field in lists.orders])
def test_order(name: str, field: str, site: Site) -> None:
    lists = LISTS[name]
    up = [value_of(entry, field) for entry in lists.all(site, orderby=field)]
    down = [value_of(entry, field) for entry in lists.all(site, orderby=f"{field} desc")]
    # Upper and lower case count alike; where entries without a value stand is not said anywhere.
    known_up, known_down = ([fold(value) for value in values if value is not None] for values in (up, down))
    assert known_up == sorted(known_up)
    assert known_down == sorted(known_down, reverse=True)
    assert len(up) == len(down)


@pytest.mark.parametrize("name", ["policies", "address-groups", "service-groups", "categories", "vpcs"])
def test_select(name: str, site: Site) -> None:
    lists = LISTS[name]
    field = lists.orders[0]
    for entry in data_of(lists.call(site, select=field)):
        assert value_of(entry, field) is not None
        assert identity(entry)
        rest = set(entry.attribute_map.values()) - {field, "extId", "links", "tenantId", "$reserved", "$objectType", "$unknownFields"}
        assert {other for other in rest if value_of(entry, other) not in (None, False)} == set()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("startswith(name,'sho')", {"shop"}),
        ("endswith(name,'op')", {"shop"}),
        ("contains(name,'par')", {"apart"}),
        ("name eq 'shop' or name eq 'many'", {"shop", "many"}),
        ("name in ('shop','many')", {"shop", "many"}),
        ("name ne 'shop' and isSystemDefined eq false", {"apart", "many"}),
        ("not (name eq 'shop') and isSystemDefined eq false", {"apart", "many"}),
        ("name gt 'm' and isSystemDefined eq false", {"many", "shop"}),
        ("name eq 'O''Neill'", set()),
    ],
)
def test_filter_language(expression: str, expected: set[str], site: Site) -> None:
    lists = LISTS["policies"]
    assert {entry.name for entry in data_of(lists.call(site, filter=expression))} == expected


def fold(value: Any) -> Any:
    """A value to compare by."""
    return value.casefold() if isinstance(value, str) else value


def identity(entry: Any) -> str:
    """The id of an entry; storage containers call theirs otherwise."""
    return str(entry.ext_id or entry.container_ext_id)
