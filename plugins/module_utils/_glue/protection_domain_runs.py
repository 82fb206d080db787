# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs of protection_domain, protection_domains and protection_domain_info. Knows options and results; the engine decides and writes."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.plan import DELETE, Plan
from .._engine.protection_domain_site import DomainSite
from .._engine.replication_lag import CANNOT_TELL, OK, PROBLEM, lags
from .._entities.protection_domain import KIND, PROTECTION_DOMAIN
from .._errors import DrError
from .._model.entity import argument_spec, read_params
from .._model.problems import Problems
from .._prism.element_domains import Domains
from .diff import diff_of
from .element_module import element_rules, element_spec, open_element
from .entity_info import search
from .module import Result, make_module, run

_STATE = {"type": "str", "choices": ["present", "absent"], "default": "present"}
_NAMES = {"type": "list", "elements": "str"}


def run_domain() -> None:
    """The whole of protection_domain."""
    module = make_module({**element_spec(), **argument_spec(PROTECTION_DOMAIN), "state": _STATE}, **element_rules())
    run(module, _one, empty={"changed": False, KIND: None, "calls": [], "diff": []})


def run_domain_info() -> None:
    """The whole of protection_domain_info."""
    spec = {**element_spec(), "names": _NAMES, "rpo_minutes": {"type": "int"}, "query": {"type": "str"}}
    run(make_module(spec, **element_rules()), _info, empty={"changed": False, PROTECTION_DOMAIN.plural: [], "verdict": CANNOT_TELL})


def _one(module: AnsibleModule) -> Result:
    params, problems = module.params, Problems()
    desired = read_params(PROTECTION_DOMAIN, {name: params[name] for name in argument_spec(PROTECTION_DOMAIN)}, problems)
    problems.check(verb="read")
    site = DomainSite(Domains(open_element(params)))
    absent = params["state"] == "absent"
    planned = site.plan([] if absent else [desired], remove=lambda held: absent, names=[desired["name"]])
    done: list[str] = []
    error = None if module.check_mode else _apply(site, planned, params["wait_timeout"], done)
    result: Result = {
        "changed": bool(done) if error else planned.changed,
        KIND: None if absent else _shown(site, planned, desired["name"]),
        "calls": done,
        "diff": diff_of(planned, site.label),
    }
    if error is not None:
        result["failed_with"] = error
    return result


def _apply(site: DomainSite, planned: Plan, seconds: int, done: list[str]) -> DrError | None:
    """Do all steps; ``done`` gets the calls that were made."""
    try:
        for step in planned.steps:
            site.apply(step, deadline=float(seconds), before=lambda call: done.append(call.says))
    except DrError as error:
        return error
    return None


def _shown(site: DomainSite, planned: Plan, name: str) -> Result | None:
    """The protection domain as it is, or in check mode as it would be."""
    for step in planned.steps:
        if step.name == name and step.verb != DELETE:
            return step.after
    held, _unreadable = site.read([name])
    return held[0].canonical if held else None


def _info(module: AnsibleModule) -> Result:
    params = module.params
    site = DomainSite(Domains(open_element(params)))
    held, unreadable = site.read(params["names"])
    now = site.domains.element.now_usecs()
    rpo = None if params["rpo_minutes"] is None else params["rpo_minutes"] * 60
    canonical = {one.name: one.canonical for one in held}
    found = [_told(body, canonical.get(name), now, rpo) for name, body in sorted(site.bodies.items())]
    for item in unreadable:
        module.warn(str(item.error))
    missing = sorted(set(params["names"] or ()) - set(site.bodies))
    verdicts = {one["verdict"] for one in found}
    result: Result = {
        "changed": False,
        PROTECTION_DOMAIN.plural: found,
        "missing": missing,
        "verdict": PROBLEM if missing or PROBLEM in verdicts else OK,
    }
    if params["query"]:
        result["query_result"] = search(module, params["query"], found)
    return result


def _told(body: t.Mapping[str, t.Any], canonical: Result | None, now_usecs: int, rpo: int | None) -> Result:
    """One protection domain with its state and its copies. An inactive one is a copy itself and replicates nothing."""
    copies = lags(body, now_usecs) if body.get("active") else []
    return {
        **(canonical or {"name": str(body["name"])}),
        "readable": canonical is not None,
        "active": bool(body.get("active")),
        "marked_for_removal": bool(body.get("markedForRemoval")),
        "metro": bool(body.get("metroAvail")),
        "schedules_suspended": bool(body.get("schedulesSuspended")),
        "replications": {"running": int(body.get("ongoingReplicationCount") or 0), "waiting": int(body.get("pendingReplicationCount") or 0)},
        "copies": [{**lag._asdict(), "verdict": lag.verdict(rpo), "says": lag.says(rpo)} for lag in copies],
        "verdict": PROBLEM if any(lag.verdict(rpo) == PROBLEM for lag in copies) else OK,
    }
