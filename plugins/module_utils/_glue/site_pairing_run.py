# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of site_pairing: a site map in, pairs of clusters that replicate to each other out. Decides nothing."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.cluster_pairs import ClusterPair, cluster_pairs
from .._engine.outcome import Outcome
from .._engine.pair_reading import read_side
from .._engine.pairing import NEEDED, WantedHalf, wanted_halves
from .._engine.pairing_apply import PlannedHalf, apply_pairing, digest_of, plan_halves, wait_until_free
from .._engine.plan import Step
from .._engine.plan_digest import plan_digest
from .._engine.remote_sites import RemoteSites
from .._engine.site_map import Pairing, SiteMap
from .._engine.site_map_file import load_site_map
from .._errors import DrError, Finding, InvalidInput, SafetyLimit
from .._prism.element import Element
from .._prism.parallel import in_threads
from .careful_write import check_confirmed
from .connection import connection_rules, connection_spec, endpoint_from
from .diff import diff_of
from .element_module import open_element
from .entity_many import outcome_result
from .journey_options import params_of, record_spec, site_map_spec, sites_spec
from .module import Result, make_module, run
from .recording import Recorder, recorder

_NAME = {"type": "str", "required": True}
_SPEC = {
    "primary": _NAME,
    "recovery": _NAME,
    "prism_elements": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {"cluster": _NAME, **connection_spec()},
        **connection_rules(),
    },
    "replace": {"type": "bool", "default": False},
    "prune": {"type": "bool", "default": False},
    "confirmed_digest": {"type": "str"},
}
_EMPTY = {"changed": False, "pairs": [], "halves": [], "outcomes": [], "diff": []}
_VERBS = {(): "none", ("create",): "create", ("update",): "update", ("delete", "create"): "replace"}


def run_site_pairing() -> None:
    """The whole of the module."""
    module = make_module({**_SPEC, **site_map_spec(), **sites_spec(), **record_spec()}, connects=False)
    run(module, _work, empty=_EMPTY)


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "site_pairing") as record:
        site_map = load_site_map(params["site_map"])
        pairs = _pairs(site_map, params)
        elements = _open(pairs, params)
        wait = float(max(params_of(params["sites"], site)["wait_timeout"] for site in (params["primary"], params["recovery"])))
        halves = _planned(module, site_map, pairs, elements, wait)
        for half in halves:
            record.plan({"plan_digest": plan_digest(half.plan), "summary": _summary(half)}, half.wanted.cluster)
        result: Result = {
            "changed": any(half.changed for half in halves),
            "confirmation_digest": digest_of(halves),
            "pairs": [pair.as_result() for pair in pairs],
            "halves": [_shown_half(half) for half in halves],
            "outcomes": [],
            "diff": [entry for half in halves for plan in (half.removal, half.plan) for entry in diff_of(plan, half.wanted.cluster)],
        }
        try:
            check_confirmed(params["confirmed_digest"], result["confirmation_digest"], "both sites")
        except SafetyLimit as refusal:
            record.failed(refusal)
            return {**result, "changed": False, "failed_with": refusal}
        if module.check_mode:
            return result
        return {**result, **_carried_out(halves, pairs, wait, record)}


def _carried_out(halves: t.Sequence[PlannedHalf], pairs: t.Sequence[ClusterPair], wait: float, record: Recorder) -> Result:
    """What carrying out the plans changes in the result."""

    def before(cluster: str, steps: t.Sequence[Step]) -> None:
        record.site = cluster
        record.before(steps)

    def after(cluster: str, outcomes: t.Sequence[Outcome]) -> None:
        record.site = cluster
        record.after(outcomes)

    outcomes: list[tuple[str, Outcome]] = []
    error = None
    for index in range(len(pairs)):
        done = apply_pairing(halves[2 * index : 2 * index + 2], wait=wait, before=before, after=after)
        outcomes += done.outcomes
        error = error or done.error
    result: Result = {"outcomes": [{"cluster": cluster, **outcome_result(outcome)} for cluster, outcome in outcomes]}
    if error is not None:
        result["changed"] = any(outcome.status == "done" for _cluster, outcome in outcomes)
        result["failed_with"] = error
    return result


