"""segmentation_query and segmentation_check on two simulated sites: live, from a baseline, from a file, before and after a move."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.pair import Pair

FLOWS = [
    {"from": "203.0.113.9", "to": "web-1", "service": "tcp/443", "expect": "allow"},
    {"from": "web-1", "to": "app-1", "service": "tcp/8443", "expect": "allow"},
    {"from": "web-1", "to": "app-1", "service": "tcp/22", "expect": "deny"},
    {"from": "app-1", "to": "app-2", "service": "tcp/8443", "expect": "deny"},
]


@pytest.fixture
def staged(ready_pair: Pair) -> Pair:
    """South has the policies, and no VM yet."""
    ready_pair.result("replicate")
    return ready_pair


def test_flows_are_judged_live_and_from_a_baseline(ready_pair: Pair) -> None:
    live = ready_pair.result("segmentation_query", flows=FLOWS)
    offline = ready_pair.result("segmentation_query", sites=[], site=None, baseline=str(ready_pair.baseline), flows=FLOWS)
    assert (live.get("msg"), offline.get("msg")) == (None, None)
    assert live["verdicts"] == offline["verdicts"]
    denied = live["verdicts"][2]
    assert denied["explanation"].startswith("web-1 -> app-1 tcp/22: DENY, denied at the source by shop groups[1] 'AppTier/Web+AppType/Shop' (application")
    assert (live["read_from"], offline["site"], len(offline["digest"])) == ("north, live", "north", 64)


def test_what_is_not_expected_fails_and_is_explained(ready_pair: Pair) -> None:
    wrong = [{**FLOWS[0], "expect": "deny"}, FLOWS[1], {**FLOWS[2], "expect": "allow"}]
    result = ready_pair.result("segmentation_query", flows=wrong)
    assert result["failed"]
    assert len(result["unexpected"]) == len(result["findings"]) == 2
    unknown = ready_pair.result("segmentation_query", flows=[{**FLOWS[0], "to": "web-9"}, {**FLOWS[0], "service": "http"}])
    assert [finding["where"] for finding in unknown["findings"]] == ["flows[0]", "flows[1]"]


def test_before_the_failover_the_proof_says_how_it_would_end(staged: Pair) -> None:
    result = staged.result("segmentation_check", workloads="source", record=staged.record("verify"))
    assert (result.get("msg"), result["verdict"], result["findings"]) == (None, "equal", [])
    assert result["proof"].startswith("Proved equal")
    assert result["coverage"]["before"] == result["coverage"]["after"]
    assert result["compared"]["interfaces"] == 8
    assert "8 VMs are taken as if they had been moved, they are not on south yet" in result["notes"]


def test_a_planted_hole_is_found_from_the_baseline_alone(staged: Pair) -> None:
    """A wider service group and a policy left in monitor, with the primary gone."""
    staged.sim.move("north", "south")
    staged.sim.down("north")
    assert staged.result("segmentation_check", baseline=str(staged.baseline))["verdict"] == "equal"
    staged.sim.edit("south", "service_group", "shop-api", {"tcpServices": [{"startPort": 8443, "endPort": 8444}]})
    staged.sim.edit("south", "security_policy", "prod-from-test", {"state": "MONITOR"})
    result = staged.result("segmentation_check", baseline=str(staged.baseline), record=staged.record("verify"))
    assert result["failed"]
    assert result["severity"] == "problem"
    opened = [group for group in result["groups"] if group["kind"] == "opened"]
    wider = [group for group in opened if group["services"] == ["tcp/8444"]]
    assert [(group["witness"]["target"]["service"], group["cause"]["target"][0]["policy"]) for group in wider] == [("tcp/8444", "shop")]
    assert any(cause["policy"] == "prod-from-test" for group in opened for cause in group["cause"]["source"])
    assert [(fact["code"], fact["subject"]) for fact in result["findings"]] == [("F8", "security rule prod-from-test")]
    witness = {key: wider[0]["witness"]["target"][key] for key in ("from", "to", "service")}
    replayed = staged.result("segmentation_query", site="south", expect="allow", **witness)
    assert replayed.get("msg") is None
    told = staged.result("segmentation_check", baseline=str(staged.baseline), fail_at="never")
    assert (told.get("failed"), told["groups"]) == (None, result["groups"])
    report = staged.result("run_report", verb="failover", outcome="ok", mode="unplanned", source="north", target="south")["report"]
    assert report["verdict"] == "PROBLEMS"
    assert {finding["code"] for finding in report["findings"]} >= {"OPENED", "F8"}


def test_lost_categories_are_a_fact_and_a_difference(staged: Pair) -> None:
    staged.sim.move("north", "south")
    staged.sim.edit("south", "vm", "web-1", {"categories": []})
    result = staged.result("segmentation_check", fail_at="never", baseline=str(staged.baseline))
    assert ("F2", "vm web-1") in {(fact["code"], fact["subject"]) for fact in result["findings"]}
    assert result["counts"]["opened"]
    assert result["coverage"]["after"]["enforced"] == result["coverage"]["before"]["enforced"] - 1


def test_what_cannot_be_read_stops_the_proof_unless_accepted(staged: Pair) -> None:
    """Even if it is only saved: nobody can tell what it would do."""
    spec = {"securedGroupCategoryReferences": ["@category:AppType/Shop"], "srcAllowSpec": "ALL", "isAllProtocolAllowed": True}
    spec["networkFunctionChainReference"] = "11111111-2222-4333-8444-555555555555"
    rule = {"type": "APPLICATION", "spec": {"$objectType": "microseg.v4.config.ApplicationRuleSpec", **spec}}
    body = {"name": "chained", "type": "APPLICATION", "state": "SAVE", "scope": "ALL_VLAN", "rules": [rule]}
    staged.sim.create("south", "security_policy", body)
    options = {"baseline": str(staged.baseline), "workloads": "source"}
    refused = staged.result("segmentation_check", **options)
    assert "security rule 'chained'" in refused["msg"]
    accepted = staged.result("segmentation_check", **options, accept_unrepresented=["security_rule/chained"])
    assert accepted["verdict"] == "equal"
    assert "nothing is proved about security_rule/chained of south, which can't be read" in accepted["notes"]


def test_the_lint_finds_the_same_live_and_in_the_baseline(ready_pair: Pair) -> None:
    live = ready_pair.result("segmentation_lint", record=ready_pair.record("lint"))
    offline = ready_pair.result("segmentation_lint", sites=[], site=None, baseline=str(ready_pair.baseline), ignore=["unused_group"])
    assert (live.get("msg"), live["severity"], live["counts"]["left_in_monitor"]) == (None, "warning", 1)
    assert [fact for fact in live["findings"] if fact["code"] != "unused_group"] == offline["findings"]
    failed = ready_pair.result("segmentation_lint", fail_at="warning")
    assert failed["failed"]
    assert failed["findings"] == live["findings"]


ESTATE = """
security_rules:
  - name: shop
    type: application
    mode: enforce
    groups:
      - secured: {categories: {AppTier: Web}}
        intra: allow
        inbound:
          - {from: any, services: [tcp/443%s]}
vms:
  - {name: web-1, categories: {AppTier: Web}, nics: [{subnet: servers, advanced: true, ip: 10.1.1.11}]}
"""


def test_two_files_need_no_site(pair: Pair, tmp_path: Path) -> None:
    files = []
    for name, more in (("old.yml", ""), ("new.yml", ", tcp/8443")):
        files.append(str(tmp_path / name))
        Path(files[-1]).write_text(ESTATE % more)
    options = {"sites": [], "site_map": None, "estate": files[0]}
    result = pair.result("segmentation_check", **options, target_estate=files[1])
    assert [group["services"] for group in result["groups"]] == [["tcp/8443"]]
    assert pair.result("segmentation_check", **options, target_estate=files[0])["verdict"] == "equal"
    Path(files[0]).write_text("security_rule: []\nvms: [{nics: [{ip: x}]}]\n")
    refused = pair.result("segmentation_check", **options, target_estate=files[1])
    assert len(refused["findings"]) == 3
