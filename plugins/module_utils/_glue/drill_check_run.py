# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of drill_check: looks at plans, tests and both sites, and tells what speaks against a drill, or what it did. Changes nothing."""

from __future__ import annotations

import os
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.drill import Attempt, attempt, isolated, left_behind, production_of, untouched
from .._engine.drill_networks import network_reasons
from .._engine.drill_site import Data, Seen, SeenPlan, look
from .._engine.gate import NO_GO, OK, PROBLEM, WAIVED, WARNING, Reason, verdict_of, waive
from .._engine.site_map_file import load_site_map
from .._entities.registry import ENTITIES
from .._errors import Finding, InvalidInput
from .._evidence.baseline import read_baseline
from .._evidence.record import FILE, Event, read_chain
from .gate_options import today, waivers_from, waivers_spec
from .journey_options import baseline_spec, open_one_of, record_spec, recovered_spec, sites_spec
from .module import Result, make_module, run
from .recording import Recorder, recorder

BEFORE, TESTED, CLEANED = "before", "tested", "cleaned"
_NAME = {"type": "str", "required": True}
_SPEC = {
    "phase": {"type": "str", "choices": [BEFORE, TESTED, CLEANED], "default": BEFORE},
    "plans": {"type": "list", "elements": "str", "default": []},
    "site_map": {"type": "path"},
    "run_id": _NAME,
    "primary": _NAME,
    "recovery": _NAME,
}
#: What the record calls the VMs as they were when the drill began.
_SNAPSHOT = "production before the drill"
_TITLES = {BEFORE: "drill may begin", TESTED: "test VMs are isolated", CLEANED: "drill has left nothing"}
_SEVERITY = {WAIVED: "warning", WARNING: "warning", PROBLEM: "problem"}


def run_drill_check() -> None:
    """The whole of the module."""
    spec = {**_SPEC, **waivers_spec(), **sites_spec(), **recovered_spec(), **baseline_spec(), **record_spec()}
    empty = {"changed": False, "verdict": NO_GO, "reasons": [], "plan_names": [], "plans": [], "vms": []}
    run(make_module(spec, connects=False), _work, empty=empty)


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "drill_check") as record:
        members = read_baseline(params["baseline"], ENTITIES).content.membership.get("vms") or ()
        known = {str((vm.get("_prism") or {}).get("ext_id")): str(vm["name"]) for vm in members}
        recovery, primary = (open_one_of(params["sites"], params[role]) for role in ("recovery", "primary"))
        names = _plan_names(params)
        seen = look(recovery, primary, names)
        events = _events(params)
        cleaning = _is_cleaning(events)
        attempts = {plan.name: attempt(plan.name, params["run_id"], plan.jobs, plan.tests, cleaning=plan.name in cleaning) for plan in seen.plans}
        snapshot = _snapshot(params, seen, events, record)
        reasons = [Reason("PLAN_UNUSABLE", PROBLEM, f"recovery plan {name} {why}", "Correct the plan or its name") for name, why in seen.wrong.items()]
        reasons += {BEFORE: _before, TESTED: _tested, CLEANED: _cleaned}[params["phase"]](params, seen, attempts, known, snapshot)
        verdict = verdict_of(reasons)
        told = [dict(reason._asdict()) for reason in reasons]
        findings = [
            {"severity": _SEVERITY[reason.status], "code": reason.code, "problem": reason.text, "fix": reason.fix} for reason in reasons if reason.status != OK
        ]
        record.check(_TITLES[params["phase"]], verdict, {"reasons": [f"{reason.status} {reason.code}: {reason.text}" for reason in reasons]}, findings)
        return {
            "changed": False,
            "verdict": verdict,
            "reasons": told,
            "plan_names": names,
            "plans": [_told(plan, attempts[plan.name]) for plan in seen.plans],
            "vms": sorted({known[vm["ext_id"]] for plan in seen.plans for vm in plan.vms if vm["ext_id"] in known}),
        }


def _plan_names(params: Data) -> list[str]:
    """Those that are given, else those of the site map. Raises InvalidInput without any."""
    names: list[str] = list(params["plans"])
    if not names and params["site_map"]:
        names = list(load_site_map(params["site_map"]).recovery_plans(params["recovery"]))
    if not names:
        raise InvalidInput([Finding("plans", "no recovery plan is named", "list them in maps.recovery_plans of the site map, or in 'plans'")], verb="check")
    return names


