# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine against the simulator: a hospital's policies go to the recovery site and home again, whatever the weather."""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.apply import Outcome, apply
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.drift import drift, overall
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.export import select
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.inventory import networks, prism_central, vms
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.limits import blast_radius
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.native_sync import synced_objects
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.plan import Plan
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.replicate import Wanted, translated, wanted_on_target
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.scope import Scope
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.settled import wait_until_settled
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site import Site
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site_map import SiteMap
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site_map_check import check_against_site, check_coverage
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site_map_file import new_text, parse_site_map
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site_map_generate import new_site_map, propose
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.three_way import in_home_words, merge_three
from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.registry import ENTITIES
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import CANNOT_TELL, Conflict, DrError, TaskFailed
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.baseline import Baseline, Content, read_baseline, write_baseline
from ansible_collections.nutanix_flow.dr.plugins.module_utils._net.retry import RetryPolicy
from ansible_collections.nutanix_flow.dr.plugins.module_utils._net.session import Endpoint, HttpSession
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.central_v4 import CentralV4
from prismsim.testing import Running, running

ESTATES = Path(__file__).parents[2] / "prismsim" / "estates"
QUICK = RetryPolicy(first_wait=0.01, longest_wait=0.05, longest_retry_after=0.1)


@pytest.fixture(scope="module")
def hospital() -> Iterator[Running]:
    with running(ESTATES / "hospital.yml") as sim:
        yield sim


@pytest.fixture
def minimal() -> Iterator[Running]:
    with running(ESTATES / "minimal.yml") as sim:
        yield sim


def site(sim: Running, label: str) -> Site:
    access = sim.site(label)
    url = urlsplit(access["url"])
    endpoint = Endpoint(
        host=str(url.hostname), port=int(url.port or 0), username=access["username"], password=access["password"], ca_path=sim.ready["ca"], site=label
    )
    return Site(CentralV4(endpoint, policy=QUICK))


def content(live: Site) -> Content:
    wait_until_settled(live, list(ENTITIES))
    unreadable = [item for kind in ENTITIES for item in live.unreadable(kind)]
    return select(ENTITIES, {kind: live.held(kind) for kind in ENTITIES}, unreadable, Scope(), source={"site": live.label}, membership={})


def export(sim: Running, path: Path, label: str = "north") -> Baseline:
    write_baseline(str(path), content(site(sim, label)), ENTITIES)
    return read_baseline(str(path), ENTITIES)


def generated_map(sim: Running, baseline: Baseline) -> SiteMap:
    live = {label: site(sim, label) for label in ("north", "south")}
    found = {label: networks(one) for label, one in live.items()}
    parts = {label: {"prism_central": prism_central(one)[0], "clusters": found[label]["clusters"]} for label, one in live.items()}
    proposal = propose(found, None)
    site_map = parse_site_map(new_text(new_site_map("pair", parts), proposal.entries), "map.yml")
    for label, one in live.items():
        assert check_against_site(site_map, label, found[label], one.directory.names("category"), parts[label]["prism_central"]) == []
    assert check_coverage(site_map, "north", "south", ENTITIES, baseline.content.objects) == []
    return site_map


def planned(target: Site, baseline: Baseline, site_map: SiteMap, **options: t.Any) -> tuple[Wanted, Plan]:
    target.load(ENTITIES)
    held = {kind: target.held(kind) for kind in ENTITIES}
    wanted = wanted_on_target(
        ENTITIES, baseline.content.objects, baseline.content.system, baseline.retired, site_map, "north", "south", held, **options
    )
    return wanted, target.plan(wanted.objects, whole=True, remove=wanted.remove)


def replicate(sim: Running, baseline: Baseline, site_map: SiteMap, **options: t.Any) -> list[Outcome]:
    target = site(sim, "south")
    return apply(planned(target, baseline, site_map, **options)[1], target, run_id="run-1", sleep=lambda seconds: None)


def verdict(sim: Running, baseline: Baseline, site_map: SiteMap) -> str:
    target = site(sim, "south")
    wanted, _plan = planned(target, baseline, site_map)
    unreadable = [item for kind in ENTITIES for item in target.unreadable(kind)]
    return overall(drift(ENTITIES, wanted.objects, {kind: target.held(kind) for kind in ENTITIES}, unreadable, site_map.scope))


