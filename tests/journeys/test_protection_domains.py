"""Failover and failback with protection domains as the mover, as a person runs them: planned, with a dead primary, interrupted.

The shop and what is beside it move as two protection domains. tenant-1 is in none of them: something else moves it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.operator import Operator, flat
from tests.journeys.pairs import MOVED, RUNNING, copied, minimal, prepare, shown, tenant
from tests.tools.processes import kill_playbooks

MOVER = ("-e", "dr_mover=protection_domains", "-e", "failover_poll_interval=1", "-e", "failback_poll_interval=1")
PLANNED = ("-e", "failover_mode=planned", *MOVER)
UNPLANNED = ("-e", "failover_mode=unplanned", *MOVER)
NORTH, SOUTH = "north/north-ahv", "south/south-ahv"
HOURLY = {"type": "HOURLY", "every_nth": 1, "retention_policy": {"local_max_snapshots": 2, "remote_max_snapshots": {"south-ahv": 4}}}


def estate() -> dict[str, Any]:
    """The smallest estate, its clusters paired, its VMs protected."""
    document = minimal()
    sites = document["sites"]
    for site, other in (("north", "south"), ("south", "north")):
        half = {"name": f"{other}-ahv", "cluster": f"{other}/{other}-ahv", "vstore_map": {"default": "default"}, "network_map": {"servers": "servers"}}
        sites[site]["clusters"][0]["remote_sites"] = [half]
    sites["north"]["clusters"][0]["protection_domains"] = [{"name": name, "vms": vms, "schedules": [HOURLY]} for name, vms in MOVED.items()]
    for vm in sites["north"]["vms"]:
        vm["disks"] = [{"container": "default", "gib": 1}]
    return document


@pytest.fixture(scope="session")
def paired(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a pre_dr went well, and the site map names the protection domains; to be copied."""
    return prepare(tmp_path_factory.mktemp("paired"), estate(), "protection_domains: [shop, rest]")


@pytest.fixture
def operator(paired: Path, tmp_path: Path) -> Iterator[Operator]:
    with copied(paired, tmp_path, estate()) as person:
        yield person


def active(operator: Operator, cluster: str) -> list[str]:
    found = operator.simulator.cluster_state(cluster).get("protection_domain", {})
    return sorted(name for name, domain in found.items() if domain["active"])


def test_planned_there_killed_on_the_way_run_again_and_back(operator: Operator) -> None:
    operator.simulator.link(NORTH, SOUTH, megabytes_per_second=1)
    mark = operator.simulator.mark()
    rehearsal = operator.run("failover", *PLANNED, "--check", "--diff")
    assert rehearsal.code == 0, rehearsal.text
    assert "protection domain 'shop' can be migrated from north-ahv to south-ahv" in flat(rehearsal.says("domains_check | Show what was found"))
    assert operator.simulator.writes(mark) == []

    this_run = ("-e", "failover_run_id=move-1", "-e", f"failover_confirm={rehearsal.confirmation()}")
    killed = operator.run("failover", *PLANNED, *this_run, when=("rest: migrate accepted", kill_playbooks))
    assert killed.code != 0
    assert migrations(operator) == 2

    def arrive() -> None:
        operator.simulator.link(NORTH, SOUTH, megabytes_per_second=1_000_000)
        operator.simulator.advance(1)
        operator.simulator.move("north", "south", ["tenant-1"])

    done = operator.run("failover", *PLANNED, *this_run, when=("shop: is on its way", arrive))
    assert done.code == 0, done.text
    assert "shop: has arrived" in done.text
    assert migrations(operator) == 2
    assert (shown(operator, "north"), shown(operator, "south"), active(operator, SOUTH)) == ({}, RUNNING, ["rest", "shop"])

    back = operator.run("failback", *MOVER, *operator.confirmed("failback", *MOVER), when=tenant(operator, "south", "north"))
    assert back.code == 0, back.text
    assert (shown(operator, "north"), shown(operator, "south"), active(operator, NORTH)) == (RUNNING, {}, ["rest", "shop"])
    leads = {cluster: operator.simulator.cluster_state(cluster)["protection_domain"]["shop"]["remote_site_names"] for cluster in (NORTH, SOUTH)}
    assert leads == {NORTH: ["south-ahv"], SOUTH: ["north-ahv"]}


def test_a_dead_primary_and_what_it_comes_back_with(operator: Operator) -> None:
    operator.simulator.advance(3700)
    operator.simulator.cluster_state(NORTH)
    operator.simulator.down("north")
    approved = operator.confirmed("failover", *UNPLANNED)
    done = operator.run("failover", *UNPLANNED, *approved, when=tenant(operator, "north", "south"))
    assert done.code == 0, done.text
    assert (shown(operator, "south"), active(operator, SOUTH)) == (RUNNING, ["rest", "shop"])

    # The primary comes back with everything that it had.
    operator.simulator.up("north")
    assert (shown(operator, "north"), active(operator, NORTH)) == (RUNNING, ["rest", "shop"])
    mark = operator.simulator.mark()
    refused = operator.run("failback", *MOVER, "--check")
    assert refused.code == 2
    told = flat([refused.text])
    assert "Split brain: protection domain 'shop' is active on both north-ahv and south-ahv; its VMs on north-ahv would be deleted" in told
    assert operator.simulator.writes(mark) == []
    typed = next(word for word in refused.text.replace("'", " ").split() if word.startswith("failback_deactivate=north:deactivation:"))
    back = operator.run(
        "failback", *MOVER, "-e", typed, *operator.confirmed("failback", *MOVER, "-e", typed), when=tenant(operator, "south", "north")
    )
    assert back.code == 0, back.text
    assert (shown(operator, "north"), shown(operator, "south"), active(operator, NORTH)) == (RUNNING, {}, ["rest", "shop"])


def migrations(operator: Operator) -> int:
    """How many migrations were asked for so far."""
    return sum(line["path"].endswith("/migrate") for line in operator.simulator.writes())
