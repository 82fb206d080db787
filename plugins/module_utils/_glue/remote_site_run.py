# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of a module for remote sites: singular, plural and info. Knows options and results; the engine decides and writes."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.remote_sites import KIND, RemoteSite, RemoteSites
from .._entities.remote_site import UNITS, remote_site
from .._errors import DrError, SafetyLimit
from .._model.entity import Canonical, Held, argument_spec, name_of, read_params
from .._model.problems import Problems
from .diff import diff_of, summary_of
from .element_module import element_rules, element_spec, open_element, peer_spec
from .entity_changes import with_failure
from .entity_info import search
from .entity_many import in_scope, outcome_result
from .entity_runs import STATE
from .module import Result, make_module, run

if t.TYPE_CHECKING:
    from .._engine.outcome import Outcome
    from .._engine.plan import Plan

WAIT: dict[str, t.Any] = {"wait": {"type": "bool", "default": True}}
_UNIT: dict[str, t.Any] = {
    "bandwidth_unit": {"type": "str", "choices": sorted(UNITS), "default": "bytes"},
}


def run_remote_site() -> None:
    """The whole of the singular module."""
    spec = {**argument_spec(remote_site()), "state": STATE, "peer": peer_spec(), **WAIT, **_UNIT, **element_spec()}
    run(make_module(spec, **element_rules()), _one, empty={"changed": False, KIND: None, "diff": [], "pending": []})


def run_remote_sites() -> None:
    """The whole of the plural module."""
    spec = {
        "remote_sites": {"type": "list", "elements": "dict", "required": True, "options": argument_spec(remote_site())},
        "state": STATE,
        "prune": {"type": "bool", "default": False},
        "scope": {"type": "list", "elements": "str", "default": ["*"]},
        **WAIT,
        **_UNIT,
        **element_spec(),
    }
    run(make_module(spec, **element_rules()), _many, empty={"changed": False, "remote_sites": [], "diff": [], "pending": {}})


def run_remote_site_info() -> None:
    """The whole of the info module."""
    spec = {"name": {"type": "str"}, "query": {"type": "str"}, **_UNIT, **element_spec()}
    run(make_module(spec, **element_rules()), _info, empty={"changed": False, "remote_sites": [], "unreadable": []})


def apply_and_wait(module: AnsibleModule, planned: Plan, sites: RemoteSites, names: set[str]) -> tuple[list[Outcome], dict[str, list[str]], DrError | None]:
    """Do the plan, unless this is a rehearsal, then wait until the sites of these names stand or are gone. The error is that of a wait;
    a rehearsal and ``wait: false`` have none."""
    if module.check_mode:
        return [], {}, None
    absent = module.params.get("state") == "absent"
    restless = [site.name for site in sites.found if site.name in names and (site.marked_for_removal if absent else not site.stands)]
    if not planned.changed and not (module.params["wait"] and restless):
        return [], {}, None
    # Imported here: a run that finds nothing to do needs none of it.
    from .._engine.remote_site_apply import apply_remote_sites, wait_until_gone, wait_until_it_stands

    wait = float(module.params["wait_timeout"]) if module.params["wait"] else 0.0
    outcomes, pending = apply_remote_sites(planned, sites, wait=wait) if planned.changed else ([], {})
    deleted = {outcome.step.name for outcome in outcomes if outcome.step.verb == "delete"}
    failed = {outcome.step.name for outcome in outcomes if outcome.error}
    error = None
    if wait:
        try:
            for name in sorted({*names, *deleted} - failed):
                if name in deleted or absent:
                    wait_until_gone(sites, name, wait)
                else:
                    wait_until_it_stands(sites, name, wait)
        except DrError as late:
            error = late
    elif planned.changed:
        sites.read()
    return outcomes, pending, error


def shown(canonical: Canonical, site: RemoteSite | None) -> Result:
    """A remote site as modules return it: what it is, and below ``_prism`` what only its cluster knows, None where it isn't there yet."""
    number, incarnation = (site.peer if site else None) or (None, None)
    return {
        **canonical,
        "_prism": {
            "ext_id": site.held.ext_id if site else None,
            "status": site.status if site else None,
            "latency_ms": site.latency_ms if site else None,
            "cluster_id": number,
            "cluster_incarnation_id": incarnation,
            "marked_for_removal": site.marked_for_removal if site else False,
            "other": site.other if site else {},
        },
    }