def failed(outcomes: t.Iterable[Outcome]) -> list[str]:
    return [f"{outcome.step.verb} {outcome.step.name}: {outcome.error}" for outcome in outcomes if outcome.status != "done"]


def test_a_hospital_arrives_whole_and_stays_as_it_is(hospital, tmp_path):
    baseline = export(hospital, tmp_path / "baseline")
    site_map = generated_map(hospital, baseline)
    assert failed(replicate(hospital, baseline, site_map)) == []
    assert verdict(hospital, baseline, site_map) == "equal"
    mark = hospital.mark()
    assert not planned(site(hospital, "south"), baseline, site_map)[1].changed
    assert len(hospital.requests(mark)) <= 5 + 10, "one page of each kind, and no more than ten calls beside"
    before = {file: file.read_bytes() for file in (tmp_path / "baseline").rglob("*") if file.is_file()}
    export(hospital, tmp_path / "baseline")
    assert {file: file.read_bytes() for file in (tmp_path / "baseline").rglob("*") if file.is_file()} == before


def test_what_arrived_comes_home_as_it_was(hospital, tmp_path):
    baseline = export(hospital, tmp_path / "baseline")
    site_map = generated_map(hospital, baseline)
    replicate(hospital, baseline, site_map)
    source, target = site(hospital, "north"), site(hospital, "south")
    names = {kind: {item.name for item in source.held(kind)} for kind in ENTITIES}

    def objects(live: Site) -> dict[str, list[dict[str, t.Any]]]:
        return {kind: [item.canonical for item in items] for kind, items in site_map.scope.view({kind: live.held(kind) for kind in ENTITIES}, names).items()}

    home = in_home_words(
        ENTITIES, baseline.content.objects, objects(target),
        lambda items: translated(ENTITIES, items, site_map, "north", "south")[0],
        lambda items: translated(ENTITIES, items, site_map, "south", "north")[0],
    )
    assert merge_three(ENTITIES, baseline.content.objects, home, objects(source)).of("take") == []
    assert merge_three(ENTITIES, baseline.content.objects, home, objects(source)).of("conflict") == []


def test_vms_and_native_sync_are_read_as_they_are(hospital):
    live = site(hospital, "north")
    found = vms(live)
    assert len(found) == len(hospital.state("north")["vm"])
    assert all(nic["subnet"] and nic["kind"] in ("vlan", "overlay") for vm in found for nic in vm["nics"])
    assert any(nic["vpc"] for vm in found for nic in vm["nics"])
    assert synced_objects(live) == []
    current = {kind: [item.canonical for item in live.held(kind)] for kind in ENTITIES}
    enforced = [rule for rule in current["security_rule"] if rule["mode"] == "enforce" and rule["type"] == "application"]
    radius = blast_radius(live.plan({"security_rule": [{**enforced[0], "mode": "monitor"}]}, whole=False), current, found)
    assert 0 < radius.changed < radius.vms


@pytest.mark.parametrize(
    "fault",
    [
        {"do": "reset_after", "match": {"method": "POST", "path": "batch|policies|groups|categories"}, "times": 3},
        {"do": "status", "status": 503, "match": {"nth": 5, "every": 7}, "times": 12},
        {"do": "status", "status": 429, "match": {"every": 3}, "times": 12},
    ],
    ids=["reset after write", "503 bursts", "429 storm"],
)
def test_bad_weather_ends_in_the_same_state(minimal, tmp_path, fault):
    baseline = export(minimal, tmp_path / "baseline")
    site_map = generated_map(minimal, baseline)
    times = fault.pop("times", None)
    match = {**fault.pop("match", {}), **({"times": times} if times else {})}
    minimal.fault(site="south", match=match, **fault)
    with contextlib.suppress(*CANNOT_TELL):  # the site may not answer before the first write
        replicate(minimal, baseline, site_map)
    minimal.clear_faults()
    assert failed(replicate(minimal, baseline, site_map)) == []
    assert verdict(minimal, baseline, site_map) == "equal"
    rules = [item.name for item in site(minimal, "south").held("security_rule")]
    assert len(rules) == len(set(rules)), "nothing was made twice"


