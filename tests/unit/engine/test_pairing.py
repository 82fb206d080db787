"""Both halves of a pair from one site map: mirror images, what may stay, and what is refused before anything is written."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.cluster_pairs import cluster_pairs, container_names, network_names
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.pair_facts import Side, Workload
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.pairing import WantedHalf, wanted_halves
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site_map import SiteMap
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site_map_file import parse_site_map
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import InvalidInput

from .pair_world import BACK, FORTH, cluster, half, side

HEAD = """schema_version: 1
pair: {name: frame}
sites:
  east: {clusters: [east-ahv]}
  west: {clusters: [west-ahv]}
"""
CLUSTERS = "maps:\n  clusters:\n    - {east: east-ahv, west: west-ahv}\n"
CONTAINERS = "  containers:\n    - {east: gold, west: dr-gold}\n"
MAP = HEAD + CLUSTERS + CONTAINERS + "  subnets:\n    - {east: desktops, west: desktops-dr}\n    - {east: app, west: app}\n"


def read(text: str = MAP) -> SiteMap:
    return parse_site_map(text, "map.yml")


def wanted(text: str = MAP, *, replace: bool = False, prune: bool = False, **sides: Side) -> dict[str, WantedHalf]:
    site_map = read(text)
    fresh = {"east": side("east", halves=(), networks=("desktops",)), "west": side("west", halves=(), networks=("desktops-dr",))}
    found = wanted_halves(site_map, cluster_pairs(site_map)[0], {**fresh, **sides}, replace=replace, prune=prune)
    return {one.site: one for one in found}


def test_both_halves_are_mirror_images() -> None:
    found = wanted()
    assert found["east"].params == {"name": "west-ahv", "addresses": ["198.51.100.50"], "vstore_map": FORTH, "network_map": {"desktops": "desktops-dr"}}
    assert found["west"].params == {"name": "east-ahv", "addresses": ["192.0.2.50"], "vstore_map": BACK, "network_map": {"desktops-dr": "desktops"}}
    assert (found["east"].same, found["east"].findings, found["east"].anew) == (("SelfServiceContainer",), (), False)


def test_the_map_names_the_halves() -> None:
    named = read(MAP + "  remote_sites:\n    - {east: to-dr, west: to-prod}\n")
    assert cluster_pairs(named)[0].remote_sites == {"east": "to-dr", "west": "to-prod"}


def test_two_pairs_of_clusters_are_told_apart_by_the_name_of_the_cluster() -> None:
    text = MAP.replace("    - {east: east-ahv, west: west-ahv}\n", "    - {east: e1, west: w1}\n    - {east: e2, west: w2}\n")
    text += "  remote_sites:\n    - {east: e2/to-dr, west: w2/to-prod}\n"
    site_map = read(text.replace("{east: gold, west: dr-gold}", "{east: e1/gold, west: w1/dr-gold}\n    - {east: e2/gold, west: w2/two}"))
    one, two = cluster_pairs(site_map)
    assert (one.remote_sites, two.remote_sites) == ({"east": "w1", "west": "e1"}, {"east": "to-dr", "west": "to-prod"})
    assert container_names(site_map, one, "east", ["gold"], ["dr-gold", "two"]).mapped == {"gold": "dr-gold"}
    assert container_names(site_map, two, "east", ["gold"], ["dr-gold", "two"]).mapped == {"gold": "two"}
    assert container_names(site_map, two, "west", ["two"], ["gold"]).mapped == {"two": "gold"}


def test_many_containers_may_go_to_one_and_one_way_leads_back() -> None:
    many = read(MAP.replace("{east: gold, west: dr-gold}", "{east: gold, west: dr-gold}\n    - {east: silver, west: dr-gold, only_from: east}"))
    pair = cluster_pairs(many)[0]
    assert container_names(many, pair, "east", ["gold", "silver"], ["dr-gold"]).mapped == {"gold": "dr-gold", "silver": "dr-gold"}
    assert container_names(many, pair, "west", ["dr-gold"], ["gold", "silver"]).mapped == {"dr-gold": "gold"}
    assert many.name_on("east", "west", "container", "dr-gold") == "gold"
    assert many.name_on("west", "east", "container", "silver") == "dr-gold"


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ("{east: a, west: c}\n    - {east: b, west: c}", "map.yml:12: 'c' is mapped twice for west (if several of east go to it, write only_from: east"),
        ("{east: a, west: b}\n    - {east: a, west: c}", "map.yml:12: 'a' is mapped twice for east (if several of west go to it, write only_from: west"),
        ("{east: a, west: c, only_from: north}", "map.yml:11: unknown value 'north'"),
    ],
)
def test_a_way_back_that_can_not_be_told_is_refused(entries: str, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(HEAD + CLUSTERS + f"  containers:\n\n    - {entries}\n")
    assert says in str(refused.value)


def test_only_containers_may_be_many_to_one() -> None:
    with pytest.raises(InvalidInput, match="unknown key 'only_from'"):
        read(MAP.replace("{east: app, west: app}", "{east: app, west: app, only_from: east}"))


def test_names_that_no_cluster_has_are_refused_with_their_line() -> None:
    found = wanted(MAP.replace("west: dr-gold", "west: dr-gould"))
    assert [str(finding) for finding in found["east"].findings] == [
        "map.yml:10: there is no storage container 'dr-gould' on west-ahv (did you mean 'dr-gold'?)"
    ]


def test_subnets_that_are_no_networks_of_the_clusters_are_left_out() -> None:
    site_map = read()
    assert network_names(site_map, cluster_pairs(site_map)[0], "east", ["desktops"], ["desktops-dr"]).mapped == {"desktops": "desktops-dr"}


def test_a_good_half_is_wanted_as_it_is() -> None:
    cvms = {"198.51.100.50": 2020, "198.51.100.51": 2020}
    found = wanted(east=side("east", halves=(half("east", addresses=cvms),)), west=side("west"))
    assert found["east"].params["addresses"] == sorted(cvms), "all CVMs are as good as the virtual IP"
    assert not found["east"].findings


@pytest.mark.parametrize(
    ("members", "says", "anew", "addresses"),
    [
        ({"addresses": {"203.0.113.9": 2020}}, "leads to 203.0.113.9, west-ahv is at 198.51.100.50, 198.51.100.51", False, ["198.51.100.50"]),
        ({"cluster_incarnation": 7}, "was made for another cluster than west-ahv is now (incarnation 7, now 2200)", True, ["198.51.100.50"]),
        ({"addresses": {"203.0.113.9": 2020}, "cluster_number": 5}, "was made for another cluster", True, ["198.51.100.50"]),
    ],
)
def test_a_half_that_leads_elsewhere_is_only_replaced_when_told_so(members: dict[str, Any], says: str, anew: bool, addresses: list[str]) -> None:
    strange = side("east", halves=(half("east", **members),))
    refused = wanted(east=strange, west=side("west"))["east"]
    assert says in "; ".join(map(str, refused.findings))
    told = wanted(east=strange, west=side("west"), replace=True)["east"]
    assert (told.findings, told.anew, told.params["addresses"]) == ((), anew, addresses)


def test_a_half_that_is_about_to_vanish_is_none() -> None:
    going = half("east", marked_for_removal=True, addresses={"203.0.113.9": 2020})
    assert wanted(east=side("east", halves=(going,)), west=side("west"))["east"].findings == ()


def test_a_cluster_without_a_virtual_ip_is_reached_at_its_cvms() -> None:
    bare = side("west", cluster=cluster("west", virtual_ip=""), halves=())
    assert wanted(west=bare)["east"].params["addresses"] == ["198.51.100.50", "198.51.100.51"]
    lost = side("west", cluster=cluster("west", virtual_ip="", addresses=()), halves=())
    assert "tells no address" in str(wanted(west=lost)["east"].findings[0])


def test_entries_that_the_map_does_not_list_stay_unless_pruned() -> None:
    more = half("east", vstores={**FORTH, "scratch": "dr-gold", "lost": "dr-gold"})
    here = side("east", halves=(more,), containers=(*side("east").containers, side("east").containers[0]._replace(name="scratch")))
    kept = wanted(east=here, west=side("west"))["east"]
    assert (kept.params["vstore_map"], kept.unlisted) == ({**FORTH, "scratch": "dr-gold"}, {"scratch": "dr-gold"})
    pruned = wanted(east=here, west=side("west"), prune=True)["east"]
    assert (pruned.params["vstore_map"], pruned.unlisted) == (FORTH, {})


def test_unmapped_containers_that_hold_workloads_are_told() -> None:
    here = side("east", halves=(), workloads=(Workload("VM", "v", ("scratch",)), Workload("volume group", "g", ("scratch", "gold"))))
    assert wanted(east=here)["east"].unmapped == (("scratch", ("VM v", "volume group g")),)
