# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A site map says one thing for both directions, keeps what people wrote, and names everything wrong with file and line."""

from __future__ import annotations

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site_map import SiteMap
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site_map_check import check_against_site, check_coverage
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site_map_file import load_site_map, new_text, parse_site_map, save_site_map, with_entries
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site_map_generate import addresses_in, new_site_map, propose
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.translation import SiteTranslation
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import InvalidInput

from .kinds import ENTITIES, group, rule

HEAD = """schema_version: 1
pair: {name: hospital}
sites:
  north: {prism_central: pc-north, clusters: [n1]}
  south: {prism_central: pc-south, clusters: [s1]}
"""
MAP = HEAD + """maps:
  vpcs:
    - {north: prod, south: prod-dr}
  subnets:
    - {north: web, south: web}   # kept by hand
  ip_prefixes:
    - {north: 10.1.0.0/16, south: 10.2.0.0/16}
    - {north: 10.1.5.0/24, south: 10.77.5.0/24, mode: rewrite}
    - {north: 172.16.0.0/12, mode: same}
    - {north: 10.9.0.0/16, mode: exclude}
    - {north: "fd00:1::/64", south: "fd00:2::/64"}
  categories:
    - {north: Site/North, south: Site/South}
  address_groups:
    - name: branches
      addresses: {north: [10.1.64.0/18], south: [10.8.0.0/16, 10.7.0.1]}
scope:
  include: {security_rules: ["shop*", bank]}
  exclude: {security_rules: [shop-tmp]}
  query: {security_rules: "mode != 'save'"}
never_touch: {address_groups: [branches]}
limits: {max_vm_percent: 10}
"""
PREFIXES = HEAD + "maps:\n  ip_prefixes:\n"
NORTH = {
    "vpcs": ["prod", "lab"],
    "subnets": {"web": "10.1.1.0/24", "app": "10.1.2.0/24", "db": "10.1.3.0/24"},
    "network_functions": [],
    "clusters": ["n1"],
    "addresses": [],
}
SOUTH = {
    "vpcs": ["prod", "prod-dr"],
    "subnets": {"web": "10.2.1.0/24", "app": "10.1.2.0/24", "db": "10.2.0.0/20"},
    "network_functions": ["fw"],
    "clusters": ["s1"],
    "addresses": [],
}


def read(text: str) -> SiteMap:
    return parse_site_map(text, "map.yml")