def test_a_failed_task_is_named_and_the_next_run_completes(minimal, tmp_path):
    baseline = export(minimal, tmp_path / "baseline")
    site_map = generated_map(minimal, baseline)
    minimal.fault(do="task_failed", site="south", match={"method": "POST", "path": "entity-groups"})
    outcomes = replicate(minimal, baseline, site_map)
    bad = {outcome.step.name: outcome for outcome in outcomes if outcome.error is not None}
    assert {name: outcome.status for name, outcome in bad.items()} == {"shop-databases": "failed", "shop-db": "skipped"}
    assert isinstance(bad["shop-databases"].error, TaskFailed)
    assert str(bad["shop-databases"].error).startswith("create entity group 'shop-databases' on south: ")
    assert len(outcomes) > len(bad), "the others are there"
    minimal.clear_faults()
    assert failed(replicate(minimal, baseline, site_map)) == []
    assert verdict(minimal, baseline, site_map) == "equal"


def test_kinds_that_do_not_need_each_other_are_written_side_by_side(tmp_path):
    with running(ESTATES / "minimal.yml", profile="realistic") as sim:
        baseline = export(sim, tmp_path / "baseline")
        site_map = generated_map(sim, baseline)
        mark = sim.mark()
        assert failed(replicate(sim, baseline, site_map)) == []
        calls = [f"{line['method']} {line['path'].rpartition('/config/')[2]}" for line in sim.requests(mark) if line["site"] == "south"]
        assert verdict(sim, baseline, site_map) == "equal"
    begun = {kind: calls.index(f"POST {kind}") for kind in ("address-groups", "service-groups", "entity-groups")}
    first, second = sorted((begun["address-groups"], begun["service-groups"]))
    looks = [number for number, call in enumerate(calls) if call.startswith("GET tasks/")]
    tasks = {calls[number] for number in looks if number < begun["entity-groups"]}
    ends = [max(number for number in looks if calls[number] == task) for task in tasks]
    assert len(ends) >= 2
    assert min(ends) > second, "the second kind is sent before the task of the first has ended"


def test_a_stale_etag_is_read_again_and_always_stale_is_a_conflict(minimal):
    live = site(minimal, "north")
    change = {"security_rule": [{"name": "shop", "mode": "monitor"}]}
    minimal.fault(do="stale_etag", site="north", match={"method": "PUT", "times": 1})
    assert failed(apply(live.plan(change, whole=False), live, run_id="once")) == []
    back = {"security_rule": [{"name": "shop", "mode": "enforce"}]}
    minimal.fault(do="stale_etag", site="north", match={"method": "PUT"})
    outcomes = apply(live.plan(back, whole=False), live, run_id="always")
    assert isinstance(outcomes[0].error, Conflict)
    assert minimal.state("north")["security_policy"]["shop"]["state"] == "MONITOR"


def test_a_site_that_is_down_is_no_drift_and_no_empty_site(minimal, tmp_path):
    baseline = export(minimal, tmp_path / "baseline")
    site_map = generated_map(minimal, baseline)
    minimal.down("south")
    with pytest.raises(CANNOT_TELL) as error:
        verdict(minimal, baseline, site_map)
    assert isinstance(error.value, DrError)
    assert "south" in str(error.value)


class Killed(BaseException):
    """Stands for SIGKILL: nothing of ours catches it."""


@pytest.mark.parametrize("run_id", ["run-1", "run-2"])
@pytest.mark.parametrize("write", range(1, 6))
def test_a_run_killed_at_any_write_is_completed_by_the_next_one(minimal, tmp_path, monkeypatch, write, run_id):
    baseline = export(minimal, tmp_path / "baseline")
    site_map = generated_map(minimal, baseline)
    number = iter(range(1, 1000))
    real = HttpSession.request

    def mortal(self: HttpSession, method: str, *args: t.Any, **options: t.Any) -> t.Any:
        answer = real(self, method, *args, **options)
        if method == "POST" and next(number) == write:
            raise Killed
        return answer

    target = site(minimal, "south")
    with monkeypatch.context() as patch:
        patch.setattr(HttpSession, "request", mortal)
        with contextlib.suppress(Killed):
            apply(planned(target, baseline, site_map)[1], target, run_id="run-1")
    again = site(minimal, "south")
    assert failed(apply(planned(again, baseline, site_map)[1], again, run_id=run_id)) == []
    assert verdict(minimal, baseline, site_map) == "equal"
    for kind in ENTITIES:
        names = [item.name for item in site(minimal, "south").held(kind)]
        assert len(names) == len(set(names)), f"a {kind} was made twice"
