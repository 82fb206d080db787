# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every list operation by every field that was published for it: paging, filters, order, selection; all else is refused."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.contract import rich_objects
from tests.contract.list_filters import filters, has, value_of, wire_names
from tests.contract.list_operations import EMPTY, LISTS, PUBLISHED, Lists
from tests.contract.sdk import NAMESPACES, Site, data_of, refusal

PAGED = [name for name, lists in LISTS.items() if lists.pages]
#: Published as selectable, and in no model of the API.
_NOWHERE = {"markedForRemoval"}
_ANY_ID = "11111111-2222-4333-8444-555555555555"


def fields(what: str) -> list[Any]:
    """Every list with every field of one use."""
    return [pytest.param(name, field, id=f"{name}-{field}") for name, lists in LISTS.items() for field in lists.fields(what)]


@pytest.fixture(scope="module")
def entries(site: Site, world: Any) -> dict[str, list[Any]]:
    """All entries of each list by its id, once everything there is has a value for every field."""
    rich_objects.fill(site, world)
    return {name: lists.all(site) for name, lists in LISTS.items()}


@pytest.mark.parametrize("name", PAGED)
def test_pages_hold_everything_once(name: str, site: Site, entries: dict[str, list[Any]]) -> None:
    lists = LISTS[name]
    total = lists.call(site, limit=1).metadata.total_available_results
    assert total == len(entries[name]) > 0
    size = min(100, max(1, total // 3))
    pages = [data_of(lists.call(site, page=page, limit=size)) for page in range(-(-total // size))]
    assert len({identity(entry) for page in pages for entry in page}) == sum(map(len, pages)) == total
    assert not lists.call(site, page=total, limit=size).data


@pytest.mark.parametrize("name", PAGED)
@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"filter": "name eq"}, {"filter": "extId like 'x'"}])
def test_bad_queries_are_refused(name: str, query: dict[str, Any], site: Site) -> None:
    lists = LISTS[name]
    refusal(lists.namespace, lambda: lists.call(site, **query), 400)


@pytest.mark.parametrize(("name", "field"), fields("filter"))
def test_filter(name: str, field: str, site: Site, entries: dict[str, list[Any]]) -> None:
    lists, everything = LISTS[name], entries[name]
    example = next((entry for entry in reversed(everything) if has(entry, field)), None)
    assert example, f"nothing among the {name} has {field}, so its filter cannot be shown"
    for text, holds in filters(example, field):
        expected = {identity(entry) for entry in everything if holds(entry)}
        assert {identity(entry) for entry in lists.all(site, filter=text)} == expected, text
        others = {identity(entry) for entry in lists.all(site, filter=f"not ({text})")}
        assert others == {identity(entry) for entry in everything} - expected, text


@pytest.mark.parametrize(("name", "field"), fields("order"))
def test_order(name: str, field: str, site: Site, entries: dict[str, list[Any]]) -> None:
    lists = LISTS[name]
    assert any(value_of(entry, field) is not None for entry in entries[name]), f"nothing among the {name} has {field}, so its order cannot be shown"
    up, down = lists.all(site, orderby=field), lists.all(site, orderby=f"{field} desc")
    assert {identity(entry) for entry in up} == {identity(entry) for entry in down} == {identity(entry) for entry in entries[name]}
    # Upper and lower case count alike; where entries without a value stand is not said anywhere.
    values_up, values_down = ([fold(value_of(entry, field)) for entry in found if value_of(entry, field) is not None] for found in (up, down))
    assert values_up == sorted(values_up)
    assert values_down == sorted(values_down, reverse=True)


@pytest.mark.parametrize(("name", "field"), fields("select"))
def test_select(name: str, field: str, site: Site, entries: dict[str, list[Any]]) -> None:
    lists = LISTS[name]
    whole = {identity(entry): entry for entry in entries[name]}
    selected = lists.all(site, select=field)
    if field in _NOWHERE:
        assert len(selected) == len(whole)
        return
    if name != "storage-containers":
        assert {identity(entry) for entry in selected} == set(whole)
    for entry in selected:
        if identity(entry) in whole:
            assert shown(site, name, value_of(entry, field)) == shown(site, name, value_of(whole[identity(entry)], field))
        rest = set(wire_names(entry)) - {field.split("/")[0], "extId"}
        assert {other for other in rest if not other.startswith("$") and value_of(entry, other) not in (None, False)} == set()


@pytest.mark.parametrize("name", list(LISTS))
def test_what_is_not_published_is_refused(name: str, site: Site, entries: dict[str, list[Any]]) -> None:
    lists = LISTS[name]
    of_model = {wire for wire in wire_names(entries[name][0]) if not wire.startswith("$")} | {"noSuchField"}
    if lists.pages:
        for field in sorted(of_model - set(lists.fields("filter"))):
            refusal(lists.namespace, lambda field=field: lists.call(site, filter=f"{field} eq 'x'"), 400)
        for field in sorted(of_model - set(lists.fields("order"))):
            refusal(lists.namespace, lambda field=field: lists.call(site, orderby=field), 400)
    refusal(lists.namespace, lambda: lists.call(site, select="noSuchField"), 400)


@pytest.mark.parametrize("lists", EMPTY, ids=lambda lists: lists.path)
def test_an_empty_list_takes_what_is_published(lists: Lists, site: Site) -> None:
    asked = [
        *({"filter": f"{field} eq 'x'"} for field in lists.fields("filter")),
        *({"orderby": field} for field in lists.fields("order")),
        *({"select": field} for field in lists.fields("select")),
    ]
    assert asked
    assert [query for query in asked if lists.all(site, **query)] == []
    for query in ({"filter": "noSuchField eq 'x'"}, {"orderby": "noSuchField"}, {"select": "noSuchField"}, {"limit": 101}):
        refusal(lists.namespace, lambda query=query: lists.call(site, **query), 400)


def test_every_published_list_is_here_or_not_simulated(site: Site) -> None:
    served = {lists.path for lists in (*LISTS.values(), *EMPTY)}
    forgotten = {}
    for operation, known in PUBLISHED.items():
        namespace, _slash, path = operation.partition("/")
        one_object = path.endswith("}") or not known.keys() & {"filterFields", "selectFields"}
        if namespace not in NAMESPACES or one_object or operation in served:
            continue
        steps = [_ANY_ID if step.startswith("{") else step for step in path.split("/")]
        url = f"{site.url}/api/{namespace}/v4.{site.minor(namespace)}/{'/'.join(steps)}"
        status = requests.get(url, auth=site.credentials, verify=site.ca, timeout=10).status_code
        if status != 501:
            forgotten[operation] = status
    assert forgotten == {}


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


def shown(site: Site, name: str, value: Any) -> Any:
    """A value without regard for the Python objects it is made of."""
    return site.plain(LISTS[name].namespace, value)


def identity(entry: Any) -> str:
    """The id of an entry; storage containers call theirs otherwise."""
    return str(getattr(entry, "container_ext_id", None) or entry.ext_id)
