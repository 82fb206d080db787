# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of protection_domain_reprotect: gives moved protection domains schedules that lead back. Knows options and results."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.plan import Plan
from .._engine.protection_domain_decision import PLANNED
from .._engine.protection_domain_site import DomainSite
from .._engine.reverse_schedules import reversed_schedules
from .._engine.site_map_file import load_site_map
from .._entities.protection_domain import KIND
from .._entities.snapshot_schedule import SCHEDULE
from .._errors import DrError
from .._model.problems import Problems
from .._model.struct import ListOf, as_set
from .diff import diff_of
from .journey_options import record_spec, sites_spec
from .module import Result, make_module, run
from .protection_domain_ways import Moves, way_rules, way_spec, ways
from .recording import Recorder, recorder

_SCHEDULES = ListOf(SCHEDULE)


def run_reprotect() -> None:
    """The whole of the module."""
    spec = {**way_spec(), **sites_spec(), **record_spec(), "schedules": _SCHEDULES.option()}
    spec["source"] = {"type": "str", "required": True}
    run(make_module(spec, connects=False, **way_rules()), _work, empty={"changed": False, "protection_domains": [], "not_active": [], "diff": []})


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "protection_domain_reprotect") as record:
        problems = Problems()
        fallback = _SCHEDULES.canonical(params["schedules"] or [], "schedules", problems)
        problems.check(verb="read")
        site_map = load_site_map(params["site_map"]) if params["site_map"] else None
        result: Result = {"changed": False, "protection_domains": [], "not_active": [], "diff": []}
        planned: list[tuple[DomainSite, Plan]] = []
        for moves in ways({**params, "mode": PLANNED}, site_map):
            site = DomainSite(moves.way.source or moves.way.target)
            planned.append((site, _plan(site, moves, fallback, result, problems)))
        problems.check(verb="plan", site=params["source"])
        result["changed"] = any(plan.changed for _site, plan in planned)
        result["diff"] = [entry for site, plan in planned for entry in diff_of(plan, site.label)]
        if not module.check_mode:
            _apply(planned, record, result)
        return result


def _plan(site: DomainSite, moves: Moves, fallback: t.Sequence[dict[str, t.Any]], result: Result, problems: Problems) -> Plan:
    """The plan for what is active on the source; what isn't, is none of our business."""
    held = {one.name: one.canonical for one in site.read(moves.names)[0]}
    active = [name for name, body in site.bodies.items() if body.get("active")]
    there = {one.name: one.canonical for one in DomainSite(moves.way.target).read(moves.names)[0]}
    desired: list[dict[str, t.Any]] = []
    for move in moves.moves:
        if move.name not in active or move.name not in held:
            result["not_active"].append(move.name)
            continue
        where = f"protection domain '{move.name}'"
        if not move.remote_site:
            problems.add(where, f"it isn't said what {site.label} calls {moves.way.target.site}", "give 'remote_site', or a site map")
            continue
        wanted = reversed_schedules(held[move.name], there.get(move.name), move.remote_site, fallback)
        if wanted is None:
            problems.add(where, f"neither {site.label} nor {moves.way.target.site} has a schedule to go by", "give 'schedules'")
            continue
        desired.append({"name": move.name, "schedules": as_set(wanted)})
        result["protection_domains"].append({"name": move.name, "cluster": site.label, "remote_site": move.remote_site, "schedules": wanted})
    return site.plan(desired, names=moves.names)


def _apply(planned: t.Sequence[tuple[DomainSite, Plan]], record: Recorder, result: Result) -> None:
    done = 0
    for site, plan in planned:
        for step in plan.steps:
            record.intents(step.verb, KIND, [step.name], site.label)
            try:
                site.apply(step, deadline=0.0)
            except DrError as error:
                record.outcome(step.verb, KIND, step.name, error)
                result.update(changed=done > 0, failed_with=error)
                return
            record.outcome(step.verb, KIND, step.name, None)
            done += 1
