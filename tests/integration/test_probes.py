"""Probes in a real network: nftables enforces what the naive evaluator says of the policies, and what was planted is found.

Needs `ip`, `nft` and user namespaces, no root; CONTRIBUTING says how to install them. Every host answers: with an open port where something
listens, else with a refusal.
"""

from __future__ import annotations

import copy
import json
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.netns import network
from tests.integration.netns.firewall import address, ruleset
from tests.integration.play import COLLECTIONS, RESULT, play
from tests.unit.segmentation.naive import Site
from tests.unit.segmentation.truth_fixture import APP, DB, DEV, PROD, WEB, application, group, inbound, isolation, outbound, vm

WHY_NOT = network.missing()
needs_network = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)
LISTEN = {"app-1": [8443], "web-1": [443], "dns-1": [53]}
DNS = {"categories": {"T": "DNS"}}
Rules = list[dict[str, Any]]


def rules() -> Rules:
    """Three tiers, a name server for two of them, and production apart from development."""
    shop = application(
        "shop",
        group(WEB, "allow", [inbound("any", "tcp/443")], [outbound(APP, "tcp/8443"), outbound(DNS, "udp/53")]),
        group(APP, "deny", [inbound(WEB, "tcp/8443")], [outbound(DB, "tcp/3300-3310"), outbound(DNS, "udp/53")]),
        group(DB, None, [inbound(APP, "tcp/3300-3310")]),
    )
    return [shop, isolation("apart", PROD, DEV)]


def vms() -> list[dict[str, Any]]:
    tiers = {"web-1": "Web", "web-2": "Web", "app-1": "App", "db-1": "DB", "dns-1": "DNS"}
    network_of = {"subnet_categories": [], "vpc_categories": []}
    production = [vm(name, f"10.1.1.{10 + place}", {"T": tier, "Env": "Prod"}, **network_of) for place, (name, tier) in enumerate(tiers.items())]
    return [*production, vm("dev-1", "10.1.2.10", {"Env": "Dev"}, **network_of), vm("plain-1", "10.1.1.90", {}, **network_of)]


HOSTS = [one["name"] for one in vms()]


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("estate") / "estate.yml"
    path.write_text(yaml.safe_dump({"security_rules": rules(), "vms": vms()}))
    return path


@pytest.fixture(scope="module")
def plan(estate: Path) -> dict[str, Any]:
    """Of all hosts, by the policies as they should be."""
    found = play([{"name": "Plan", "nutanix_flow.dr.probe_plan": {"site": "lab", "estate": str(estate), "hosts": HOSTS}}], connection={}).results[0]
    assert found.get("msg") is None
    return found


def networked(enforced: Rules, **more: Any) -> dict[str, Any]:
    """A network that enforces these policies."""
    site = Site(enforced, vms(), [], [], [], set())
    return {"hosts": {one["name"]: address(one) for one in vms()}, "rules": ruleset(site), "listen": LISTEN, **more}


def wider(enforced: Rules) -> None:
    """A service one port wider."""
    enforced[0]["groups"][0]["inbound"][0]["services"] = ["tcp/443-444"]


def monitored(enforced: Rules) -> None:
    """The isolation only monitored."""
    enforced[1]["mode"] = "monitor"


def dropped(enforced: Rules) -> None:
    """An entry that is gone."""
    del enforced[0]["groups"][1]["inbound"][0]


def nothing(enforced: Rules) -> None:
    """Enforced as it should be."""


SCENARIOS: dict[str, tuple[Callable[[Rules], None], list[str]]] = {
    "right": (nothing, []), "wider": (wider, []), "monitored": (monitored, []), "dropped": (dropped, []), "cut off": (nothing, ["db-1"]),
}


