"""baseline and baseline_info: deterministic, checked, never half."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.integration.pair import Pair


def contents(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()}


def test_life_of_a_baseline(pair: Pair) -> None:
    assert pair.result("site_map")["changed"] is True
    foretold = pair.result("baseline", check=True, diff=True)
    assert not pair.baseline.exists()
    done = pair.result("baseline", record=pair.record("export"))
    assert foretold == done
    assert done["counts"] == {"address_group": 1, "category": 10, "entity_group": 1, "security_rule": 9, "service_group": 3}
    before = contents(pair.baseline)
    again = pair.result("baseline")
    assert (again["changed"], again["digest"], again["diff"], contents(pair.baseline)) == (False, done["digest"], [], before)


def test_an_edit_on_the_site_changes_one_file_and_is_shown(ready_pair: Pair) -> None:
    old = ready_pair.directory / "old"
    subprocess.run(["cp", "-r", str(ready_pair.baseline), str(old)], check=True)
    ready_pair.sim.edit("north", "security_policy", "shop", {"state": "MONITOR"})
    done = ready_pair.result("baseline", diff=True)
    assert [entry["after_header"] for entry in done["diff"]] == [f"security rule 'shop' in {ready_pair.baseline}"]
    assert "security_rules/shop.yml" in done["written"]
    info = ready_pair.result("baseline_info", compare_with=str(old), query="security_rule[?mode=='monitor'].name")
    assert info["query_result"] == ["shop", "shop-db"]
    fields = [{"field": "mode", "before": "enforce", "after": "monitor"}]
    assert info["differences"] == [{"kind": "security_rule", "name": "shop", "status": "differs", "fields": fields}]


def test_every_damaged_file_is_named(ready_pair: Pair) -> None:
    rules = ready_pair.baseline / "security_rules"
    changed, missing = rules / "shop.yml", rules / "shop-db.yml"
    changed.write_text(changed.read_text().replace("enforce", "monitor"))
    missing.unlink()
    (rules / "extra.yml").write_text("name: extra\n")
    (ready_pair.baseline / "categories" / "AppTier.Web.yml").write_text("key: [\n")
    mark = ready_pair.sim.mark()
    for module in ("baseline_info", "replicate"):
        result = ready_pair.result(module)
        told = {(Path(finding["where"].partition(":")[0]).name, finding["problem"].partition(":")[0]) for finding in result["findings"]}
        assert ("shop.yml", "was changed after the export") in told
        assert ("shop-db.yml", "is missing") in told
        assert ("extra.yml", "is not in the manifest") in told
        assert "AppTier.Web.yml" in {name for name, _problem in told}
    assert ready_pair.sim.writes(mark) == []


def test_a_signed_baseline_is_told_from_a_forged_one(ready_pair: Pair) -> None:
    key, signers = ready_pair.directory / "key", ready_pair.directory / "allowed_signers"
    for name in ("key", "other"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(ready_pair.directory / name)], check=True)
    signers.write_text(f'security-team namespaces="dr-baseline" {key.with_suffix(".pub").read_text()}')
    assert ready_pair.result("baseline", sign_key=str(key))["changed"] is True
    assert ready_pair.result("baseline", sign_key=str(key))["changed"] is False
    assert ready_pair.result("baseline_info", allowed_signers=str(signers))["signed_by"] == "security-team"
    assert ready_pair.result("baseline", sign_key=str(ready_pair.directory / "other"))["changed"] is True
    refused = ready_pair.result("replicate", allowed_signers=str(signers))
    assert "is not the signature of an allowed signer" in refused["msg"]


def test_what_has_no_words_is_refused_by_name_unless_accepted(ready_pair: Pair) -> None:
    spec = {"securedGroupCategoryReferences": ["@category:AppType/Shop"], "srcAllowSpec": "ALL", "isAllProtocolAllowed": True}
    spec["networkFunctionChainReference"] = "11111111-2222-4333-8444-555555555555"
    rule = {"type": "APPLICATION", "spec": {"$objectType": "microseg.v4.config.ApplicationRuleSpec", **spec}}
    body = {"name": "chained", "type": "APPLICATION", "state": "SAVE", "scope": "ALL_VLAN", "rules": [rule]}
    ready_pair.sim.create("north", "security_policy", body)
    refused = ready_pair.result("baseline")
    assert "chained" in refused["msg"]
    assert "networkFunctionChain" in refused["msg"]
    accepted = ready_pair.result("baseline", accept_unrepresented=["security_rule/chained"])
    assert [(item["kind"], item["name"]) for item in accepted["excluded"]] == [("security_rule", "chained")]
