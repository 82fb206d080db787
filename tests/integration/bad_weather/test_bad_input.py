"""What a person wrote and can't be: all of it is told before the first write.

Items of the list of bad weather: unknown category, group, VPC, network function; duplicate names; a name or a description that the API would
refuse; a rule type newer than the target.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from prismsim.testing import Running, running
from tests.integration.bad_weather.tells import check_told
from tests.integration.direct import run_module
from tests.integration.pair import MINIMAL
from tests.integration.play import connection_of

SECURED = {"categories": {"AppType": "Shop"}}


@pytest.fixture(scope="module")
def sim() -> Iterator[Running]:
    with running(MINIMAL) as found:
        yield found


def entry(**changes: Any) -> dict[str, Any]:
    """A rule whose only inbound entry is from anybody to tcp/443, changed."""
    return {"groups": [{"secured": SECURED, "inbound": [{"from": "any", "services": ["tcp/443"], **changes}]}]}


def written(sim: Running, module: str, options: dict[str, Any]) -> dict[str, Any]:
    """What the module says; it must not have written."""
    mark = sim.mark()
    result = run_module(module, {**connection_of(sim.ready, "north"), **{name: value for name, value in options.items() if value is not None}})
    assert sim.writes(mark) == []
    return result


def rule(sim: Running, changes: dict[str, Any]) -> dict[str, Any]:
    return written(sim, "security_rule", {"name": "x", "type": "application", "mode": "save", **entry(), **changes})


UNKNOWN: list[tuple[dict[str, Any], str]] = [
    (entry(**{"from": {"categories": {"AppType": "Nope"}}}), "category 'AppType/Nope'"),
    (entry(**{"from": {"address_groups": ["nope"]}}), "address group 'nope'"),
    (entry(services=["group:nope"]), "service group 'nope'"),
    ({"groups": [{"secured": {"entity_group": "nope"}, "inbound": [{"from": "any", "services": ["any"]}]}]}, "entity group 'nope'"),
    ({"scope": {"vpcs": ["nope"]}}, "vpc 'nope'"),
    (entry(network_function="nope"), "network function 'nope'"),
]


@pytest.mark.parametrize(("changes", "named"), UNKNOWN, ids=[named for _changes, named in UNKNOWN])
def test_an_unknown_name(sim: Running, changes: dict[str, Any], named: str) -> None:
    check_told(rule(sim, changes), named, "is not on 127.0.0.1", "used by security rule 'x'", type="InvalidInput", verb="plan", site="127.0.0.1")


def test_all_unknown_names_are_told_at_once(sim: Running) -> None:
    result = rule(sim, {"scope": {"vpcs": ["nope"]}, **entry(services=["group:nope"], **{"from": {"address_groups": ["nope"]}})})
    assert len(result["findings"]) == 3


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"name": "a/b"}, "'a/b' has characters that the API refuses"),
    ({"description": "salary, bonus"}, "'salary, bonus' has characters that the API refuses"),
    (entry(services=["tcp/99999"]), "'99999' is not a number from 0 to 65535"),
    (entry(services=["sctp/1"]), "'sctp/1' is no service"),
    ({"mode": None}, "'mode' is missing"),
]


@pytest.mark.parametrize(("changes", "words"), REFUSED, ids=[words for _changes, words in REFUSED])
def test_what_the_api_would_refuse(sim: Running, changes: dict[str, Any], words: str) -> None:
    result = rule(sim, changes)
    assert result["error"]["type"] == "InvalidInput"
    assert words in result["msg"]
    assert "security rule" in result["msg"]


@pytest.mark.parametrize(("field", "length", "allowed"), [("name", 64, 63), ("description", 513, 512)])
def test_what_is_too_long_for_the_api(sim: Running, field: str, length: int, allowed: int) -> None:
    assert f".{field}: has {length} characters, {allowed} are allowed" in rule(sim, {field: "a" * length})["msg"]


def test_what_is_newer_than_the_target(sim: Running) -> None:
    result = rule(sim, entry(log=True))
    check_told(result, "security rule 'x'", "needs API 4.3, 127.0.0.1 speaks 4.2", type="TooNew", verb="plan", site="127.0.0.1")


def test_a_rule_type_newer_than_the_target() -> None:
    """Shared services came with 4.1: an older release is not given something like it."""
    estate = {"name": "old", "sites": {"north": {"prism_central": {"name": "pc", "release": "pc.2024.3"}, "clusters": [{"name": "ahv"}]}}}
    with running(estate) as sim:
        secured = {"categories": {"AppType": "Default"}}
        result = rule(sim, {"type": "shared_service", "groups": [{"secured": secured, "inbound": [{"from": "any", "services": ["tcp/53"]}]}]})
        check_told(result, "needs API 4.", "127.0.0.1 speaks 4.0", type="TooNew", verb="plan", site="127.0.0.1")


def test_one_name_given_twice(sim: Running) -> None:
    groups = [{"name": "a", "addresses": [address]} for address in ("10.0.0.1", "10.0.0.2")]
    check_told(written(sim, "address_groups", {"address_groups": groups}), "address group 'a'", "is wanted twice", type="InvalidInput", verb="plan")


def test_one_name_twice_on_the_site(sim: Running) -> None:
    sim.create("north", "address_group", {"name": "twin", "ipv4Addresses": [{"value": "10.9.9.9", "prefixLength": 32}]})
    sim.create("north", "address_group", {"name": "twin", "ipv4Addresses": [{"value": "10.9.9.8", "prefixLength": 32}]})
    try:
        told = written(sim, "address_group", {"name": "twin", "addresses": ["10.0.0.1"]})
        check_told(told, "share one name", type="Ambiguous", kind="address_group", name="twin", site="127.0.0.1")
        used = rule(sim, entry(**{"from": {"address_groups": ["twin"]}}))
        check_told(used, "2 address group objects are called 'twin'", "used by security rule 'x'", type="InvalidInput", verb="plan")
    finally:
        sim.delete("north", "address_group", "twin")
        sim.delete("north", "address_group", "twin")
