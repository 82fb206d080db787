"""replicate, drift and site_map: what north has arrives at south, once, in south's words."""

from __future__ import annotations

from tests.integration.direct import run_module
from tests.integration.pair import Pair


def test_life_of_a_replication(ready_pair: Pair) -> None:
    mark = ready_pair.sim.mark()
    foretold = ready_pair.result("replicate", check=True, diff=True)
    assert ready_pair.sim.writes(mark) == []
    assert ready_pair.result("drift")["verdict"] == "drift"
    done = ready_pair.result("replicate", record=ready_pair.record("apply"), confirmed_digest=foretold["confirmation_digest"][:8])
    assert {**foretold, "outcomes": 0} == {**done, "outcomes": 0}
    assert {outcome["status"] for outcome in done["outcomes"]} == {"done"}
    assert len(done["outcomes"]) == len(foretold["diff"]) == 13
    mark = ready_pair.sim.mark()
    again = ready_pair.result("replicate", confirmed_digest=foretold["confirmation_digest"])
    assert (again["changed"], again["confirmation_digest"], ready_pair.sim.writes(mark)) == (False, done["confirmation_digest"], [])
    drift = ready_pair.result("drift", fail_on_drift=True)
    assert (drift["verdict"], drift["counts"]["equal"]) == ("equal", 24)
    live = {key: value for key, value in ready_pair.options("drift").items() if key != "baseline"}
    assert run_module("drift", live)["verdict"] == "equal"


def test_the_same_in_a_playbook(ready_pair: Pair) -> None:
    """What ansible-playbook makes of it: --check --diff shows each object, the run writes them, the next one has nothing to do."""
    tasks = [ready_pair.task("site_map"), ready_pair.task("baseline"), ready_pair.task("replicate"), ready_pair.task("drift")]
    rehearsal = ready_pair.play(*tasks, check=True, diff=True)
    assert [result["changed"] for result in rehearsal.results] == [False, False, True, False]
    assert "security rule 'shop' on south (create)" in rehearsal.output
    done = ready_pair.play(*tasks)
    assert [result["changed"] for result in done.results] == [False, False, True, False]
    assert done.results[3]["verdict"] == "equal"
    again = ready_pair.play(*tasks)
    assert [result["changed"] for result in again.results] == [False] * 4


def test_something_else_than_what_was_approved_is_refused(ready_pair: Pair) -> None:
    approved = ready_pair.result("replicate", check=True)["confirmation_digest"]
    ready_pair.sim.edit("north", "security_policy", "shop", {"state": "MONITOR"})
    ready_pair.result("baseline")
    mark = ready_pair.sim.mark()
    refused = ready_pair.result("replicate", confirmed_digest=approved)
    assert refused["error"]["type"] == "SafetyLimit"
    assert f"'{approved}' was approved" in refused["msg"]
    assert ready_pair.sim.writes(mark) == []


def test_staged_rules_are_saved_and_enforced_later(ready_pair: Pair) -> None:
    ready_pair.result("replicate", stage=True)
    assert {rule["state"] for name, rule in ready_pair.sim.state("south")["security_policy"].items() if not name.startswith("Quarantine")} == {"SAVE"}
    assert ready_pair.result("replicate", stage=True)["changed"] is False
    done = ready_pair.result("replicate")
    assert ready_pair.sim.state("south")["security_policy"]["shop"]["state"] == "ENFORCE"
    assert sorted(done["summary"]["updated"]) == [f"security_rule/{name}" for name in ("prod-from-test", "shared-dns", "shop", "shop-db")]


def test_prune_takes_only_what_the_baseline_once_had(ready_pair: Pair) -> None:
    ready_pair.result("replicate")
    ready_pair.sim.create("south", "address_group", {"name": "owned-by-south", "ipv4Addresses": [{"value": "10.9.9.9", "prefixLength": 32}]})
    ready_pair.sim.delete("north", "security_policy", "tenant-apps")
    ready_pair.result("baseline")
    assert ready_pair.result("replicate")["changed"] is False
    done = ready_pair.result("replicate", prune=True)
    assert done["summary"]["deleted"] == ["security_rule/tenant-apps"]
    assert "owned-by-south" in ready_pair.sim.state("south")["address_group"]


def test_limits_hold_before_the_first_write(ready_pair: Pair) -> None:
    ready_pair.sim.move("north", "south")
    mark = ready_pair.sim.mark()
    refused = ready_pair.result("replicate")
    assert refused["error"]["type"] == "SafetyLimit"
    assert "VMs" in refused["msg"]
    assert refused["blast_radius"]["vms"] == 8
    assert ready_pair.sim.writes(mark) == []
    assert ready_pair.result("replicate", max_vm_percent=100)["changed"] is True


def test_drift_names_what_differs_is_missing_and_is_extra(ready_pair: Pair) -> None:
    ready_pair.result("replicate")
    ready_pair.sim.edit("south", "security_policy", "shop", {"state": "MONITOR"})
    ready_pair.sim.delete("south", "security_policy", "tenant-apps")
    ready_pair.sim.create("south", "address_group", {"name": "extra", "ipv4Addresses": [{"value": "10.9.9.9", "prefixLength": 32}]})
    mark = ready_pair.sim.mark()
    drift = ready_pair.result("drift", diff=True)
    assert {(item["name"], item["status"]) for item in drift["objects"]} == {("shop", "differs"), ("tenant-apps", "missing"), ("extra", "extra")}
    assert drift["verdict"] == "drift"
    assert len(drift["diff"]) == 3
    assert ready_pair.sim.writes(mark) == []
    assert "3 objects" in ready_pair.result("drift", fail_on_drift=True)["msg"]


def test_a_site_that_does_not_answer_is_never_equal(ready_pair: Pair) -> None:
    ready_pair.sim.down("south")
    drift = ready_pair.result("drift")
    assert (drift["verdict"], drift["objects"]) == ("cannot_tell", [])
    assert "south" in drift["reason"]


def test_a_site_map_keeps_what_a_person_wrote_and_tells_every_wrong_line(pair: Pair) -> None:
    pair.result("site_map")
    text = pair.site_map.read_text() + "# ours\n"
    pair.site_map.write_text(text)
    again = pair.result("site_map")
    assert (again["changed"], pair.site_map.read_text()) == (False, text)
    broken = text.replace("south: apps,", "south: appz,").replace("south: tenant,", "south: tenanr,")
    pair.site_map.write_text(broken)
    result = pair.result("site_map")
    lines = {line: number for number, line in enumerate(broken.splitlines(), start=1)}
    wrong = sorted(number for line, number in lines.items() if "appz" in line or "tenanr" in line)
    assert sorted(int(finding["where"].rpartition(":")[2]) for finding in result["findings"]) == wrong
    assert pair.site_map.read_text() == broken
