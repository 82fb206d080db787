"""dr_state: lock and state of a pair where every controller sees them, with controllers that race, die, and lose their lock."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from prismsim.testing import running
from tests.integration.direct import run_module
from tests.integration.pair import MINIMAL, Pair
from tests.integration.play import COLLECTIONS, Task

FAILOVER = {"verb": "planned_failover", "run_id": "run-1"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two sites and their map, for all tests here: what is tested knows a pair by its name."""
    with running(MINIMAL) as sim:
        pair = Pair(sim, tmp_path_factory.mktemp("dr_state"))
        assert "msg" not in pair.result("site_map")
        yield pair


@pytest.fixture
def mapped(world: Pair, tmp_path: Path) -> Pair:
    """Two sites, and a map of a pair that nothing has happened to."""
    (tmp_path / "dr_site_map.yml").write_text(world.site_map.read_text().replace("name: north-south", f"name: {tmp_path.name}"))
    return Pair(world.sim, tmp_path)


def key(pair: Pair) -> str:
    return f"nutanix_flow.dr {pair.directory.name}"


def marks(pair: Pair, site: str) -> dict[str, str]:
    found = pair.sim.state(site)["category"].values()
    return {category["value"]: category.get("description", "") for category in found if category["key"] == key(pair)}


def shown(pair: Pair) -> dict[str, Any]:
    info = pair.result("dr_state_info")
    assert info["changed"] is False, info
    return info


def test_there_and_back(mapped: Pair) -> None:
    foretold = mapped.result("dr_state", state="begun", check=True, **FAILOVER)
    assert (foretold["changed"], foretold["pair"]["state"]) == (True, "FAILING_OVER")
    assert foretold["diff"][0]["before"].startswith(f"name: {mapped.directory.name}\nstate: READY\n")
    assert marks(mapped, "north") == marks(mapped, "south") == {}

    steps = [mapped.result("dr_state", state=state, **FAILOVER) for state in ("begun", "begun")]
    during = shown(mapped)
    assert steps[0]["pair"]["state"] == during["pair"]["state"] == "FAILING_OVER"
    assert during["locks"]["north"]["run_id"] == during["locks"]["south"]["run_id"] == "run-1"
    steps += [mapped.result("dr_state", state=state, **FAILOVER) for state in ("done", "done")]
    assert [step["changed"] for step in steps] == [True, False, True, False]
    assert [step["resumed"] for step in steps[:2]] == [False, False]
    after = shown(mapped)
    assert (after["pair"]["state"], after["pair"]["active"], after["pair"]["legal_verbs"]) == ("RECOVERY_ACTIVE", "south", ["failback"])
    assert after["locks"] == {"north": None, "south": None}

    refused = mapped.result("dr_state", state="begun", verb="pre_dr", run_id="run-2")
    assert refused["legal_verbs"] == ["failback"]
    assert "pre dr is not legal, the pair is RECOVERY_ACTIVE: south is active since" in refused["msg"]
    assert mapped.result("dr_state", state="begun", verb="planned_failover", run_id="run-2")["done"] is True


def test_a_run_that_died_before_its_report_is_resumed_for_it(mapped: Pair) -> None:
    reports = {"reports": str(mapped.reports)}
    record = {"path": str(mapped.reports / "run-1"), "step": "lock"}
    for state in ("begun", "done"):
        mapped.result("dr_state", state=state, record=record, **FAILOVER)
    with (mapped.reports / "run-1" / "record.jsonl").open("a") as stream:
        stream.write('{"seq": 9, "ti')  # it died while it wrote
    for again in ("run-1", "run-2"):
        left = mapped.result("dr_state", check=True, state="begun", verb="planned_failover", run_id=again, **reports)
        assert (left["done"], left["resumed"], left["run_id"]) == (True, True, "run-1")
    foretold, done = (mapped.result("run_report", verb="failover", outcome="ok", check=check) for check in (True, False))
    assert [finding["code"] for finding in done["report"]["findings"]] == ["RECORD_CUT"]
    assert foretold["report"]["findings"] == done["report"]["findings"]
    closed = mapped.result("dr_state", check=True, state="begun", verb="planned_failover", run_id="run-2", **reports)
    assert (closed["done"], closed["resumed"]) == (True, False)


