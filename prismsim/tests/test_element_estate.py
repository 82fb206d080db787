# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an estate may say of clusters, and that everything wrong with it is told at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from element_client import Element, estate

from prismsim.element.calendar import next_strike
from prismsim.estate import EstateError, load
from prismsim.testing import running

DAY = 86_400_000_000


def test_everything_wrong_is_told_at_once() -> None:
    document = estate(links=[{"from": "north/ahv-primary", "to": "south/nobody"}])
    cluster = document["sites"]["north"]["clusters"][0]
    cluster["remote_sites"] = [{"name": "x", "cluster": "south/lost"}]
    cluster["protection_domains"] = [{"name": "pd", "vms": ["ghost"], "volume_groups": ["void"]}]
    cluster["volume_groups"][0]["attached_to"] = ["nobody"]
    document["sites"]["north"]["vms"][0]["disks"][0]["container"] = "missing"
    del document["sites"]["south"]["clusters"][0]["virtual_ip"]
    document["sites"]["south"]["clusters"][0]["remote_sites"] = [{"name": "self", "cluster": "south/ahv-dr"}]
    with pytest.raises(EstateError) as caught:
        load(document)
    text = str(caught.value)
    for name in ("south/nobody", "south/lost", "'ghost'", "'void'", "'nobody'", "'missing'", "has no virtual_ip"):
        assert name in text
    assert len(caught.value.lines) == 7


def test_defaults() -> None:
    cluster = load(estate()).sites["north"].clusters[0]
    assert (cluster.version, cluster.hypervisor, cluster.snapshot_seconds) == ("7.0.1", "kKvm", 0.0)
    assert [(c.name, c.capacity_gib) for c in cluster.storage_containers][1:] == [("NutanixManagementShare", 40000), ("default-container-77107", 1000)]


def schedule(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "every_nth": 1, "values": None, "user_start_time_in_usecs": 0, "end_time_in_usecs": None, **more}


@pytest.mark.parametrize(
    ("made", "now", "found"),
    [
        (schedule("HOURLY", every_nth=2), 1, DAY // 12),
        (schedule("DAILY"), DAY, 2 * DAY),
        (schedule("DAILY", user_start_time_in_usecs=5), 1, 5),
        (schedule("DAILY", end_time_in_usecs=DAY), DAY, None),
        (schedule("WEEKLY"), 1, 7 * DAY),
        # 1 January 1970 was a Thursday, day 5 of a week that begins with Sunday as 1.
        (schedule("WEEKLY", values=[5, 7]), 1, 2 * DAY),
        (schedule("WEEKLY", values=[5]), 1, 7 * DAY),
        (schedule("MONTHLY", values=[1, 15]), 1, 14 * DAY),
        (schedule("MONTHLY"), 15 * DAY, 31 * DAY),
    ],
)
def test_when_a_schedule_strikes(made: dict[str, Any], now: int, found: int | None) -> None:
    assert next_strike(made, now) == found


def test_the_example_pair_stands_and_replicates() -> None:
    with running(Path(__file__).parents[1] / "estates" / "pair.yml") as simulator:
        east = Element(simulator, "east/east-ahv")
        assert east.site("west-ahv")["status"] == Element(simulator, "west/west-ahv").site("east-ahv")["status"] == "RELATIONSHIP_ESTABLISHED"
        assert east.site("west-ahv")["latency_in_usecs"] == 1450
        simulator.advance(2 * 3600)
        snapshots = east("GET", "v2.0/remote_sites/west-ahv/dr_snapshots")["entities"]
        assert [vm["vm_name"] for vm in snapshots[0]["vms"]] == ["sandbox-1", "desktop-1"]
