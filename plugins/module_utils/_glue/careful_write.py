# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every write of a whole plan goes through: one master, limits, approval, then the writes, each with its evidence. Decides by the engine."""

from __future__ import annotations

import typing as t
import uuid
from concurrent.futures import ThreadPoolExecutor

from ansible.module_utils.basic import AnsibleModule

from .._engine.apply import Outcome, apply, first_error
from .._engine.inventory import vms
from .._engine.limits import blast_radius, check_limits
from .._engine.native_sync import check_single_master, synced_objects
from .._engine.plan import Plan
from .._engine.plan_digest import plan_digest
from .._engine.site import Site
from .._engine.site_map import Limits, SiteMap
from .._entities.registry import ENTITIES
from .._errors import SafetyLimit
from .diff import diff_of, summary_of
from .entity_many import outcome_result
from .module import Result
from .recording import Recorder

#: The shortest beginning of a digest that still tells what was approved.
_SHORTEST_CONFIRMATION = 8


def write_carefully(module: AnsibleModule, site: Site, plan: Plan, site_map: SiteMap, confirmation: str, record: Recorder) -> Result:
    """Everything that is checked before the first write, then (not in check mode) the writes. The result's common part.

    A second master, a limit that is passed, or an approval of something else fail the task and leave the plan in its result.
    """
    params = module.params
    # A plan without steps touches no VM: nothing is listed for it.
    radius = blast_radius(plan, _canonical(site), vms(site) if plan.changed else [])
    facts = {
        "plan_digest": plan_digest(plan),
        "confirmation_digest": confirmation,
        "blast_radius": radius.as_result(),
        "summary": summary_of(plan),
    }
    record.plan(facts, site.label)
    result: Result = {"changed": plan.changed, **facts, "outcomes": []}
    try:
        if plan.changed:
            check_single_master(plan, synced_objects(site), site_map, site=site.label)
            check_limits(radius, _limits(params, site_map.limits), site=site.label)
        check_confirmed(params["confirmed_digest"], confirmation, site.label)
    except SafetyLimit as refusal:
        record.failed(refusal)
        return {**result, "changed": False, "diff": diff_of(plan, site.label), "failed_with": refusal}
    outcomes: list[Outcome] = []
    with ThreadPoolExecutor(max_workers=1) as pool:
        # To print thousands of objects takes a while; the site is at work meanwhile.
        diff = pool.submit(diff_of, plan, site.label)
        if plan.changed and not module.check_mode:
            run_id = params["run_id"] or str(uuid.uuid4())
            outcomes = apply(plan, site, run_id=run_id, before=record.before, after=record.after)
        result["diff"] = diff.result()
    result["outcomes"] = [outcome_result(outcome) for outcome in outcomes]
    error = first_error(outcomes)
    if error is not None:
        result["changed"] = any(outcome.status == "done" for outcome in outcomes)
        result["failed_with"] = error
    return result


def _canonical(site: Site) -> dict[str, list[dict[str, t.Any]]]:
    return {kind: [held.canonical for held in site.held(kind)] for kind in ENTITIES}


def _limits(params: t.Mapping[str, t.Any], limits: Limits) -> Limits:
    given = {name: params[name] for name in Limits._fields if params[name] is not None}
    return limits._replace(**given)


def check_confirmed(approved: str | None, confirmation: str, site: str) -> None:
    """Raises SafetyLimit when something else was approved than would be done."""
    if not approved:
        return
    if len(approved) < _SHORTEST_CONFIRMATION or not confirmation.startswith(approved.lower()):
        raise SafetyLimit(
            f"'{approved}' was approved, but what would be done now is '{confirmation[:_SHORTEST_CONFIRMATION]}'",
            verb="plan",
            site=site,
            fix="Run in check mode, look at the plan, and approve that",
        )