def _one(module: AnsibleModule) -> Result:
    params = module.params
    problems = Problems()
    entity = remote_site(params["bandwidth_unit"])
    desired = read_params(entity, {name: params[name] for name in argument_spec(entity)}, problems)
    problems.check(verb="read", site=params["cluster"] or params["nutanix_host"])
    sites = _open(params)
    name = name_of(entity, desired)
    absent = params["state"] == "absent"
    planned = _plan(module, sites, [] if absent else [desired], lambda held: absent and held.name == name)
    outcomes, pending, error = apply_and_wait(module, planned, sites, {name})
    result = {
        "changed": planned.changed,
        "diff": diff_of(planned, sites.label),
        KIND: None if absent else _as_it_will_be(module, planned, sites, name),
        "pending": pending.get(name, []),
    }
    return _with_failure(result, outcomes, error)


def _many(module: AnsibleModule) -> Result:
    params = module.params
    problems = Problems()
    entity = remote_site(params["bandwidth_unit"])
    desired = [read_params(entity, item, problems, at=f"remote_sites[{index}]") for index, item in enumerate(params["remote_sites"])]
    problems.check(verb="read", site=params["cluster"] or params["nutanix_host"])
    listed = {name_of(entity, item) for item in desired}
    absent, prune, scope = params["state"] == "absent", params["prune"], params["scope"]
    sites = _open(params)
    if prune and not listed and scope == ["*"]:
        raise SafetyLimit(
            "prune with an empty list would delete every remote site of the cluster",
            site=sites.label,
            fix="Say which ones may go with 'scope', for instance scope: ['old-*']",
        )

    def remove(held: Held) -> bool:
        return held.name in listed if absent else prune and held.name not in listed and in_scope(held.name, scope)

    planned = _plan(module, sites, [] if absent else desired, remove)
    outcomes, pending, error = apply_and_wait(module, planned, sites, listed)
    result = {
        "changed": planned.changed,
        "diff": diff_of(planned, sites.label),
        "summary": summary_of(planned),
        "remote_sites": [] if absent else [_as_it_will_be(module, planned, sites, name) for name in sorted(listed)],
        "outcomes": [outcome_result(outcome) for outcome in outcomes],
        "pending": pending,
    }
    return _with_failure(result, outcomes, error)


def _info(module: AnsibleModule) -> Result:
    sites = RemoteSites(open_element(module.params), unit=module.params["bandwidth_unit"])
    wanted = module.params["name"]
    found = [shown(site.held.canonical, site) for site in sites.read() if wanted in (None, site.name)]
    unreadable = [{"name": item.name, "ext_id": item.ext_id, "reason": str(item.error)} for item in sites.unreadable if wanted in (None, item.name)]
    for item in unreadable:
        module.warn(f"not in the result: {item['reason']}")
    result: Result = {"changed": False, "remote_sites": found, "unreadable": unreadable}
    if module.params["query"]:
        result["query_result"] = search(module, module.params["query"], found)
    return result


def _open(params: t.Mapping[str, t.Any]) -> RemoteSites:
    peer = open_element(params["peer"]) if params.get("peer") else None
    return RemoteSites(open_element(params), peer=peer, unit=params["bandwidth_unit"])


def _plan(module: AnsibleModule, sites: RemoteSites, desired: list[Canonical], remove: t.Callable[[Held], bool]) -> Plan:
    sites.read()
    planned, warnings = sites.plan(desired, remove=remove)
    for warning in warnings:
        module.warn(warning)
    return planned


def _as_it_will_be(module: AnsibleModule, planned: Plan, sites: RemoteSites, name: str) -> Result | None:
    """The site as it is now, in check mode as it would be."""
    found = next((site for site in sites.found if site.name == name), None)
    after = next((step.after for step in planned.steps if step.name == name), None)
    if module.check_mode and after is not None:
        return shown(after, found)
    return shown(found.held.canonical, found) if found else None


def _with_failure(result: Result, outcomes: t.Sequence[Outcome], late: DrError | None) -> Result:
    result = with_failure(result, outcomes)
    if late is not None and "failed_with" not in result:
        result["failed_with"] = late
    return result
