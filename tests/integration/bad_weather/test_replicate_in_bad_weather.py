"""What weather does to a replication: it is named, nothing is half-written in silence, and a second run completes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from prismsim.testing import running
from tests.integration.pair import MINIMAL, Pair

CREATED = 13

Fault = dict[str, Any]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """One pair for all weathers: south is emptied after each."""
    with running(MINIMAL) as sim:
        pair = Pair(sim, tmp_path_factory.mktemp("weather"))
        pair.prepare()
        yield pair


@pytest.fixture
def weather(prepared: Pair) -> Iterator[Pair]:
    """South without anything of north."""
    yield prepared
    prepared.sim.clear_faults()
    empty(prepared)


def empty(pair: Pair) -> None:
    """Take from south what a replication brought, users first."""
    before = {kind: set(pair.sim.state("north")[kind]) for kind in ("security_policy", "entity_group", "service_group", "address_group", "category")}
    there = pair.sim.state("south")
    for kind, names in before.items():
        for name, document in there.get(kind, {}).items():
            system = document.get("isSystemDefined") or document.get("type") in ("SYSTEM", "INTERNAL")
            if name in names and not system:
                pair.sim.delete("south", kind, name)


def policies(pair: Pair, site: str) -> set[str]:
    return set(pair.sim.state(site)["security_policy"])


HEALS: list[tuple[str, Fault]] = [
    ("a burst of 500", {"match": {"times": 3}, "do": "status", "status": 500}),
    ("a burst of 503", {"match": {"times": 4}, "do": "status", "status": 503}),
    ("a storm of 429", {"match": {"times": 6}, "do": "status", "status": 429, "retry_after": 1}),
    ("connections reset before the server did anything", {"match": {"every": 7, "times": 3}, "do": "reset_before"}),
    ("connections reset after the write was done", {"match": {"method": "POST", "times": 3}, "do": "reset_after"}),
    ("answers cut in half", {"match": {"every": 9, "times": 2}, "do": "truncate"}),
]


@pytest.mark.parametrize(("claim", "fault"), HEALS, ids=[claim for claim, _fault in HEALS])
def test_passing_weather_is_waited_out(weather: Pair, claim: str, fault: Fault) -> None:
    weather.sim.fault(site="south", **fault)
    done = weather.result("replicate")
    assert (done.get("msg"), {outcome["status"] for outcome in done["outcomes"]}) == (None, {"done"})
    assert len(done["outcomes"]) == CREATED
    weather.sim.clear_faults()
    assert weather.result("replicate")["changed"] is False
    assert policies(weather, "south") == policies(weather, "north")


# The fault, and what the message must name.
FAILS: list[tuple[str, Fault, str]] = [
    ("401 midway", {"match": {"method": "POST", "path": "batch|security|entity-groups"}, "do": "status", "status": 401}, "Unauthorized"),
    ("403 midway", {"match": {"method": "POST", "path": "batch|security|entity-groups"}, "do": "status", "status": 403}, "Forbidden"),
    ("tasks that fail", {"match": {"method": "POST", "path": "config/policies"}, "do": "task_failed"}, "TaskFailed"),
    ("tasks that are canceled", {"match": {"method": "POST", "path": "config/policies"}, "do": "task_canceled"}, "TaskFailed"),
]


@pytest.mark.parametrize(("claim", "fault", "kind"), FAILS, ids=[claim for claim, _fault, _kind in FAILS])
def test_what_fails_is_named_and_the_next_run_completes(weather: Pair, claim: str, fault: Fault, kind: str) -> None:
    weather.sim.fault(site="south", **fault)
    failed = weather.result("replicate")
    assert failed["failed"]
    assert failed["error"]["type"] == kind
    assert failed["error"]["site"] == "south"
    assert failed["error"]["name"] in failed["msg"]
    told = {f"{outcome['kind']}/{outcome['name']}": outcome for outcome in failed["outcomes"]}
    assert len(told) == CREATED
    assert all(outcome["error"] for outcome in told.values() if outcome["status"] != "done")
    there = policies(weather, "south")
    assert {name for name in policies(weather, "north") if f"security_rule/{name}" in told and told[f"security_rule/{name}"]["status"] == "done"} <= there
    weather.sim.clear_faults()
    done = weather.result("replicate")
    assert (done.get("msg"), {outcome["status"] for outcome in done["outcomes"]}) == (None, {"done"})
    assert weather.result("drift", fail_on_drift=True)["verdict"] == "equal"


def test_a_task_that_never_ends_ends_at_the_deadline(weather: Pair) -> None:
    weather.sim.fault(site="south", match={"method": "POST", "path": "config/policies", "times": 1}, do="task_never_ends")
    failed = weather.result("replicate", wait_timeout=3)
    assert failed["error"]["type"] == "DeadlineExceeded"
    assert "security_rule" in {outcome["kind"] for outcome in failed["outcomes"] if outcome["status"] == "failed"}
    weather.sim.clear_faults()
    assert "msg" not in weather.result("replicate")
    assert weather.result("drift")["verdict"] == "equal"


def test_a_stale_etag_once_is_planned_again_and_always_is_a_conflict(weather: Pair) -> None:
    weather.result("replicate")
    weather.sim.edit("south", "security_policy", "shop", {"state": "MONITOR"})
    weather.sim.fault(site="south", match={"method": "PUT", "times": 1}, do="stale_etag")
    assert weather.result("replicate")["outcomes"][0]["status"] == "done"
    weather.sim.edit("south", "security_policy", "shop", {"state": "MONITOR"})
    weather.sim.fault(site="south", match={"method": "PUT"}, do="stale_etag")
    failed = weather.result("replicate")
    assert (failed["error"]["type"], failed["error"]["name"]) == ("Conflict", "shop")
    assert weather.sim.state("south")["security_policy"]["shop"]["state"] == "MONITOR"


def test_a_listing_emptied_by_a_missing_permission_deletes_nothing(weather: Pair) -> None:
    weather.result("replicate")
    before = weather.sim.state("north")["security_policy"]
    weather.sim.fault(site="north", match={"method": "GET", "path": "microseg|categories"}, do="empty_list")
    vanished = weather.result("baseline")
    assert vanished["error"]["type"] == "SafetyLimit"
    assert "shows no object" in vanished["msg"]
    weather.sim.clear_faults()
    assert weather.result("baseline_info")["counts"]["security_rule"] == len(before)
    mark = weather.sim.mark()
    weather.sim.fault(site="south", match={"method": "GET", "path": "microseg|categories"}, do="empty_list")
    pruned = weather.result("replicate", prune=True)
    assert pruned["failed"]
    assert [call for call in weather.sim.writes(mark) if call["method"] == "DELETE"] == []


# What a person got wrong, and the words that must be in the message.
WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("a port where nothing listens", {"nutanix_port": 9}, "ConnectionFailed", "refused"),
    ("a host that does not exist", {"nutanix_host": "no-such-host.invalid"}, "ConnectionFailed", "no-such-host.invalid"),
    ("a wrong password", {"nutanix_password": "not-this-one"}, "Unauthorized", "answered 401"),
    ("a certificate that nobody trusts", {"ca_path": None}, "ConnectionFailed", "certificate"),
]


@pytest.mark.parametrize(("claim", "options", "kind", "words"), WRONG, ids=[claim for claim, *_rest in WRONG])
def test_a_wrong_way_to_the_site_is_told(weather: Pair, claim: str, options: dict[str, Any], kind: str, words: str) -> None:
    failed = weather.result("replicate", **options)
    assert failed["error"]["type"] == kind
    assert words in failed["msg"]
    assert failed["error"]["fix"]


def test_an_expired_session_is_renewed(weather: Pair) -> None:
    weather.sim.fault(site="south", match={"nth": 6}, do="status", status=401)
    weather.sim.control("POST", "/sessions/expire")
    assert "msg" not in weather.result("replicate")


def test_a_site_map_that_leaves_something_open_is_refused_before_the_first_write(weather: Pair, tmp_path: Path) -> None:
    lines = [line for line in weather.site_map.read_text().splitlines() if "tenant" not in line]
    broken = tmp_path / "map.yml"
    broken.write_text("\n".join(lines).replace("  vpcs:\n", "") + "\n")
    mark = weather.sim.mark()
    failed = weather.result("replicate", site_map=str(broken))
    assert [finding["problem"].partition(";")[0] for finding in failed["findings"]] == ["vpc 'tenant' of north has no name on south"]
    assert "security rule 'tenant-apps'" in failed["msg"]
    assert weather.sim.writes(mark) == []


def test_native_entity_sync_is_not_fought(weather: Pair) -> None:
    weather.sim.create("south", "security_policy", policy_body("shop"))
    weather.sim.create("south", "entity_sync_policy", sync_body(weather, "shop"))
    mark = weather.sim.mark()
    failed = weather.result("replicate")
    assert failed["error"]["type"] == "SafetyLimit"
    assert "native entity sync owns" in failed["msg"]
    assert weather.sim.writes(mark) == []
    sites = {entry["entityName"]: name for name, entry in weather.sim.state("south")["entity_sync_policy"].items()}
    weather.sim.delete("south", "entity_sync_policy", sites["shop"])


def policy_body(name: str) -> dict[str, Any]:
    spec = {"$objectType": "microseg.v4.config.ApplicationRuleSpec", "srcAllowSpec": "ALL", "isAllProtocolAllowed": True}
    spec["securedGroupCategoryReferences"] = ["@category:AppType/Default"]
    return {"name": name, "type": "APPLICATION", "state": "SAVE", "scope": "ALL_VLAN", "rules": [{"type": "APPLICATION", "spec": spec}]}


def sync_body(pair: Pair, name: str) -> dict[str, Any]:
    ext_id = pair.sim.state("south")["security_policy"][name]["extId"]
    remote = next(iter(pair.sim.state("north")["domain_manager"].values()))["extId"]
    return {"entityType": "SECURITY_POLICY", "entityName": name, "entityExtId": ext_id, "remoteDomainManagerExtId": remote, "status": "IN_SYNC"}