def observed(plan: dict[str, Any], description: dict[str, Any], directory: Path) -> list[dict[str, Any]]:
    """What became of the probes of a plan, really sent."""
    tasks, results = directory / "tasks.json", directory / "results.json"
    tasks.write_text(json.dumps(plan["by_host"]))
    done = network.run(description, [sys.executable, "-m", "tests.integration.netns.scan_all", str(tasks), str(results)], directory)
    assert done.returncode == 0, done.stderr
    return list(json.loads(results.read_text()))


@pytest.fixture(scope="module")
def judged(plan: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The judgement on every scenario, all in one play: starting Ansible takes longer than the packets do."""
    tasks = []
    for name, (plant, cut) in SCENARIOS.items():
        enforced = copy.deepcopy(rules())
        plant(enforced)
        seen = observed(plan, networked(enforced, cut=cut), tmp_path_factory.mktemp("network"))
        tasks.append({"name": name, "nutanix_flow.dr.probe_judge": {"plan": plan, "observed": seen, "fail_at": "never"}})
    return dict(zip(SCENARIOS, play(tasks, connection={}).results, strict=True))


def of(result: dict[str, Any], *verdicts: str) -> set[tuple[str, str, str]]:
    return {(probe["source"], probe["destination"], probe["service"]) for probe in result["probes"] if probe["verdict"] in verdicts}


@needs_network
def test_policies_that_are_enforced_pass(plan: dict[str, Any], judged: dict[str, dict[str, Any]]) -> None:
    result = judged["right"]
    assert of(result, "FAIL_OPEN", "FAIL_CLOSED") == set(), result["findings"]
    assert {probe[2] for probe in of(result, "INCONCLUSIVE")} <= {"udp/52", "udp/54"}, "only where nothing could have answered"
    assert of(result, "PASS", "INCONCLUSIVE") == {(probe["source"], probe["destination"], probe["service"]) for probe in plan["probes"]}
    assert {probe["observed"] for probe in result["probes"]} == {"open", "refused", "timeout"}
    assert {probe[2] for probe in of(result, "PASS") if probe[1] == "dns-1"} >= {"udp/53"}


@needs_network
@pytest.mark.parametrize(("scenario", "verdict", "expected"), [
    ("wider", "FAIL_OPEN", lambda probe: probe[2] == "tcp/444"),
    ("monitored", "FAIL_OPEN", lambda probe: "dev-1" in probe[:2]),
    ("dropped", "FAIL_CLOSED", lambda probe: probe[1:] == ("app-1", "tcp/8443")),
])
def test_what_was_planted_is_found_and_nothing_else(
    judged: dict[str, dict[str, Any]], scenario: str, verdict: str, expected: Callable[[tuple[str, str, str]], bool]
) -> None:
    failed = of(judged[scenario], "FAIL_OPEN", "FAIL_CLOSED")
    assert failed
    assert failed == of(judged[scenario], verdict)
    assert all(map(expected, failed)), failed


@needs_network
def test_a_host_that_is_cut_off_passes_nothing(judged: dict[str, dict[str, Any]]) -> None:
    """Everything to it and from it is silent, as if it were denied."""
    result = judged["cut off"]
    concerned = {probe for probe in of(result, "PASS", "FAIL_OPEN", "FAIL_CLOSED", "INCONCLUSIVE") if "db-1" in probe[:2]}
    assert concerned
    assert concerned == {probe for probe in of(result, "INCONCLUSIVE") if "db-1" in probe[:2]}
    assert of(result, "FAIL_OPEN", "FAIL_CLOSED") == set()


@needs_network
def test_what_answers_on_the_way_is_told_apart(tmp_path: Path) -> None:
    """A router that says "administratively prohibited" is no policy that drops."""
    rule = f"ip daddr {address(vms()[2])} tcp dport 9 reject with icmp type admin-prohibited"
    lines = ["table ip site {", "chain c {", "type filter hook forward priority 0; policy accept;", rule, "}", "}", ""]
    tasks = {"by_host": {"web-1": [{"id": "a", "address": address(vms()[2]), "port": 9}]}}
    seen = observed(tasks, {**networked(rules()), "rules": "\n".join(lines)}, tmp_path)[0]
    assert seen["outcome"] == "unreachable"
    assert seen["detail"] in ("ICMP type 3 code 13, administratively prohibited", "EHOSTUNREACH: No route to host")  # kernels before 5.9


def played(directory: Path, estate: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The playbook, each host in its own namespace."""
    hosts: dict[str, Any] = {}
    for name in HOSTS:
        python = directory / f"python-{name}"
        python.write_text(f"#!/bin/sh\nexec {' '.join(network.at(name, sys.executable))} \"$@\"\n")
        python.chmod(python.stat().st_mode | stat.S_IXUSR)
        hosts[name] = {"ansible_connection": "local", "ansible_python_interpreter": str(python)}
    inventory = directory / "inventory.yml"
    inventory.write_text(yaml.safe_dump({"probe_hosts": {"hosts": hosts}}))
    values = {"probe_site": "lab", "probe_estate": str(estate), "probe_run_id": "run", "probe_reports": str(directory), "probe_timeout": 0.7}
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "nutanix_flow.dr.probe", "-i", str(inventory), "-e", json.dumps(values), *options]
    environment = {
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS), "ANSIBLE_HOME": str(directory), "ANSIBLE_NOCOLOR": "true", "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_SHOW_CUSTOM_STATS": "true",
    }
    enforced = rules()
    wider(enforced)
    return network.run(networked(enforced), ["env", *(f"{name}={value}" for name, value in environment.items()), *command], directory)


