# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proof through a site map: networks, addresses and categories translated, VMs matched, placed or left out, and said so."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.estate import Estate
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.proof import prove
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site_map_file import parse_site_map
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import Ambiguous, InvalidInput

MAP = parse_site_map(
    """
schema_version: 1
pair: {name: test}
sites:
  north: {prism_central: pc-north}
  south: {prism_central: pc-south}
maps:
  vpcs: [{north: prod, south: prod-dr}]
  subnets: [{north: prod/app, south: prod-dr/app}]
  categories: [{north: Site/North, south: Site/South}]
  ip_prefixes: [{north: 10.1.0.0/16, south: 10.2.0.0/16, mode: rewrite}]
  address_groups: [{name: dns, addresses: {north: [10.9.0.1], south: [10.9.0.2]}}]
""",
    "map.yml",
)
LANDING = {"kind": "overlay", "advanced": True, "subnet_categories": [], "vpc_categories": []}


def vm(name: str, site: str, number: int, *categories: str, **more: Any) -> dict[str, Any]:
    vpc, net = ("prod", 1) if site == "north" else ("prod-dr", 2)
    nic = {**LANDING, "subnet": f"{vpc}/app", "vpc": vpc, "ip": f"10.{net}.0.{number}"}
    return {"name": name, "ext_id": f"{site}-{name}", "categories": list(categories), "nics": [nic], **more}


def estate(site: str, *vms: dict[str, Any], port: int = 443, **more: Any) -> Estate:
    vpc, net, dns = ("prod", 1, "10.9.0.1") if site == "north" else ("prod-dr", 2, "10.9.0.2")
    own = f"Site/{site.title()}"
    rule = {
        "name": "shop",
        "type": "application",
        "mode": "enforce",
        "scope": {"vpcs": [vpc]},
        "groups": [
            {
                "secured": {"categories": dict([own.split("/")])},
                "inbound": [{"from": {"cidr": [f"10.{net}.7.0/24"]}, "services": [f"tcp/{port}"]}],
                "outbound": [{"to": {"address_groups": ["dns"]}, "services": ["udp/53"]}],
            }
        ],
    }
    objects = {"security_rule": [rule], "address_group": [{"name": "dns", "addresses": [dns]}]}
    landings = {f"{vpc}/app": {**LANDING, "subnet": f"{vpc}/app", "vpc": vpc}}
    return Estate(site, f"{site}, live", objects, vms, landings=landings, **more)


NORTH = estate("north", vm("a", "north", 1, "Site/North"), vm("b", "north", 2))
MOVED = (vm("a", "south", 1, "Site/South"), vm("b", "south", 2))


def test_what_the_map_translates_is_equal() -> None:
    proof = prove(NORTH, estate("south", *MOVED), MAP)
    assert (proof.difference.equal, proof.facts, proof.notes) == (True, (), ())
    assert proof.before == proof.after
    assert proof.before["enforced"] == 1


def test_the_way_back_is_equal_too() -> None:
    assert prove(estate("south", *MOVED), NORTH, MAP).difference.equal


def test_one_port_more_is_all_that_differs() -> None:
    proof = prove(NORTH, estate("south", *MOVED, port=444), MAP)
    assert {(group.kind, group.services) for group in proof.difference.groups} == {("opened", ("tcp/444",)), ("closed", ("tcp/443",))}


@pytest.mark.parametrize("workloads", ["source", "target"])
def test_vms_are_placed_where_they_would_be(workloads: str) -> None:
    left, right = (NORTH, estate("south")) if workloads == "source" else (estate("south"), NORTH)
    proof = prove(left, right, MAP, workloads=workloads)
    assert (proof.difference.equal, proof.difference.interfaces, proof.before["enforced"]) == (True, 2, 1)
    assert proof.notes == ("2 VMs are taken as if they had been moved, they are not on south yet",)
    assert prove(left, right, MAP).difference.interfaces == 0
    wider = prove(left._replace(objects=estate(left.site, port=80).objects), right, MAP, workloads=workloads)
    assert {group.kind for group in wider.difference.groups} == {"opened", "closed"}