def test_a_run_that_was_refused_before_it_recorded_anything_has_a_report(mapped: Pair) -> None:
    refused = mapped.result("run_report", verb="failover", outcome="failed", failure="state | anna holds the lock")
    assert refused["verdict"] == "FAILED"
    assert "anna holds the lock" in (mapped.reports / "run-1" / "report.md").read_text()


def test_an_unplanned_failover_never_asks_the_primary(mapped: Pair) -> None:
    mapped.sim.down("north", "blackhole")
    mark = mapped.sim.mark()
    options = {"verb": "unplanned_failover", "run_id": "run-1"}
    states = [mapped.result("dr_state", state=state, **options)["pair"]["state"] for state in ("begun", "done")]
    assert states == ["FAILING_OVER", "RECOVERY_ACTIVE"]
    assert mapped.sim.swallowed(mark) == []
    mapped.sim.up("north")
    assert shown(mapped)["pair"]["state"] == "RECONCILE_REQUIRED"
    assert mapped.result("dr_state", state="begun", verb="failback", run_id="run-2")["pair"]["state"] == "FAILING_BACK"
    assert shown(mapped)["pair"]["lagging"] == []


def test_a_silent_site_stops_a_planned_one_and_is_told_in_its_rehearsal(mapped: Pair) -> None:
    mapped.sim.down("north")
    assert list(mapped.result("dr_state", state="begun", check=True, **FAILOVER)["unanswered"]) == ["north"]
    stopped = mapped.result("dr_state", state="begun", **FAILOVER)
    assert stopped["error"]["type"] == "ConnectionFailed"
    assert marks(mapped, "south") == {}
    assert list(shown(mapped)["unanswered"]) == ["north"]
    mapped.sim.up("north")


def sleeper(seconds: int) -> Task:
    return {"name": "Stay alive", "ansible.builtin.pause": {"seconds": seconds}}


def start(pair: Pair, run_id: str, directory: Path) -> subprocess.Popen[str]:
    """A controller of its own that begins a failover and then stays alive."""
    directory.mkdir()
    playbook = directory / "play.yml"
    tasks = [pair.task("dr_state", state="begun", verb="planned_failover", run_id=run_id), sleeper(600)]
    play = {"name": "Hold", "hosts": "localhost", "gather_facts": False, "vars": {"ansible_python_interpreter": sys.executable}, "tasks": tasks}
    playbook.write_text(json.dumps([play]))
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", "-c", "local", str(playbook)]
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS), "ANSIBLE_HOME": str(directory), "ANSIBLE_NOCOLOR": "true"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True)


def first_words(process: subprocess.Popen[str]) -> str:
    """What it says of its first task."""
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if line.startswith(("changed:", "fatal:", "ok:")):
            break
    return said


