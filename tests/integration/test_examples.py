"""Every EXAMPLE of every module runs: check mode writes nothing and foretells the result, the second run changes nothing.

The examples of one module run in their order on one simulator, whose estate (examples_estate.yml) holds what they name, in
a directory of their own. What an example registers, the later ones can use; a site map or a baseline that they read is made
before by the modules that make them. Connection options come from module_defaults, as in a person's playbook.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from prismsim.estate import load
from prismsim.hitlog import write as write_hit_log
from prismsim.testing import Running, running
from tests.integration.elements import direct
from tests.integration.pair import MINIMAL, Pair
from tests.integration.play import RESULT, connection_of, play
from tests.tools import modules

ESTATE = Path(__file__).with_name("examples_estate.yml")
HIT_LOGS = "hit_logs"
MADE_BY = {"dr_site_map.yml": "site_map", "baseline": "baseline"}
# Each site has two clusters, so a person says which of them are a pair.
CLUSTERS = "  clusters:\n    - {north: north-ahv, south: south-ahv}\n"
CONNECTION = ("nutanix_host", "nutanix_port", "nutanix_username", "nutanix_password", "nutanix_api_key", "validate_certs", "ca_path")
Task = dict[str, Any]


def test_there_are_examples() -> None:
    assert modules.names(), "found no module: the test looks in the wrong place"
    assert all(modules.examples(name) for name in modules.names())


@pytest.mark.parametrize("name", [name for name in modules.names() if name not in modules.for_windows()])
def test_examples_of(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with running(ESTATE) as world:
        prepare(world, name, tmp_path)
        faults = example_faults(world, modules.examples(name), idempotent=is_idempotent(name))
    assert faults == []


def prepare(world: Running, name: str, directory: Path) -> None:
    """Have the files that the examples of NAME read, and that NAME doesn't make itself."""
    read = {str(value) for task in modules.examples(name) for value in options_of(task).values()}
    if any(file in read and maker != name for file, maker in MADE_BY.items()):
        pair = Pair(world, directory)
        messages = [pair.result(maker).get("msg") for maker in MADE_BY.values() if maker != name]
        assert messages == [None] * len(messages)
        if pair.site_map.exists():
            pair.site_map.write_text(pair.site_map.read_text() + CLUSTERS)
    if any(HIT_LOGS in value for value in read):
        (directory / HIT_LOGS).mkdir()
        with (directory / HIT_LOGS / "north.log").open("w", encoding="utf-8") as stream:
            write_hit_log(load(MINIMAL).sites["north"], stream, lines=200, seed=1)


def is_idempotent(name: str) -> bool:
    """Whether the module's documentation promises it in full."""
    return bool(modules.documentation()[name]["doc"]["attributes"]["idempotent"].get("support") == "full")


def example_faults(world: Running, tasks: list[Task], *, idempotent: bool) -> list[str]:
    """What goes wrong when TASKS run one after the other in one play: each in check mode, in earnest, and again."""
    steps: list[Task] = []
    for task in tasks:
        connection = connection_for(world, task)
        step = {**in_world(world, task), "module_defaults": {f"group/{modules.COLLECTION}.all": connection}}
        look = {"name": "See which call was the latest", "ansible.builtin.set_fact": {"latest": latest_call(world)}}
        keep = {"name": "Keep the result", "ansible.builtin.set_fact": {task.get("register", "nothing"): f"{{{{ {RESULT}_{len(steps) + 3} }}}}"}}
        steps += [look, {**step, "check_mode": True}, look, step, step, keep]
    played = play(steps, connection={}, beside=Path.cwd())
    if len(played.results) != len(steps):
        return [f"the playbook did not end: {played.output}"]
    faults: list[str] = []
    for task, (before, foretold, after, *done, _kept) in zip(tasks, zip(*[iter(played.results)] * 6, strict=True), strict=True):
        first, last = (int(look["ansible_facts"]["latest"]) for look in (before, after))
        writes = [f"{call['method']} {call['path']}" for call in world.writes(since=first) if call["seq"] <= last]
        faults += [f"{task['name']}: {fault}" for fault in faults_of(foretold, done, writes, idempotent=idempotent)]
    return faults