def test_a_vm_on_a_network_without_counterpart_is_left_out_and_said_so() -> None:
    lab = {**vm("lab-1", "north", 9, "Site/North"), "nics": [{**LANDING, "subnet": "lab", "vpc": "", "ip": "10.1.0.9"}]}
    proof = prove(NORTH._replace(vms=[*NORTH.vms, lab]), estate("south"), MAP, workloads="source")
    assert [(fact.code, fact.subject) for fact in proof.facts] == [("F4", "subnet lab")]
    assert (proof.difference.equal, proof.difference.only_left) == (True, ("lab-1",))


@pytest.mark.parametrize("pair", [{"a": "a-dr"}, {"north-a": "south-a-dr"}], ids=["names", "ids"])
def test_vms_that_are_called_otherwise_are_matched(pair: dict[str, str]) -> None:
    south = estate("south", vm("a-dr", "south", 1, "Site/South"), MOVED[1])
    proof = prove(NORTH, south, MAP, vms=pair)
    assert (proof.difference.equal, proof.difference.interfaces) == (True, 2)
    assert prove(NORTH, south, MAP).difference.only_left == ("a",)


def test_unknown_vms_of_the_map_are_all_named() -> None:
    with pytest.raises(InvalidInput) as error:
        prove(NORTH, estate("south", *MOVED), MAP, vms={"x": "y"})
    assert len(error.value.findings) == 2


def test_two_vms_of_one_name_matter_only_where_they_are_compared() -> None:
    twin = vm("old", "south", 8)
    assert prove(NORTH, estate("south", *MOVED, twin, twin), MAP).difference.equal
    with pytest.raises(Ambiguous, match="south"):
        prove(NORTH, estate("south", *MOVED, MOVED[0]), MAP)


def test_rules_out_of_scope_are_said() -> None:
    proof = prove(NORTH._replace(out_of_scope=("lab",)), estate("south", *MOVED), MAP)
    assert proof.notes == ("security rules of north that the site map leaves out are not looked at: lab",)


def test_either_site_may_be_how_it_was() -> None:
    """The same two sites in the same words; opened and closed change places, and so do the witnesses."""
    wider = estate("south", *MOVED)
    wider.objects["security_rule"][0]["groups"][0]["inbound"][0]["services"].append("tcp/444")
    found = [prove(NORTH, wider, MAP, before=before) for before in ("source", "target")]
    (opened,), (closed,) = (proof.difference.groups for proof in found)
    assert (opened.kind, closed.kind) == ("opened", "closed")
    assert (opened.left, opened.right) == (closed.right, closed.left)
    assert opened.witness.left == closed.witness.right
    assert [(proof.before, proof.after) for proof in found] == [(found[0].before, found[0].after), (found[0].after, found[0].before)]


def test_what_could_not_be_read_is_said() -> None:
    proof = prove(NORTH, estate("south", *MOVED, unread=("security_rule/new",)), MAP)
    assert proof.notes == ("nothing is proved about security_rule/new of south, which can't be read",)


def test_addresses_that_a_site_does_not_tell_are_said() -> None:
    proof = prove(NORTH, estate("south", *MOVED, addresses_unknown="the IPv6 addresses of its VMs"), MAP)
    assert proof.notes == ("south doesn't tell the IPv6 addresses of its VMs",)


def test_each_address_of_an_interface_counts() -> None:
    """A second address of a VM, which an entry names, is translated and compared like the first."""
    def peer(site: str, *ips: str) -> dict[str, Any]:
        one = vm("c", site, 3)
        return {**one, "nics": [{**one["nics"][0], "ip": list(ips)}]}

    north = estate("north", *NORTH.vms, peer("north", "10.1.0.3", "10.1.7.9"))
    assert prove(north, estate("south", *MOVED, peer("south", "10.2.0.3", "10.2.7.9")), MAP).difference.equal
    lost = prove(north, estate("south", *MOVED, peer("south", "10.2.0.3")), MAP).difference
    assert [group.kind for group in lost.groups] == ["closed"]
