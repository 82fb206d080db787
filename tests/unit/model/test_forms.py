"""Values, one form at a time: what is taken, what is found wrong, what clears and what differs."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import InvalidInput
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.addresses import bounds, canonical_address, sort_addresses
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.compare import Change, changes
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.form import Flag, Number, Text
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.form_categories import Categories, category_names
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.form_names import Name, Names
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.problems import Problems
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.services import parse_service, sort_services
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.struct import Field, ListOf, Struct, canonical_fields, without_absent


@pytest.mark.parametrize(("text", "canonical"), [
    ("10.0.0.1", "10.0.0.1"), (" 10.0.0.1/32 ", "10.0.0.1"), ("10.0.0.7/24", "10.0.0.0/24"), ("10.0.0.1 - 10.0.0.2", "10.0.0.1-10.0.0.2"),
    ("10.0.0.1-10.0.0.1", "10.0.0.1"), ("0.0.0.0/0", "0.0.0.0/0"), ("2001:DB8::/32", "2001:db8::/32"), ("::1/128", "::1"),
])
def test_an_address_has_one_spelling(text: str, canonical: str) -> None:
    assert canonical_address(text) == canonical
    assert canonical_address(canonical) == canonical


@pytest.mark.parametrize("text", ["", "10.0.0", "10.0.0.0/33", "10.0.0.2-10.0.0.1", "10.0.0.1-::1", "fe80::1%eth0", "010.0.0.1", "web"])
def test_what_is_no_address_says_why(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        canonical_address(text)


def test_addresses_sort_by_number_and_ipv4_comes_first() -> None:
    assert sort_addresses(["::1", "10.0.0.10", "9.0.0.0/8", "10.0.0.9", "::1"]) == ["9.0.0.0/8", "10.0.0.9", "10.0.0.10", "::1"]
    assert bounds("10.0.0.0/30") == (4, 0x0A000000, 0x0A000003)


@pytest.mark.parametrize(("text", "canonical"), [
    ("tcp/80", "tcp/80"), ("TCP/80-80", "tcp/80"), ("tcp", "tcp"), ("tcp/0-65535", "tcp"), ("udp/1 - 2", "udp/1-2"), ("any", "any"),
    ("icmp", "icmp"), ("icmp/8", "icmp/8"), ("icmpv6/128/0", "icmpv6/128/0"), ("group: a b ", "group:a b"), ("group:tcp/80", "group:tcp/80"),
])
def test_a_service_has_one_spelling(text: str, canonical: str) -> None:
    assert str(parse_service(text)) == canonical
    assert str(parse_service(canonical)) == canonical


@pytest.mark.parametrize("text", ["", "tcp/", "tcp/-1", "tcp/65536", "tcp/2-1", "icmp/44", "icmp/8/16", "icmpv6/202", "sctp/1", "any/1", "group:", "443"])
def test_what_is_no_service_says_why(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        parse_service(text)


def test_services_sort_by_protocol_and_number() -> None:
    texts = ["group:b", "udp/53", "tcp/80", "tcp/9", "any", "tcp/9"]
    assert [str(one) for one in sort_services(map(parse_service, texts))] == ["any", "tcp/9", "tcp/80", "udp/53", "group:b"]


@pytest.mark.parametrize(("form", "value"), [
    (Text(), ["x"]), (Text(), True), (Text(longest=2), "abc"), (Text(pattern="^a$"), "b"), (Flag(), "yes"), (Number(1, 9), 10),
    (Number(1, 9), True), (Name("vpc"), ""), (Names("vpc"), {"a": 1}), (Names("vpc"), [1]), (Categories(), {}), (Categories(), {"A": []}),
    (Categories(), {"A": ""}), (Categories(), {True: "x"}), (Categories(), {"A/b": "x"}), (ListOf(Flag()), "x"),
])
def test_each_form_finds_what_is_wrong(form: Any, value: Any) -> None:
    problems = Problems()
    form.canonical(value, "here", problems)
    assert [finding.where.partition(".")[0].partition("[")[0] for finding in problems.findings] == ["here"]


def test_categories_written_as_numbers_are_texts() -> None:
    problems = Problems()
    assert Categories().canonical({"Floor": 3, "Zone": ["b", "a"]}, "here", problems) == {"Floor": "3", "Zone": ["a", "b"]}
    assert category_names({"Floor": "3", "Zone": ["a", "b"]}) == ["Floor/3", "Zone/a", "Zone/b"]
    assert problems.findings == []


FIELDS = (Field("name", Text(), required=True), Field("log", Flag(), absent=False), Field("note", Text(), absent=""), Field("scope", Text(), default="all"))


def test_not_mentioned_and_cleared_are_different() -> None:
    assert canonical_fields(FIELDS, {"name": "x", "log": False, "note": None}, "", Problems()) == {"name": "x", "log": False}
    assert without_absent(FIELDS, {"name": "x", "log": False, "note": ""}) == {"name": "x", "scope": "all"}


def test_zero_is_not_false() -> None:
    problems = Problems()
    canonical_fields(FIELDS, {"name": "x", "log": 0}, "", problems)
    assert str(problems.findings[0]) == "log: 0 is neither true nor false"


def test_an_exclusive_struct_takes_exactly_one() -> None:
    struct = Struct([Field("a", Text()), Field("b", Text())], exclusive=True, words={"all": None})
    for value, found in ({"a": "x"}, []), ("all", []), ({}, ["nothing"]), ({"a": "x", "b": "y"}, ["a and b"]), ("al", ["did you mean 'all'?"]):
        problems = Problems()
        struct.canonical(value, "here", problems)
        assert [part for part in found if part not in str(problems.findings)] == []
        assert len(problems.findings) == len(found)


def test_all_findings_are_raised_together() -> None:
    problems = Problems()
    problems.add("a", "is wrong")
    problems.unknown("b", "nmae", ["name", "mode"])
    with pytest.raises(InvalidInput, match=r"^a: is wrong; b: unknown option 'nmae' \(did you mean 'name'\?\)$") as caught:
        problems.check()
    assert len(caught.value.findings) == 2


@pytest.mark.parametrize(("before", "after", "found"), [
    ({"a": 1}, {"a": 1}, []),
    ({"a": 1}, {"a": 2, "b": 3}, [Change("a", 1, 2), Change("b", None, 3)]),
    ({"a": {"b": [1, 2]}}, {"a": {"b": [2, 3]}}, [Change("a.b[0]", 1, None), Change("a.b[1]", None, 3)]),
    ({"a": [{"x": 1, "y": 1}]}, {"a": [{"x": 1, "y": 2}]}, [Change("a[0].y", 1, 2)]),
    ({"a": [1, 2]}, {"a": [2, 1]}, [Change("a", [1, 2], [2, 1])]),
])
def test_changes_name_the_place_and_both_sides(before: Any, after: Any, found: list[Change]) -> None:
    assert changes(before, after) == found