def findings(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as error:
        read(text)
    return [str(finding) for finding in error.value.findings]


def test_a_map_is_read_with_defaults_for_what_it_leaves_out():
    found = read(MAP)
    assert (found.pair, found.topology, found.policy_transport) == ("hospital", "two_pc", "baseline")
    assert found.limits == (10, 10)
    assert found.sites["north"].clusters == ("n1",)
    assert found.where("maps", "subnets", 0, "north") == "map.yml:10"


def test_targets_may_name_steps():
    found = read(MAP + "targets: {rto_minutes: 30, step_minutes: {apply: 5}}\n")
    assert (found.targets.rto_minutes, found.targets.step_minutes) == (30, {"apply": 5})
    wrong = findings(MAP + "targets:\n  rto_minutes: 0\n  step_minutes: {aply: 5, verify: soon}\n")
    assert [part for part in ("'aply'", "did you mean 'apply'?", "'soon'", "0 is not") if not any(part in finding for finding in wrong)] == []


def test_names_are_found_in_both_directions():
    found = read(MAP)
    assert found.name_on("south", "north", "vpc", "prod") == "prod-dr"
    assert found.name_on("north", "south", "vpc", "prod-dr") == "prod"
    assert found.name_on("south", "north", "vpc", "lab") is None
    assert found.override("south", "branches") == ("10.7.0.1", "10.8.0.0/16")
    assert found.override("south", "other") is None


def test_recovery_plans_are_run_in_their_order_and_a_name_alone_is_the_same_on_both_sites():
    found = read(HEAD + "maps:\n  recovery_plans: [shop, {north: db-n, south: db-s}, rest]\n")
    assert (found.recovery_plans("south"), found.recovery_plans("north")) == (("shop", "db-s", "rest"), ("shop", "db-n", "rest"))
    assert found.name_on("north", "south", "recovery_plan", "db-s") == "db-n"
    assert read(MAP).recovery_plans("south") == ()


@pytest.mark.parametrize(
    ("kind", "name", "wanted"),
    [
        ("shop", "enforce", True), ("shop-tmp", "enforce", False), ("bank", "monitor", True), ("bank", "save", False), ("lab", "enforce", False),
    ],
)
def test_scope_takes_patterns_and_expressions_and_exclude_wins(kind, name, wanted):
    scope = read(MAP).scope
    assert scope.has("security_rule", kind, {"name": kind, "mode": name}) is wanted
    assert scope.has("service_group", "anything", {"name": "anything"})
    assert not scope.has("address_group", "branches", {"name": "branches"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD.replace("1\n", "7\n", 1), "map.yml:1: schema_version 7 is unknown"),
        (HEAD + "limit: {}\n", "map.yml:6: unknown key 'limit' (did you mean 'limits'?)"),
        (HEAD + "limits: {max_vm_percent: 200}\n", "map.yml:6: 200 is not a whole number from 0 to 100"),
        (HEAD.replace("{name: hospital}", "{topology: one}"), "map.yml:2: unknown value 'one'"),
        (HEAD.replace("  south: {prism_central: pc-south, clusters: [s1]}\n", ""), "map.yml:3: 1 sites are named (a pair has two)"),
        (HEAD + "maps:\n  vpcs:\n    - {north: a}\n", "map.yml:8: 'south' is missing"),
        (HEAD + "maps:\n  vpcs:\n    - {north: a, south: b}\n    - {north: a, south: c}\n", "map.yml:9: 'a' is mapped twice for north"),
        (HEAD + "maps:\n  vpcs:\n    - {north: a, west: b}\n", "map.yml:8: unknown key 'west'"),
        (HEAD + "maps:\n  recovery_plans:\n    - shop\n    - shop\n", "map.yml:9: 'shop' is mapped twice for north"),
        (HEAD + "maps:\n  vpcs: [prod]\n", "map.yml:7: maps.vpcs.0 is missing or no mapping"),
        (PREFIXES + "    - {north: 10.1.0.0/16, south: 10.2.0.0/20}\n", "map.yml:8: 10.1.0.0/16 and 10.2.0.0/20 differ in family or length"),
        (PREFIXES + "    - {north: 10.1.0.0/16, south: 10.2.0.0/16, mode: same}\n", "map.yml:8: 10.1.0.0/16 and 10.2.0.0/16 are not the same"),
        (PREFIXES + "    - {north: 10.1.0.300}\n", "map.yml:8: '10.1.0.300'"),
        (PREFIXES + "    - {north: 10.1.0.0/16, mode: rewrite}\n", "map.yml:8: a rewrite needs the prefix of both sites"),
        (HEAD + "maps:\n  address_groups:\n    - {name: a, addresses: {north: [10.0.0.1]}}\n", "map.yml:8: the addresses on south are missing"),
        (HEAD + "scope: {query: {security_rules: 'mode =='}}\n", "map.yml:6: 'mode ==' is no JMESPath expression"),
        (HEAD + "scope: {include: {security_rule: [a]}}\n", "map.yml:6: unknown key 'security_rule' (did you mean 'security_rules'?)"),
        (HEAD + "pair: {name: again}\n", "map.yml:6: the key 'pair' stands twice"),
        (HEAD + "maps:\n  vpcs: [\n", "map.yml:8: is no YAML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text, expected):
    assert any(found.startswith(expected) for found in findings(text)), findings(text)


def test_containers_are_proposed_and_checked_where_clusters_are_paired():
    one, other = {**NORTH, "containers": ["gold", "n1/own"]}, {**SOUTH, "containers": ["gold", "dr"]}
    proposal = propose({"north": one, "south": other}, read(MAP))
    assert proposal.entries["containers"] == [{"north": "gold", "south": "gold", "origin": "generated"}]
    assert "containers" not in propose({"north": NORTH, "south": SOUTH}, read(MAP)).entries
    told = {finding.problem: finding.fix for finding in proposal.unmatched if finding.where == "maps.containers"}
    assert told["'dr' of south has no counterpart of this name on north"] == "map it by hand if it is to replicate"
    wrong = read(MAP.replace("  categories:\n", "  containers:\n    - {north: n1/gold, south: gould}\n  categories:\n"))
    assert not [found for found in check_against_site(wrong, "north", one, ["Site/North"], "") if "container" in found.problem]
    assert [str(found) for found in check_against_site(wrong, "south", other, ["Site/South"], "") if "container" in found.problem] == [
        "map.yml:18: there is no storage container 'gould' on south (did you mean 'gold'?)"
    ]


def test_everything_wrong_is_told_at_once():
    assert len(findings(HEAD + "limits: {max_deletes: many}\nmaps:\n  vpcs:\n    - {north: a}\n  subnet: []\n")) == 3


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10.1.2.3", "10.2.2.3"), ("10.1.2.0/24", "10.2.2.0/24"), ("10.1.2.5-10.1.2.9", "10.2.2.5-10.2.2.9"),
        ("10.1.5.7", "10.77.5.7"), ("10.1.5.0/24", "10.77.5.0/24"), ("172.16.3.0/24", "172.16.3.0/24"),
        ("8.8.8.8", "8.8.8.8"), ("0.0.0.0/0", None), ("fd00:1::5", "fd00:2::5"), ("192.168.0.0/16", "192.168.0.0/16"),
    ],
)
def test_addresses_go_by_the_longest_prefix_that_holds_them(value, expected):
    site_map = read(MAP.replace("    - {north: 10.9.0.0/16, mode: exclude}\n", ""))
    translation = SiteTranslation(site_map, "north", "south")
    assert translation.addresses([value], "here") == [expected or value]
    assert not translation.findings
    if expected:
        assert SiteTranslation(site_map, "south", "north").addresses([expected], "here") == [value], "and back"


@pytest.mark.parametrize("value", ["10.1.0.0/16", "10.0.0.0/15", "10.1.255.250-10.2.0.5", "10.1.4.0/22"])
def test_partly_covered_addresses_are_told_and_never_guessed(value):
    translation = SiteTranslation(read(MAP), "north", "south")
    translation.addresses([value], "address group 'x' addresses")
    assert "is only partly covered by" in str(translation.findings[0])
    assert str(translation.findings[0]).startswith("map.yml:1")


def test_a_prefix_around_both_sites_needs_no_translation():
    site_map = read(HEAD + "maps:\n  ip_prefixes:\n    - {north: 10.1.0.0/16, south: 10.2.0.0/16}\n")
    translation = SiteTranslation(site_map, "north", "south")
    assert translation.addresses(["10.0.0.0/8"], "here") == ["10.0.0.0/8"]
    assert not translation.findings


def test_excluded_addresses_are_left_out_by_name_and_never_leave_nothing():
    translation = SiteTranslation(read(MAP), "north", "south")
    assert translation.addresses(["10.1.2.3", "10.9.1.1"], "here") == ["10.2.2.3"]
    assert "10.9.1.1 is left out on south" in str(translation.left_out[0])
    translation.addresses(["10.9.1.1"], "there")
    assert "nothing is left of 10.9.1.1" in str(translation.findings[0])


def test_unmapped_networks_are_told_once_with_their_users_and_other_names_stay():
    translation = SiteTranslation(read(MAP), "north", "south")
    assert [translation.reference("vpc", "lab", f"rule {number}") for number in range(5)] == ["lab"] * 5
    assert translation.reference("category", "Site/North", "") == "Site/South"
    assert translation.reference("address_group", "branches", "") == "branches"
    assert [str(found) for found in translation.findings] == [
        "map.yml:7: vpc 'lab' of north has no name on south; used by rule 0, rule 1, rule 2 and 2 more (add it to maps.vpcs)"
    ]


def test_a_generated_map_pairs_equal_names_and_proposes_prefixes():
    sites = {"north": {"prism_central": "pc-north", "clusters": ["n1"]}, "south": {"prism_central": "pc-south", "clusters": ["s1"]}}
    proposal = propose({"north": NORTH, "south": SOUTH}, None)
    found = read(new_text(new_site_map("north-south", sites), proposal.entries))
    assert {pair.names["north"]: pair.names["south"] for pair in found.names["subnets"]} == {"web": "web", "app": "app", "db": "db"}
    assert [(pair.mode, *pair.prefixes.values()) for pair in found.prefixes] == [
        ("rewrite", "10.1.1.0/24", "10.2.1.0/24"), ("same", "10.1.2.0/24", "10.1.2.0/24"),
    ], "prefixes of unequal length are for a person to map"
    assert {text.problem.split("'")[1] for text in proposal.unmatched} == {"lab", "prod-dr", "fw"}
    assert found.name_on("south", "north", "cluster", "n1") == "s1", "with one on each side there is only one way"


def test_a_prefix_that_policies_use_is_proposed_whole_if_all_its_subnets_move_alike():
    inbound = {"groups": [{"inbound": [{"from": {"cidr": "10.1.1.0/25"}}]}]}
    used = addresses_in({"address_group": [group("dc", "10.1.0.0/16")], "security_rule": [inbound]})
    assert used == {"10.1.0.0/16", "10.1.1.0/25"}
    nothing = {"vpcs": [], "network_functions": [], "clusters": [], "addresses": []}
    north = {**nothing, "subnets": {"a": "10.1.1.0/24", "b": "10.1.2.0/24"}, "addresses": sorted(used)}
    south = {**nothing, "subnets": {"a": "10.2.1.0/24", "b": "10.2.2.0/24"}, "addresses": ["10.2.0.0/16"]}
    odd = {**nothing, "subnets": {"a": "10.2.1.0/24", "b": "10.3.2.0/24"}}
    found = propose({"north": north, "south": south}, None).entries["ip_prefixes"]
    assert [(entry["north"], entry["south"]) for entry in found][2:] == [("10.1.0.0/16", "10.2.0.0/16")]
    assert len(propose({"north": north, "south": odd}, None).entries["ip_prefixes"]) == 2


def test_generating_again_adds_what_is_missing_and_touches_nothing_else(tmp_path):
    path = tmp_path / "map.yml"
    path.write_text(MAP)
    first = load_site_map(str(path))
    text = with_entries(MAP, propose({"north": NORTH, "south": SOUTH}, first).entries, str(path))
    assert save_site_map(str(path), text)
    assert set(MAP.splitlines()) < set(text.splitlines()), "no line of a person is lost or changed"
    again = load_site_map(str(path))
    assert again.name_on("south", "north", "vpc", "prod") == "prod-dr"
    assert {pair.names["north"]: pair.origin for pair in again.names["subnets"]} == {"web": "manual", "app": "generated", "db": "generated"}
    assert not propose({"north": NORTH, "south": SOUTH}, again).entries, "nothing is left to add"
    assert not save_site_map(str(path), text)


@pytest.mark.parametrize("maps", ["", "maps: {}\n", "maps:\n  vpcs: []\n", "maps:\n  vpcs:\n  - {north: x, south: y}\n\n# the end\n", "maps:\nlimits: {}\n"])
def test_entries_find_their_place_however_the_map_is_written(maps):
    entries = {"vpcs": [{"north": "a: b", "south": "yes", "origin": "generated"}], "subnets": [{"north": "s", "south": "s", "origin": "generated"}]}
    found = read(with_entries(HEAD + maps, entries, "map.yml"))
    assert found.name_on("south", "north", "vpc", "a: b") == "yes"
    assert found.name_on("south", "north", "subnet", "s") == "s"


def test_a_list_on_one_line_is_not_rewritten_behind_a_persons_back():
    with pytest.raises(InvalidInput, match="line per entry"):
        with_entries(HEAD + "maps:\n  vpcs: [{north: a, south: b}]\n", {"vpcs": [{"north": "x", "south": "x"}]}, "map.yml")


def test_what_the_map_names_and_a_site_has_not_is_told_with_its_line():
    found = check_against_site(read(MAP), "south", {**SOUTH, "vpcs": ["prod-dx"], "clusters": []}, ["Site/North"], "pc-wouth")
    assert [str(finding) for finding in found] == [
        "map.yml:5: the Prism Central of south is called 'pc-wouth', not 'pc-south' (are the connection options those of the right site?)",
        "map.yml:5: there is no cluster 's1' on south (correct the name, or create it)",
        "map.yml:8: there is no vpc 'prod-dr' on south (did you mean 'prod-dx'?)",
        "map.yml:18: there is no category 'Site/South' on south (did you mean 'Site/North'?)",
    ]


def test_every_network_that_policies_use_must_be_mapped():
    rules = {"security_rule": [rule("a", vpcs=["prod"]), rule("b", vpcs=["lab"])]}
    found = check_coverage(read(MAP), "north", "south", ENTITIES, rules)
    assert [finding.problem for finding in found] == ["vpc 'lab' of north is used by policies and has no name on south"]
