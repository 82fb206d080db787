# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of a recovery plan that somebody else edits between the plan of a change and its writes are not overwritten."""

from __future__ import annotations

from typing import Any

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.apply import apply
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.recovery_site import RecoverySite
from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.recovery_registry import RECOVERY_ENTITIES
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import Conflict
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity import read_params
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.problems import Problems
from prismsim.testing import Running, running
from tests.integration.direct import run_module
from tests.integration.play import connection_of
from tests.integration.recovery_pair import estate
from tests.integration.test_engine import site


def stages(delay: str) -> list[dict[str, Any]]:
    return [{"priority": 1, "categories": {"Tier": "DB"}, "delay": delay}, {"priority": 2, "categories": {"Tier": "Web"}}]


def edit(sim: Running, delay: str) -> dict[str, Any]:
    """What somebody else does, with the module."""
    given = {"name": "shop", "stages": stages(delay), "peers": [connection_of(sim.ready, "south")]}
    return run_module("recovery_plan", {**given, **connection_of(sim.ready, "north")})


def test_an_edit_of_somebody_else_is_not_overwritten() -> None:
    with running(estate()) as sim:
        north = RecoverySite(site(sim, "north").client, [site(sim, "south")], {"shop"})
        wanted = read_params(RECOVERY_ENTITIES["recovery_plan"], {"name": "shop", "stages": stages("60s")}, Problems())
        planned = north.plan({"recovery_plan": [wanted]}, whole=False, names={"shop"})
        assert planned.changed
        assert edit(sim, "5m")["changed"]
        (outcome,) = apply(planned, north, run_id="late")
        assert isinstance(outcome.error, Conflict)
        assert "stages" in str(outcome.error)
        assert edit(sim, "5m")["changed"] is False