def _pairs(site_map: SiteMap, params: t.Mapping[str, t.Any]) -> tuple[ClusterPair, ...]:
    ids = (params["primary"], params["recovery"])
    if set(ids) != set(site_map.sites) or len(set(ids)) < 2:
        problem = f"the map is of {' and '.join(site_map.sites)}, the task names {' and '.join(ids)}"
        raise InvalidInput([Finding(site_map.where("sites"), problem, "correct the ids in one of the two")], verb="read", kind="site_map")
    pairs = cluster_pairs(site_map)
    if not pairs:
        fix = "write which clusters belong together, or let the module site_map propose it"
        raise InvalidInput([Finding(site_map.where("maps"), "maps.clusters names no pair of clusters", fix)], verb="read", kind="site_map")
    return pairs


def _open(pairs: t.Sequence[ClusterPair], params: t.Mapping[str, t.Any]) -> dict[str, Element]:
    """A client for each cluster, by its name. Raises what went wrong with any of them, all together."""
    wanted = [(site, cluster) for pair in pairs for site, cluster in pair.clusters.items()]
    direct = {options["cluster"]: {**options, "via_prism_central": False} for options in params["prism_elements"]}

    def one(item: tuple[str, str]) -> Element | DrError:
        site, cluster = item
        options = direct.get(cluster) or {**params_of(params["sites"], site), "cluster": cluster, "via_prism_central": True}
        try:
            return open_element(options)
        except DrError as error:
            return error.about(verb="open", kind="cluster", name=cluster, site=endpoint_from(options).label)

    return {cluster: element for (_site, cluster), element in zip(wanted, _all_good(in_threads(one, wanted, threads=8)), strict=True)}


def _planned(module: AnsibleModule, site_map: SiteMap, pairs: t.Sequence[ClusterPair], elements: t.Mapping[str, Element], wait: float) -> list[PlannedHalf]:
    """The halves of all pairs, those of one pair beside each other. What is wrong with any of them is raised together."""
    unit = (site_map.pairing or Pairing()).unit
    asked: list[tuple[WantedHalf, RemoteSites]] = []
    for pair in pairs:
        order = {site: pair.clusters[site] for site in (module.params["primary"], module.params["recovery"])}
        names = pair.remote_sites

        def read(site: str, order: t.Mapping[str, str] = order, names: t.Mapping[str, str] = names) -> t.Any:
            try:
                return read_side(elements[order[site]], order[site], names[site], NEEDED, whole=True)
            except DrError as error:
                return error

        sides = dict(zip(order, _all_good(in_threads(read, list(order), threads=2)), strict=True))
        for half in wanted_halves(site_map, pair, sides, replace=module.params["replace"], prune=module.params["prune"]):
            peer = elements[pair.clusters[pair.other(half.site)]]
            sites = RemoteSites(elements[half.cluster], peer=peer, unit=unit)
            if not module.check_mode:
                wait_until_free(half, sites, wait=wait)
            asked.append((half, sites))
    halves = plan_halves(asked)
    for half_planned in halves:
        for warning in half_planned.warnings:
            module.warn(warning)
    return halves


def _all_good(found: t.Sequence[t.Any]) -> list[t.Any]:
    """The values, or the first error with what the others say."""
    errors = [one for one in found if isinstance(one, DrError)]
    if errors:
        errors[0].cause += "".join(f"; and {other}" for other in errors[1:])
        raise errors[0]
    return list(found)


def _shown_half(half: PlannedHalf) -> Result:
    """What a person signs: what is done to one cluster, and what stays undone."""
    wanted = half.wanted
    step = half.plan.steps[-1] if half.plan.steps else None
    held = next((site.held.canonical for site in half.sites.found if site.name == wanted.name), {})
    return {
        "site": wanted.site,
        "cluster": wanted.cluster,
        "name": wanted.name,
        "verb": _VERBS[tuple(one.verb for one in half.steps)],
        "before": (half.removal.steps[0].before if half.removal.steps else step.before) if step else held,
        "after": step.after if step else held,
        "same_name": list(wanted.same),
        "unlisted": dict(wanted.unlisted),
        "unmapped": [dict(one._asdict()) for one in wanted.unmapped],
    }


def _summary(half: PlannedHalf) -> dict[str, t.Any]:
    return {"half": half.wanted.name, "verb": _VERBS[tuple(step.verb for step in half.steps)]}
