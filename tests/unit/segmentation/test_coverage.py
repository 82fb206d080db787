"""Who is secured by what: the fixture and the membership rows of the truth table, selectors and scopes one by one."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import UnknownReference
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.coverage import Coverage, secured_by


def nic(ip: str = "10.1.1.11", **known: Any) -> dict[str, Any]:
    return {"subnet": "app", "kind": "vlan", "advanced": True, "vpc": "", "ip": ip, **known}


def overlay(vpc: str, ip: str = "10.9.0.10", **known: Any) -> dict[str, Any]:
    return {"subnet": f"{vpc}/app", "kind": "overlay", "advanced": True, "vpc": vpc, "ip": ip, **known}


def vm(name: str, categories: dict[str, Any], *nics: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "categories": categories, "power": "on", "nics": list(nics or [nic()])}


W1 = vm("W1", {"T": "Web", "Env": "Prod"}, nic("10.1.1.11"))
A1 = vm("A1", {"T": "App", "Env": "Prod"}, nic("10.1.1.21"))
V1 = vm("V1", {"Env": "Dev"}, nic("10.1.2.11"))
X1 = vm("X1", {}, nic("10.1.1.90"))
B1 = vm("B1", {"T": "Web", "Env": "Prod"}, nic("10.1.1.99", advanced=False))
O1 = vm("O1", {"T": "Web", "Env": "Prod"}, overlay("VPC-1", "10.9.0.10"))
O2 = vm("O2", {"T": "Web", "Env": "Prod"}, overlay("VPC-2", "10.9.1.10"))
SITE = (W1, A1, V1, X1, B1, O1, O2)

P3 = {
    "name": "P3", "type": "application", "mode": "enforce", "scope": "vlans",
    "groups": [
        {"secured": {"categories": {"T": "Web"}}, "intra": "allow"},
        {"secured": {"categories": {"T": "App"}}, "inbound": [{"from": {"categories": {"T": "Web"}}, "services": ["tcp/8443"]}]},
    ],
}
ISO = {
    "name": "ISO", "type": "isolation", "mode": "enforce", "scope": "vlans",
    "isolations": [{"between": [{"categories": {"Env": "Dev"}}, {"categories": {"Env": "Prod"}}], "kind": "two_env"}],
}


def secured(*rules: dict[str, Any], vms: Any = SITE, groups: Any = (), addresses: Any = ()) -> dict[str, list[str]]:
    """VM name -> names of the rules that secure it, for those that are secured."""
    found = secured_by(rules, groups, vms, addresses)
    return {name: [one.rule for one in coverage] for name, coverage in found.items() if coverage}


def selecting(selector: dict[str, Any], scope: Any = "global") -> dict[str, Any]:
    return {"name": "P", "type": "application", "mode": "enforce", "scope": scope, "groups": [{"secured": selector, "intra": "allow"}]}


def group(*members: dict[str, Any], without: Any = ()) -> dict[str, Any]:
    return {"name": "G", "members": list(members), "exceptions": list(without)}


def members(*parts: dict[str, Any], vms: Any = SITE, without: Any = (), addresses: Any = ()) -> set[str]:
    return set(secured(selecting({"entity_group": "G"}), vms=vms, groups=[group(*parts, without=without)], addresses=addresses))


def test_only_the_secured_side_is_secured() -> None:
    only_app = {**P3, "groups": P3["groups"][1:]}
    assert secured(only_app) == {"A1": ["P3"]}  # W1 is a peer there, no more


def test_rows_18_20_and_44_who_has_no_category_or_a_basic_vlan_is_not_secured() -> None:
    assert secured(P3) == {"W1": ["P3"], "A1": ["P3"]}


@pytest.mark.parametrize("scope", ["vlans", "global", "all_vpcs", {"vpcs": ["VPC-1"]}])
def test_row_44_a_basic_vlan_is_never_secured(scope: Any) -> None:
    assert "B1" not in secured({**P3, "scope": scope})


def test_rows_21_and_22_monitor_counts_as_such_and_save_not_at_all() -> None:
    assert secured_by([{**P3, "mode": "monitor"}], [], [W1]) == {"W1": [Coverage("P3", "monitor", 0, "app")]}
    assert secured({**P3, "mode": "save"}) == {}


def test_rows_25_to_28_isolation_secures_its_groups_and_no_outsider() -> None:
    assert secured(ISO) == {"W1": ["ISO"], "A1": ["ISO"], "V1": ["ISO"]}


def test_rows_32_and_33_quarantine_secures_who_carries_its_category() -> None:
    sick = vm("W2", {"T": "Web", "Quarantine": "Forensics"})
    quarantine = {**selecting({"categories": {"Quarantine": "Forensics"}}, "vlans"), "type": "quarantine"}
    assert secured(quarantine, P3, vms=[sick, W1]) == {"W2": ["P", "P3"], "W1": ["P3"]}


def test_row_35_two_application_policies_may_secure_one_vm() -> None:
    admin = vm("W1", {"T": "Web", "Env": "Prod", "Acc": "Admin"})
    assert secured(P3, {**selecting({"categories": {"Acc": "Admin"}}, "vlans"), "name": "PM"}, vms=[admin]) == {"W1": ["P3", "PM"]}


def test_row_39_several_categories_must_all_be_there() -> None:
    both = selecting({"categories": {"T": "Web", "Env": "Prod"}})
    assert secured(both, vms=[W1, vm("Z", {"T": "Web"})]) == {"W1": ["P"]}
    twice = selecting({"categories": {"T": ["App", "Web"]}})
    assert secured(twice, vms=[W1, vm("Z", {"T": ["Web", "App"]})]) == {"Z": ["P"]}


@pytest.mark.parametrize(("scope", "names"), [  # rows 41 to 43
    ("vlans", {"W1", "A1"}),
    ("all_vpcs", {"O1", "O2", "O3"}),
    ({"vpcs": ["VPC-1"]}, {"O1"}),
    ({"vpcs": ["VPC-3"]}, set()),
    ({"vpc_categories": {"Zone": "DMZ"}}, {"O3"}),
    ({"vpc_categories": {"Zone": "DMZ", "Size": "L"}}, set()),
    ("global", {"W1", "A1", "O1", "O2", "O3"}),
])
def test_rows_41_to_43_the_scope_clips_who_is_secured(scope: Any, names: set[str]) -> None:
    o3 = vm("O3", {"T": "Web"}, overlay("VPC-4", vpc_categories=["Zone/DMZ"]))
    assert set(secured({**P3, "scope": scope}, vms=[*SITE, o3])) == names


def test_each_nic_is_secured_by_itself() -> None:
    two = vm("W9", {"T": "Web"}, nic(advanced=False), overlay("VPC-1"), nic(subnet="db"))
    assert secured_by([P3], [], [two]) == {"W9": [Coverage("P3", "enforce", 2, "db")]}


@pytest.mark.parametrize(("selector", "names"), [
    ({"subnet_categories": {"Zone": "a"}}, {"S"}),
    ({"vpc_categories": {"Zone": "a"}}, {"V"}),
    ({"categories": {"Zone": "a"}}, {"M"}),
])
def test_categories_are_looked_up_on_what_carries_them(selector: dict[str, Any], names: set[str]) -> None:
    vms = [
        vm("M", {"Zone": "a"}),
        vm("S", {}, nic(subnet_categories=["Zone/a"])),
        vm("V", {}, overlay("VPC-1", vpc_categories=["Zone/a"])),
    ]
    assert set(secured(selecting(selector), vms=vms)) == names


@pytest.mark.parametrize(("parts", "names"), [
    ([{"categories": {"T": "Web"}}], {"W1", "O1", "O2"}),
    ([{"categories": {"T": "Web"}}, {"categories": {"Env": "Dev"}}], set()),  # R9: of one type, all
    ([{"vms": ["X1", "V1"]}], {"X1", "V1"}),
    ([{"vms": ["X1"]}, {"categories": {"T": "App"}}], {"X1", "A1"}),  # R9: ids add up
    ([{"vm_name": {"starts_with": "O"}}], {"O1", "O2"}),
    ([{"vm_name": {"ends_with": "1"}}, {"vm_name": {"equals": "O2"}}], {"W1", "A1", "V1", "X1", "O1", "O2"}),
    ([{"vm_name": {"contains": "B"}}], set()),  # found, but on a basic VLAN
    ([{"subnets": ["VPC-2/app"]}], {"O2"}),
    ([{"addresses": ["10.1.2.0/24", "10.9.0.1-10.9.0.10"]}], {"V1", "O1"}),
    ([{"addresses": ["10.1.1.90"]}, {"categories": {"T": "App"}}], {"X1", "A1"}),
    ([{"address_groups": ["dev"]}], {"V1"}),
    ([{"fqdns": ["a.example"]}], set()),
    ([{"kubernetes": {"what": "pods", "by": "name", "names": ["W1"]}}], set()),
    ([], set()),
])
def test_an_entity_group_selects_by_any_of_its_members(parts: list[dict[str, Any]], names: set[str]) -> None:
    assert members(*parts, addresses=[{"name": "dev", "addresses": ["10.1.2.0/24"]}]) == names


@pytest.mark.parametrize("without", [[{"addresses": ["10.9.0.10"]}], [{"address_groups": ["o1"]}]])
def test_exceptions_take_away(without: list[dict[str, Any]]) -> None:
    assert members({"categories": {"T": "Web"}}, without=without, addresses=[{"name": "o1", "addresses": ["10.9.0.10"]}]) == {"W1", "O2"}


def test_an_interface_without_a_known_address_is_in_no_range() -> None:
    assert members({"addresses": ["0.0.0.0/0"]}, vms=[vm("N", {}, nic(ip="")), W1]) == {"W1"}


def test_ipv6_addresses_are_not_taken_for_ipv4() -> None:
    assert members({"addresses": ["0.0.0.0/0"]}, vms=[vm("N", {}, nic(ip="::1"))]) == set()


def test_flex_rules_secure_what_they_are_applied_to_in_any_network() -> None:
    flex = {
        "name": "F", "type": "zone", "mode": "enforce", "scope": "vlans",
        "flex_rules": [{"action": "allow", "direction": "in", "from": "any", "to": "any", "services": ["any"], "applied_to": ["G"]}],
    }
    assert secured(flex, groups=[group({"categories": {"T": "Web"}})]) == {"W1": ["F"], "O1": ["F"], "O2": ["F"]}


def test_a_group_that_was_not_listed_is_an_error_and_not_an_empty_group() -> None:
    with pytest.raises(UnknownReference, match="there is no entity group 'G'"):
        secured(selecting({"entity_group": "G"}))
    with pytest.raises(UnknownReference, match="there is no address group 'gone'"):
        members({"address_groups": ["gone"]})


def test_two_vms_of_one_name_are_kept_apart() -> None:
    one, other = {**W1, "ext_id": "1"}, {**X1, "name": "W1", "ext_id": "2"}
    found = secured_by([P3], [], [one, other])
    assert {name: bool(coverage) for name, coverage in found.items()} == {"W1 (1)": True, "W1 (2)": False}


def test_categories_may_come_as_names() -> None:
    assert secured(P3, vms=[{**W1, "categories": ["T/Web", "Env/Prod"]}]) == {"W1": ["P3"]}