_Known = t.Mapping[str, str]
_Attempts = t.Mapping[str, Attempt]
_Snapshot = t.Sequence[t.Mapping[str, str]]


def _before(params: Data, seen: Seen, attempts: _Attempts, known: _Known, _snapshot: _Snapshot | None) -> list[Reason]:
    found = network_reasons([mapping for plan in seen.plans for mapping in plan.mappings], seen.networks, seen.in_use)
    found += [reason for each in attempts.values() for reason in each.reasons]
    for plan in seen.plans:
        unknown = sorted(str(vm["name"]) for vm in plan.vms if vm["ext_id"] not in known)
        if unknown:
            text = f"recovery plan {plan.name}: the baseline doesn't know {', '.join(unknown)}, nothing can be said of them"
            found.append(Reason("VM_NOT_IN_BASELINE", PROBLEM, text, "Run pre_dr, or waive this"))
        elif not plan.vms:
            found.append(Reason("PLAN_EMPTY", PROBLEM, f"recovery plan {plan.name} has no VM on {params['primary']}", "Look at its stages"))
        else:
            found.append(Reason("PLAN_FOUND", OK, f"recovery plan {plan.name} recovers {len(plan.vms)} VMs, all in the baseline"))
    return waive(found, waivers_from(params["waivers"]), today())


def _tested(params: Data, seen: Seen, _attempts: _Attempts, known: _Known, snapshot: _Snapshot | None) -> list[Reason]:
    recovered = {vm["recovered"]: known.get(vm["source"]) or vm["name"] or vm["source"] for vm in params["recovered"]}
    return [*isolated(seen.here, recovered, seen.test_networks), *_untouched(params, seen, snapshot)]


def _cleaned(params: Data, seen: Seen, _attempts: _Attempts, _known: _Known, snapshot: _Snapshot | None) -> list[Reason]:
    return [*(reason for plan in seen.plans for reason in left_behind(plan.name, plan.tests)), *_untouched(params, seen, snapshot)]


def _untouched(params: Data, seen: Seen, snapshot: _Snapshot | None) -> list[Reason]:
    if snapshot is None:
        text = f"how the VMs on {params['primary']} were before is not in the record of this run"
        return [Reason("PRODUCTION_CANNOT_TELL", PROBLEM, text, "Give the record in which phase 'before' left it")]
    return untouched(params["primary"], snapshot, production_of(seen.there))


def _events(params: Data) -> list[Event]:
    """What this run has recorded so far, in all its attempts."""
    path = (params["record"] or {}).get("path")
    return read_chain(path).events if path and os.path.exists(os.path.join(path, FILE)) else []


def _is_cleaning(events: t.Sequence[Event]) -> set[str]:
    """The plans whose clean-up was the last that this run did with them: it may go on although the task that began it was killed."""
    last = {str(event.data["name"]): event.data["verb"] for event in events if event.type == "intent" and event.data.get("kind") == "recovery_plan"}
    return {name for name, verb in last.items() if verb == "clean_up"}


def _snapshot(params: Data, seen: Seen, events: t.Sequence[Event], record: Recorder) -> _Snapshot | None:
    """The originals as they were when the run began, whichever attempt of it looked first; only the phase before looks."""
    found = next((event.data["vms"] for event in events if event.type == "check" and event.data.get("check") == _SNAPSHOT), None)
    if found is None and params["phase"] == BEFORE:
        found = production_of(vm for plan in seen.plans for vm in plan.vms)
        counts = {params["primary"]: len(seen.there), params["recovery"]: len(seen.here)}
        record.check(_SNAPSHOT, "ok", {"site": params["primary"], "vms": found, "counts": counts})
    return found


def _told(plan: SeenPlan, what: Attempt) -> Result:
    return {
        "name": plan.name,
        "job": what.job,
        "clean_first": what.clean_first,
        "vms": sorted(str(vm["name"]) for vm in plan.vms),
        "test_networks": sorted({mapping.test for mapping in plan.mappings if mapping.test}),
    }
