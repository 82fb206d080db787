# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VMs as hosts: names that nobody else has, the address that suits, groups and variables."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.hosts import address_of, hosts, unused_networks


def vm(name: str, ext_id: str = "1", nics: Any = None) -> dict[str, Any]:
    found = nics if nics is not None else [nic("front", "10.1.1.5")]
    return {"name": name, "ext_id": ext_id, "categories": ["AppTier/Web", "Zone/a/b"], "power": "on", "cluster": "c1", "nics": found}


def nic(subnet: str, ip: Any) -> dict[str, Any]:
    return {"subnet": subnet, "kind": "vlan", "advanced": True, "vpc": "", "ip": ip, "subnet_categories": [], "vpc_categories": []}


@pytest.mark.parametrize(("north", "south", "site_in_name", "expected"), [
    (["a"], ["b"], "when_needed", ["a", "b"]),
    (["a"], ["b"], "always", ["a.north", "b.south"]),
    (["a", "b"], ["b"], "when_needed", ["a", "b.north", "b.south"]),
    (["a", "a"], [], "when_needed", ["a.north.0", "a.north.1"]),
    (["a", "a"], ["a"], "always", ["a.north.0", "a.north.1", "a.south"]),
])
def test_no_name_is_given_to_one_of_several(north: list[str], south: list[str], site_in_name: str, expected: list[str]) -> None:
    sites = {site: [vm(name, str(number)) for number, name in enumerate(names)] for site, names in (("north", north), ("south", south))}
    assert [host.name for host in hosts(sites, site_in_name=site_in_name)] == expected


TWO = [nic("front", ["10.1.1.5", "10.1.1.6", "2001:db8::5"]), nic("management", "192.168.0.5")]


@pytest.mark.parametrize(("nics", "networks", "expected"), [
    (TWO, [], "10.1.1.5"),
    (TWO, ["management"], "192.168.0.5"),
    (TWO, ["lab", "10.1.1.6", "management"], "10.1.1.6"),
    (TWO, ["192.168.0.0/16", "front"], "192.168.0.5"),
    (TWO, ["2001:db8::/32"], "2001:db8::5"),
    (TWO, ["lab"], ""),
    ([], [], ""),
    ([nic("front", "")], [], ""),
    ([nic("front", ["169.254.1.1", "fe80::1"]), nic("front", "10.1.1.9")], [], "10.1.1.9"),
])
def test_address_is_the_first_that_suits(nics: Any, networks: list[str], expected: str) -> None:
    assert address_of(vm("a", nics=nics), networks) == expected


def test_networks_without_any_address_are_told() -> None:
    sites = {"north": [vm("a", nics=TWO)], "south": [vm("b")]}
    assert unused_networks(sites, ["front", "managment", "10.0.0.0/8", "10.9.0.0/16"]) == ["managment", "10.9.0.0/16"]


def test_groups_and_variables() -> None:
    (host,) = hosts({"north": [vm("a", "id-1", TWO)]})
    assert host.groups == ("site_north", "AppTier_Web", "Zone_a/b")
    assert host.variables == {
        "prism_name": "a",
        "prism_ext_id": "id-1",
        "prism_site": "north",
        "prism_cluster": "c1",
        "prism_power": "on",
        "prism_categories": {"AppTier": "Web", "Zone": "a/b"},
        "prism_nics": [
            {"subnet": "front", "kind": "vlan", "vpc": "", "addresses": ["10.1.1.5", "10.1.1.6", "2001:db8::5"]},
            {"subnet": "management", "kind": "vlan", "vpc": "", "addresses": ["192.168.0.5"]},
        ],
    }