@needs_network
def test_the_playbook_sends_only_when_told_and_reports(estate: Path, tmp_path: Path) -> None:
    shown = played(tmp_path, estate)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "Nothing is sent: set probe_enabled=true" in shown.stdout
    assert not (tmp_path / "run").exists()
    done = played(tmp_path, estate, "-e", "probe_enabled=true")
    assert done.returncode == 2, done.stdout + done.stderr
    report = json.loads((tmp_path / "run" / "report.json").read_text())
    assert report["verdict"] == "FAILED"
    assert f'"probe_report": "{tmp_path / "run" / "report.html"}"' in done.stdout
    assert '"probe_verdict": "FAILED"' in done.stdout
    assert {finding["code"] for finding in report["findings"]} >= {"FAIL_OPEN"}
    kept = json.loads((tmp_path / "run" / "probes.json").read_text())
    assert len(kept["observed"]) == len(kept["plan"]["probes"])


def test_nothing_is_sent_unless_enabled_and_all_faults_are_told(plan: dict[str, Any]) -> None:
    """Also where there is no network to test in."""
    probes = [one for tasks in plan["by_host"].values() for one in tasks]
    scan = {"name": "Scan", "nutanix_flow.dr.connect_scan": {"probes": probes}}
    enabled = {**scan, "nutanix_flow.dr.connect_scan": {"probes": probes, "enabled": True}, "check_mode": True}
    wrong = {**scan, "nutanix_flow.dr.connect_scan": {"probes": [{"id": "a", "address": "web-1", "port": 1}], "rate": 1000}}
    judge = {
        "name": "Judge",
        "nutanix_flow.dr.probe_judge": {"plan": plan, "observed": f"{{{{ {RESULT}_0.observed }}}}", "fail_at": "problem"},
    }
    strange = {"name": "Judge", "nutanix_flow.dr.probe_judge": {"plan": {"probes": 1}, "observed": []}}
    silent, checked, refused, untold, no_plan = play([scan, enabled, wrong, judge, strange], connection={}).results
    assert silent["counts"]["not_run"] == checked["counts"]["not_run"] == len(probes)
    assert refused["msg"].count("\n") == 2
    assert untold["error"]["type"] == "DrError"
    assert untold["findings"][0]["code"] == "CANNOT_TELL"
    assert untold["counts"]["PASS"] == 0
    assert no_plan["error"]["type"] == "InvalidInput"
