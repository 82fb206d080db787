# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protection as the SDK sees it: policies, recovery points, protected resources."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from prismsim.testing import running
from tests.contract.compare import without_server_fields
from tests.contract.recovery import Pair, details, estate
from tests.contract.sdk import data_of, reachable_releases, refusal


@pytest.fixture(params=reachable_releases())
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    """Both Prism Centrals of one release, nothing protected."""
    with running(estate(request.param)) as server:
        yield Pair(server.ready, request.param)


def test_a_protection_policy_lives(pair: Pair) -> None:
    api, there = (site.api("datapolicies", "ProtectionPoliciesApi") for site in (pair.north, pair.south))
    ext_id = pair.protect("gold", 3600)
    policy = data_of(api.get_protection_policy_by_id(ext_id))
    sent = pair.policy("gold", 3600)
    assert without_server_fields(sent, pair.north.plain("datapolicies", policy)) == sent
    assert [entry.ext_id for entry in data_of(there.list_protection_policies(_filter="name eq 'gold'"))] == [ext_id]
    policy.description = "changed"
    pair.north.wait(api.update_protection_policy_by_id(ext_id, policy))
    refusal("datapolicies", lambda: api.update_protection_policy_by_id(ext_id, policy), 412)
    assert data_of(there.get_protection_policy_by_id(ext_id)).description == "changed"
    (vm,) = pair.vms(pair.north)
    assert vm.protection_type == "RULE_PROTECTED"
    pair.north.wait(api.delete_protection_policy_by_id(ext_id))
    refusal("datapolicies", lambda: there.get_protection_policy_by_id(ext_id), 404)


def test_recovery_points(pair: Pair) -> None:
    pair.protect("gold", 3600)
    (vm,) = pair.vms(pair.north)
    there = pair.south.api("dataprotection", "RecoveryPointsApi")
    (by_policy,) = data_of(there.list_recovery_points())
    assert [entry.vm_ext_id for entry in by_policy.vm_recovery_points] == [vm.ext_id]
    api = pair.north.api("dataprotection", "RecoveryPointsApi")
    body = {"name": "before", "vmRecoveryPoints": [{"vmExtId": vm.ext_id}]}
    task = pair.north.wait(api.create_recovery_point(pair.north.model("dataprotection", "config.RecoveryPoint", body)))
    made = details(task)["recoveryPointExtId"]
    assert data_of(api.get_recovery_point_by_id(made)).name == "before"
    spec = {"pcExtId": pair.manager(pair.south), "clusterExtId": pair.cluster(pair.south)}
    task = pair.north.wait(api.replicate_recovery_point(made, pair.north.model("dataprotection", "config.RecoveryPointReplicationSpec", spec)))
    copy = details(task)["recoveryPointExtId"]
    restore = pair.south.model("dataprotection", "config.RecoveryPointRestorationSpec", {"clusterExtId": pair.cluster(pair.south)})
    task = pair.south.wait(there.restore_recovery_point(copy, restore))
    assert [entry.ext_id for entry in pair.vms(pair.south)] == details(task)["vmExtIds"].split(",")
    pair.south.wait(there.delete_recovery_point_by_id(copy))
    refusal("dataprotection", lambda: there.get_recovery_point_by_id(copy), 404)


@pytest.mark.parametrize(("objective", "act"), [(0, "promote"), (60, "restore")])
def test_protected_resources(pair: Pair, objective: int, act: str) -> None:
    (vm,) = pair.vms(pair.north)
    api = pair.south.api("dataprotection", "ProtectedResourcesApi")
    refusal("dataprotection", lambda: api.get_protected_resource_by_id(vm.ext_id), 404)
    pair.protect("tight", objective)
    resource = data_of(api.get_protected_resource_by_id(vm.ext_id))
    assert (resource.ext_id, resource.entity_ext_id) == (None, vm.ext_id)
    assert [state.recovery_point_objective_seconds for state in resource.replication_states] == [objective]
    if act == "promote":
        found = details(pair.south.wait(api.promote_protected_resource(vm.ext_id)))["promotedVmExtId"]
    else:
        spec = pair.south.model("dataprotection", "config.ProtectedResourceRestoreSpec", {"clusterExtId": pair.cluster(pair.south)})
        found = pair.south.made(api.restore_protected_resource(vm.ext_id, spec), "vmm:ahv:config:vm")
    assert [entry.ext_id for entry in pair.vms(pair.south)] == [found]
