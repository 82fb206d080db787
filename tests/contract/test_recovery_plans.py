# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recovery plans as the SDK sees them: their parts, their actions, jobs and findings. The SDK has them since minor 4.2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from prismsim.testing import running
from tests.contract.compare import without_server_fields
from tests.contract.recovery import Pair, details, estate
from tests.contract.sdk import data_of, reachable_releases, refusal, sdk_minor

_PREFIX = "datapolicies.v4.config."


@pytest.fixture(params=reachable_releases())
def planned(request: pytest.FixtureRequest) -> Iterator[Pair]:
    """Both Prism Centrals of one release, nothing protected."""
    with running(estate(request.param)) as server:
        yield Pair(server.ready, request.param)


def make_plan(pair: Pair) -> str:
    """A plan with one of each part, made by the SDK; its id."""
    api, (vm,) = pair.north.api("datapolicies", "RecoveryPlansApi"), pair.vms(pair.north)
    plan: dict[str, Any] = {
        "name": "shop",
        "primaryLocation": {"domainManagerExtId": pair.manager(pair.north)},
        "recoveryLocation": {"domainManagerExtId": pair.manager(pair.south)},
    }
    answer = api.create_recovery_plan(pair.north.model("datapolicies", "config.RecoveryPlan", plan))
    ext_id = pair.north.made(answer, "datapolicies:config:recovery-plan")
    network = {name: {"subnetName": "servers"} for name in ("primaryNetwork", "recoveryNetwork")}
    test = {name: {"subnetName": "isolated"} for name in ("primaryTestNetwork", "recoveryTestNetwork")}
    delay = {"config": {"$objectType": _PREFIX + "DelayAction", "delaySecs": 5}}
    addresses = {f"{side}DataServicesIp": {"ipv4": {"value": "10.0.0.1"}} for side in ("primary", "recovery")}
    clusters = {f"{side}Cluster": {"extId": pair.cluster(site)} for side, site in (("primary", pair.north), ("recovery", pair.south))}
    parts: dict[str, tuple[str, dict[str, Any]]] = {
        "recovery_stage": ("RecoveryStage", {"entityType": "VM", "entities": [{"extId": vm.ext_id}], "postActions": [delay]}),
        "network_mapping": ("NetworkMapping", {**network, **test}),
        "recovery_setting": (
            "RecoverySetting",
            {"recoverySetting": {"$objectType": _PREFIX + "VmRecoverySetting", "vm": {"extId": vm.ext_id}, "powerState": "ON"}},
        ),
        "data_services_ip_mapping": ("DataServicesIpMapping", {**clusters, **addresses}),
    }
    for part, (model, body) in parts.items():
        pair.north.wait(getattr(api, f"create_{part}")(ext_id, pair.north.model("datapolicies", f"config.{model}", body)))
        there = pair.south.api("datapolicies", "RecoveryPlansApi")
        (found,) = data_of(getattr(there, f"list_{part}s")(ext_id))
        shown = data_of(getattr(there, f"get_{part}_by_id")(ext_id, found.ext_id))
        assert without_server_fields(body, pair.south.plain("datapolicies", shown)) == body
        pair.south.wait(getattr(there, f"update_{part}_by_id")(ext_id, found.ext_id, shown))
    return ext_id


def test_a_plan_recovers_there_and_back(planned: Pair) -> None:
    planned.protect("gold", 3600)
    plan, (vm,) = make_plan(planned), planned.vms(planned.north)
    south = planned.south
    actions, jobs = south.api("dataprotection", "RecoveryPlanActionsApi"), south.api("dataprotection", "RecoveryPlanJobsApi")

    def run(action: str, model: str, call: Any) -> Any:
        body = {"name": action, "failoverDirections": [planned.direction(planned.north, south)]}
        task = south.wait(call(plan, south.model("dataprotection", f"operations.{model}", body)))
        job = data_of(jobs.get_recovery_plan_job_by_id(details(task)["recoveryPlanJobExtId"]))
        assert (job.name, job.status, job.percentage_complete) == (action, "SUCCEEDED", 100)
        assert [entry.ext_id for entry in data_of(jobs.list_recovery_plan_jobs(_filter=f"name eq '{action}'"))] == [job.ext_id]
        assert data_of(jobs.list_validation_errors_by_recovery_plan_job_id(job.ext_id)) == []
        return job

    run("validate", "BaseRecoveryPlanActionSpec", actions.validate_recovery_plan)
    run("test", "TestFailoverSpec", actions.test_failover_recovery_plan)
    assert [entry.nics[0].network_info.subnet.ext_id for entry in planned.vms(south)] == [subnet(planned, "isolated")]
    south.wait(actions.cleanup_recovery_plan_resources(plan))
    assert planned.vms(south) == []
    job = run("planned", "PlannedFailoverSpec", actions.planned_failover_recovery_plan)
    (there,) = planned.vms(south)
    steps = data_of(jobs.list_execution_steps_by_recovery_plan_job_id(job.ext_id))
    results = [entry.result for step in steps for entry in step.execution_step_results or ()]
    assert [(result.source_entity_ext_id, result.recovered_entity_ext_id) for result in results] == [(vm.ext_id, there.ext_id)]
    assert {phase.phase_type for phase in job.execution_phases} == {"PRE_PROCESSING", "ENTITY_RECOVERY", "POST_PROCESSING"}
    assert planned.vms(planned.north) == []
    if min(sdk_minor("dataprotection"), south.minor("dataprotection")) >= 4:
        assert details(south.wait(actions.resume_protection(plan)))["taskExtId"]
    north = planned.north
    back = {"name": "back", "failoverDirections": [planned.direction(south, north)]}
    model = north.model("dataprotection", "operations.UnplannedFailoverSpec", back)
    north.wait(north.api("dataprotection", "RecoveryPlanActionsApi").unplanned_failover_recovery_plan(plan, model))
    assert [entry.name for entry in planned.vms(north)] == ["shop-1"]
    south.wait(jobs.delete_recovery_plan_job_by_id(job.ext_id))
    refusal("dataprotection", lambda: jobs.get_recovery_plan_job_by_id(job.ext_id), 404)


def subnet(pair: Pair, name: str) -> str:
    """The id of a subnet at the target."""
    (found,) = data_of(pair.south.api("networking", "SubnetsApi").list_subnets(_filter=f"name eq '{name}'"))
    return str(found.ext_id)


def test_findings_of_a_validation_and_what_clusters_can_do(planned: Pair) -> None:
    plan, south = make_plan(planned), planned.south
    body = {"name": "look", "failoverDirections": [planned.direction(planned.north, south)]}
    spec = south.model("dataprotection", "operations.BaseRecoveryPlanActionSpec", body)
    task = south.wait(south.api("dataprotection", "RecoveryPlanActionsApi").validate_recovery_plan(plan, spec), status="FAILED")
    jobs = south.api("dataprotection", "RecoveryPlanJobsApi")
    (finding,) = data_of(jobs.list_validation_errors_by_recovery_plan_job_id(details(task)["recoveryPlanJobExtId"]))
    assert (finding.error_code, finding.error_group, finding.severity) == ("VM_NOT_PROTECTED", "ENTITY", "ERROR")
    assert finding.root_cause_analysis.resolutions
    assert [entity.name for entity in finding.affected_entities] == ["shop-1"]
    capable = south.api("dataprotection", "DataProtectionClusterCapabilitiesApi").list_data_protection_cluster_capabilities()
    (shown,) = data_of(capable)
    assert shown.cluster_ext_id == planned.cluster(south)
    assert all(capability.is_supported for capability in shown.capabilities)
