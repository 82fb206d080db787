# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of the module for vStore mappings, which are a part of a remote site. Knows options and results; the engine decides and writes."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.pair_reading import read_side
from .._engine.remote_sites import KIND, RemoteSite, RemoteSites
from .._engine.vstore_map import unmapped, with_entries, without_entries
from .._entities.remote_site_forms import NameMap
from .._errors import UnknownReference
from .._model.problems import Problems
from .diff import diff_of
from .element_module import element_rules, element_spec, open_element, peer_spec
from .entity_changes import with_failure
from .entity_runs import STATE
from .module import Result, make_module, run
from .remote_site_run import WAIT, apply_and_wait

_MAP = NameMap("storage container")


def run_vstore_mapping() -> None:
    """The whole of the module."""
    spec = {
        "remote_site": {"type": "str", "required": True},
        "local": {"type": "str"},
        "remote": {"type": "str"},
        "vstore_map": _MAP.option(),
        "state": STATE,
        "prune": {"type": "bool", "default": False},
        "peer": peer_spec(),
        **WAIT,
        **element_spec(),
    }
    rules = element_rules()
    rules["required_if"] = [*rules["required_if"], ("prune", True, ("vstore_map",))]
    module = make_module(
        spec,
        required_one_of=[("local", "vstore_map")],
        mutually_exclusive=[("local", "vstore_map"), ("remote", "vstore_map")],
        required_by={"remote": ("local",)},
        **rules,
    )
    run(module, _run, empty={"changed": False, "vstore_map": {}, "unmapped": [], "pending": [], "diff": []})


def _run(module: AnsibleModule) -> Result:
    params = module.params
    name, label = params["remote_site"], params["cluster"] or params["nutanix_host"]
    problems = Problems()
    given = _given(params, f"remote site '{name}'.vstore_map", problems)
    problems.check(verb="read", site=label)
    peer = open_element(params["peer"]) if params["peer"] else None
    sites = RemoteSites(open_element(params), peer=peer)
    sites.read()
    site = _site(sites, name)
    current = dict(site.held.canonical.get("vstore_map", {}))
    wanted = _wanted(params, current, given, problems, f"remote site '{name}'.vstore_map")
    problems.check(verb="plan", site=sites.label)
    planned, warnings = sites.plan([{"name": name, "vstore_map": wanted}])
    outcomes, pending, late = apply_and_wait(module, planned, sites, {name} if planned.changed else set())
    side = read_side(sites.element, sites.label, name, ("containers", "workloads"))
    warnings += [f"which containers hold workloads can't be told: {reason}" for reason in sorted(set(side.unknown.values()))]
    for warning in warnings:
        module.warn(warning)
    after = wanted if module.check_mode else _map_now(sites, name, wanted)
    result: Result = {
        "changed": planned.changed,
        "diff": diff_of(planned, sites.label),
        "vstore_map": after,
        "unmapped": [dict(item._asdict()) for item in unmapped(after, side.workloads)],
        "pending": pending.get(name, []),
    }
    result = with_failure(result, outcomes)
    if late is not None:
        result.setdefault("failed_with", late)
    return result


def _given(params: t.Mapping[str, t.Any], at: str, problems: Problems) -> dict[str, str | None]:
    """The entries of the task. Only an entry that goes may leave its destination open."""
    if params["local"] is None:
        found: dict[str, str | None] = _MAP.canonical(params["vstore_map"], at, problems)
        return found
    if params["state"] == "present" and params["remote"] is None:
        problems.add(f"{at}.{params['local']}", "'remote' is missing", "name the storage container of the peer that it leads to")
    return {params["local"].strip(): params["remote"] and params["remote"].strip()}


def _site(sites: RemoteSites, name: str) -> RemoteSite:
    there = [site for site in sites.found if not site.marked_for_removal]
    for item in sites.unreadable:
        if item.name == name:
            raise item.error
    for site in there:
        if site.name == name:
            return site
    known = ", ".join(site.name for site in there) or "none"
    fix = "Create it first, or correct the name"
    raise UnknownReference(f"it is not there; there are: {known}", verb="read", kind=KIND, name=name, site=sites.label, fix=fix)


def _wanted(params: t.Mapping[str, t.Any], current: dict[str, str], given: dict[str, str | None], problems: Problems, at: str) -> dict[str, str]:
    if params["state"] == "absent":
        return without_entries(current, given)
    entries = {local: remote for local, remote in given.items() if remote is not None}
    return entries if params["prune"] else with_entries(current, entries, problems, at=at)


def _map_now(sites: RemoteSites, name: str, wanted: dict[str, str]) -> dict[str, str]:
    found = next((site for site in sites.found if site.name == name), None)
    return dict(found.held.canonical.get("vstore_map", {})) if found else wanted