def latest_call(world: Running) -> str:
    """An expression for the number of the latest call that the simulator has seen."""
    url = f"{world.ready['control']}/requests?since={sys.maxsize}"
    return f"{{{{ (lookup('ansible.builtin.url', '{url}', use_proxy=false, split_lines=false) | from_json).last | int }}}}"


def faults_of(would: Task, done: list[Task], writes: list[str], *, idempotent: bool) -> list[str]:
    """What is wrong with the results of one example: one in check mode, two in earnest, and the writes that check mode sent."""
    first, second = done
    if failures := [str(result.get("msg")) for result in (would, first, second) if "changed" not in result or result.get("failed") or "error" in result]:
        return failures
    faults = [f"check mode sent {write}" for write in writes]
    if would["changed"] != first["changed"]:
        faults.append(f"check mode said changed={would['changed']}, the run says {first['changed']}")
    if set(would) != set(first):
        faults.append(f"check mode returns other keys: {sorted(set(would) ^ set(first))}")
    if idempotent and second["changed"]:
        faults.append("the second run changed something")
    return faults


def connection_for(world: Running, task: Task) -> dict[str, Any]:
    """The connection options that a person's module_defaults would hold for this task: those of a Prism Central or of a cluster."""
    options = options_of(task)
    site = site_of(options)
    name = next((key.removeprefix(f"{modules.COLLECTION}.") for key in task if key.startswith(f"{modules.COLLECTION}.")), "")
    to_cluster = name in modules.names() and "via_prism_central" in modules.documentation()[name]["doc"]["options"]
    return direct(world, f"{site}/{site}-ahv") if to_cluster and not options.get("via_prism_central") else connection_of(world.ready, site)


def options_of(task: Task) -> dict[str, Any]:
    """The options of the collection's module in this task; empty for a task of another collection."""
    return next((options or {} for key, options in task.items() if key.startswith(f"{modules.COLLECTION}.")), {})


def site_of(options: Task) -> str:
    """The site that an example goes to: the one that its host is called after, else its target, else the first."""
    named = [site for site in ("north", "south") if site in str(options.get("nutanix_host", ""))]
    return named[0] if named else str(options.get("target", "north"))


def in_world(world: Running, task: Task) -> Task:
    """The task with its way to the Prism Centrals replaced by the way to the simulator."""
    sites = [{"id": site, **connection_of(world.ready, site)} for site in world.ready["sites"]]
    options = {name: option for name, option in options_of(task).items() if name not in CONNECTION}
    if "sites" in options:
        options["sites"] = sites
    if "peers" in options:
        options["peers"] = [connection_of(world.ready, "south" if site_of(options_of(task)) == "north" else "north")]
    if "peer" in options:
        way = connection_of(world.ready, "south") if options["peer"].get("via_prism_central") else direct(world, "south/south-ahv")
        options["peer"] = {**options["peer"], **way}
    kept = {key: options if key.startswith(f"{modules.COLLECTION}.") else value for key, value in task.items()}
    return {**kept, "vars": {"dr_sites": sites, **task.get("vars", {})}}


FINE = {"changed": True, "thing": {}}


@pytest.mark.parametrize(("foretold", "done", "writes", "fault"), [
    ({"changed": True, "msg": "no such group", "failed": True}, [FINE, FINE], [], "no such group"),
    (FINE, [FINE, {**FINE, "changed": False}], ["POST /x"], "check mode sent POST /x"),
    ({**FINE, "changed": False}, [FINE, {**FINE, "changed": False}], [], "check mode said changed=False, the run says True"),
    ({"changed": True}, [FINE, {**FINE, "changed": False}], [], "check mode returns other keys: ['thing']"),
    (FINE, [FINE, FINE], [], "the second run changed something"),
])
def test_a_wrong_example_is_found(foretold: Task, done: list[Task], writes: list[str], fault: str) -> None:
    assert faults_of(foretold, done, writes, idempotent=True) == [fault]


def test_a_good_example_is_not_found() -> None:
    assert faults_of(FINE, [FINE, {**FINE, "changed": False}], [], idempotent=True) == []
