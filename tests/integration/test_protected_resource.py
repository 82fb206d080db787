"""nutanix_flow.dr.protected_resource against the simulator: what replication is told, and VMs that come over."""

from __future__ import annotations

from typing import Any

import pytest

from prismsim.testing import Running, running
from tests.integration.direct import run_module
from tests.integration.play import connection_of
from tests.integration.recovery_pair import RecoveryPair, estate

NAMES = ["db-1", "web-1", "web-2"]


def ask(sim: Running, *, check: bool = False, **options: Any) -> dict[str, Any]:
    given = {"vms": NAMES, "peers": [connection_of(sim.ready, "north")], **connection_of(sim.ready, "south"), **options}
    return run_module("protected_resource", given, check=check)


@pytest.mark.parametrize(("objective", "status", "within"), [(0, "in_sync", True), (300, "in_sync", True), (3600, None, None)])
def test_the_state_is_told_against_the_objective(objective: int, status: str | None, within: bool | None) -> None:
    with running(estate(objective)) as sim:
        vms = ask(sim)["vms"]
    assert [(vm["name"], vm["protected"], vm["status"], vm["within_rpo"]) for vm in vms] == [(name, True, status, within) for name in NAMES]
    assert all(vm["role"] == ("secondary" if objective == 0 else None) for vm in vms)
    assert all((vm["newest"] is None) == (objective == 0) for vm in vms)


@pytest.mark.parametrize(("objective", "action", "power"), [(0, "promote", "ON"), (300, "restore", "OFF")])
def test_vms_come_over_once(objective: int, action: str, power: str) -> None:
    with running(estate(objective)) as sim:
        options = {"action": action, "cluster": "south-ahv"}
        would, first, second = ask(sim, check=True, **options), ask(sim, **options), ask(sim, **{**options, "vms": ["web-1"]}, peers=[], baseline=None)
        assert (would["changed"], first["changed"]) == (True, True), (would.get("msg"), first.get("msg"))
        assert would["diff"] == first["diff"]
        assert [outcome["name"] for outcome in first["outcomes"]] == NAMES
        assert all(outcome["recovered"] for outcome in first["outcomes"])
        assert RecoveryPair(sim).power("south") == dict.fromkeys(NAMES, power)
        assert second["changed"] is False, second.get("msg")


def test_what_can_not_be_done_for_all_is_done_for_none() -> None:
    with running(estate(300)) as sim:
        refused = ask(sim, action="promote")
        assert [finding["where"] for finding in refused["findings"]] == [f"VM '{name}'" for name in NAMES]
        assert "restore it" in refused["msg"]
        assert RecoveryPair(sim).power("south") == {}