def test_of_two_controllers_one_wins_and_a_killed_one_is_taken_over(mapped: Pair, tmp_path: Path) -> None:
    processes = [start(mapped, run_id, tmp_path / run_id) for run_id in ("run-a", "run-b")]
    try:
        said: dict[str, str] = {}
        threads = [threading.Thread(target=lambda number=number: said.update({"ab"[number]: first_words(processes[number])})) for number in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(300)
        won = [name for name, words in said.items() if "changed:" in words]
        assert len(won) == 1, said
        lost = said["b" if won == ["a"] else "a"]
        assert "holds the lock since 2" in lost
        assert f"planned failover run-{won[0]}" in lost

        held = mapped.result("dr_state", state="begun", verb="planned_failover", run_id="run-c")
        assert held["lock"]["run_id"] == f"run-{won[0]}"
        kill(processes["ab".index(won[0])])
        own = mapped.result("dr_state", state="begun", verb="planned_failover", run_id=f"run-{won[0]}", check=True)
        assert (own["run_id"], own["resumed"]) == (f"run-{won[0]}", True)
        resumed = mapped.result("dr_state", state="begun", verb="planned_failover", run_id="run-c")
        assert (resumed["run_id"], resumed["resumed"]) == (f"run-{won[0]}", True)
        assert [taken["why"] for taken in resumed["taken_over"]] == ["dead"]
    finally:
        for process in processes:
            kill(process)
            assert process.stdout is not None
            process.stdout.close()


def kill(process: subprocess.Popen[str]) -> None:
    """With what it started: a worker of Ansible has a session of its own and would live on."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # others end meanwhile
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    doomed = [process.pid]
    for pid in doomed:
        doomed += [child for child, parent in parents.items() if parent == pid]
    for pid in doomed:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def edit_lock(pair: Pair, **change: str) -> None:
    """As if another controller, on another host, had taken it."""
    for site in ("north", "south"):
        text = json.dumps({**json.loads(marks(pair, site)["lock"]), **change})
        name = next(name for name, category in pair.sim.state(site)["category"].items() if (category.get("key"), category.get("value")) == (key(pair), "lock"))
        pair.sim.edit(site, "category", name, {"description": text})


def test_the_lock_of_another_host_holds_until_it_expires_or_is_stolen(mapped: Pair) -> None:
    mapped.result("dr_state", state="begun", **FAILOVER)
    edit_lock(mapped, by="bert@elsewhere", process="other-boot.1/2.3.4")
    held = mapped.result("dr_state", state="begun", **FAILOVER)
    assert "bert@elsewhere holds the lock since" in held["msg"]
    assert mapped.result("dr_state", state="released", **FAILOVER)["changed"] is False
    assert mapped.result("dr_state", state="begun", steal="run-1", **FAILOVER, check=True)["taken_over"][0]["why"] == "stolen"
    edit_lock(mapped, expires="2001-01-01T00:00:00Z")
    taken = mapped.result("dr_state", state="begun", verb="planned_failover", run_id="run-2")
    assert (taken["run_id"], [lock["why"] for lock in taken["taken_over"]], taken.get("msg")) == ("run-1", ["expired"], None)


def test_the_marks_are_nobodys_categories(mapped: Pair) -> None:
    mapped.result("dr_state", state="begun", **FAILOVER)
    south = mapped.options("vm_categories")
    pruned = run_module("categories", {"categories": [], "prune": True, "scope": ["nutanix_flow.dr*"], **south})
    assert pruned["changed"] is False
    overwritten = run_module("category", {"key": key(mapped), "value": "state", "description": "x", **south})
    assert "is system-defined on" in overwritten["msg"]
    exported = mapped.result("baseline")
    assert exported["changed"] is True
    assert not [path for path in (mapped.baseline / "categories").iterdir() if "nutanix" in path.name.lower()]


def test_declaring_needs_a_site_of_the_pair(mapped: Pair) -> None:
    options = {"state": "declared", "reason": "moved by hand", "run_id": "by-hand"}
    assert "unknown site 'nort'" in mapped.result("dr_state", active="nort", **options)["msg"]
    assert mapped.result("dr_state", active="south", **options)["pair"]["state"] == "RECOVERY_ACTIVE"
    assert mapped.result("dr_state", active="south", **options)["changed"] is False


def test_a_pair_whose_name_no_category_can_hold_is_refused_with_file_and_line(mapped: Pair) -> None:
    mapped.site_map.write_text(mapped.site_map.read_text().replace(f"name: {mapped.directory.name}", "name: north/south"))
    refused = mapped.result("dr_state_info")
    assert "dr_site_map.yml:" in refused["msg"]
    assert "north/south" in refused["msg"]
