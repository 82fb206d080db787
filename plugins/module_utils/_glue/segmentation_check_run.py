# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of segmentation_check: two sites in, the proof or the difference out. Changes nothing."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.estate import Estate
from .._engine.moved_vms import as_recovered
from .._engine.proof import SOURCE, TARGET, WORKLOADS, Proof, prove
from .._engine.site_map import SiteMap
from .._engine.site_map_file import load_site_map
from .._errors import DrError
from .._segmentation.causes import Cause, causes
from .._segmentation.difference import CLOSED, KINDS, MONITORED_ONLY, OPENED, FlowGroup
from .._segmentation.entry_names import EntryNames
from .._segmentation.matrix import matrix_data
from .._segmentation.site_facts import NOTE, PROBLEM, SEVERITIES, WARNING
from .._segmentation.wording import decision_data, flow_data, group_words, reading_data
from .estate_options import estate_from, fail_at_spec, reaches, readings_from, readings_spec
from .journey_options import check_direction, direction_spec, record_spec, recovered_from, recovered_spec, sites_spec
from .module import Result, make_module, run
from .recording import recorder

EQUAL, DIFFERENT = "equal", "different"
_OF_KIND = {OPENED: PROBLEM, CLOSED: WARNING, MONITORED_ONLY: NOTE}
_SIDES = (SOURCE, TARGET)
_PATH = {"type": "path"}
_SHOWN = 20
#: What the report is made of.
_RECORDED = ("proof", "counts", "coverage", "causes", "groups", "matrix", "policies", "depends_on", "notes", "compared", "not_compared")


def run_segmentation_check() -> None:
    """The whole of the module."""
    spec = {
        "baseline": _PATH,
        "estate": _PATH,
        "target_baseline": _PATH,
        "target_estate": _PATH,
        "site_map": _PATH,
        "sites": {**sites_spec()["sites"], "required": False, "default": []},
        "workloads": {"type": "str", "choices": list(WORKLOADS), "default": WORKLOADS[0]},
        "before": {"type": "str", "choices": list(_SIDES), "default": _SIDES[0]},
        "vms": {"type": "dict", "default": {}},
        "accept_unrepresented": {"type": "list", "elements": "str", "default": []},
        **fail_at_spec(PROBLEM),
        "limit": {"type": "int", "default": 100},
        "check_readings": {"type": "bool", "default": True},
        "tiers": {"type": "list", "elements": "str", "default": []},
        **readings_spec(),
        **direction_spec(),
        **recovered_spec(),
        **record_spec(),
    }
    module = make_module(spec, connects=False, mutually_exclusive=[("baseline", "estate"), ("target_baseline", "target_estate")])
    run(module, _work, empty={"changed": False, "groups": [], "findings": [], "counts": {}})


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "segmentation_check") as record:
        site_map = load_site_map(params["site_map"]) if params["site_map"] else None
        if site_map is not None:
            check_direction(params, site_map, None)
        left, right = _estates(params, site_map)
        if params["before"] == SOURCE:
            right = right._replace(vms=as_recovered(right.vms, recovered_from(params), left.vms))
        else:
            left = left._replace(vms=as_recovered(left.vms, recovered_from(params), right.vms))
        readings = readings_from(params)
        vms = {str(one): str(other) for one, other in params["vms"].items()}
        options = {name: params[name] for name in ("workloads", "before", "check_readings", "tiers")}
        proof = prove(left, right, site_map, vms=vms, readings=readings, **options)
        sides = _SIDES if params["before"] == SOURCE else (TARGET, SOURCE)
        result = _told(proof, {SOURCE: left, TARGET: right}, sides, params["limit"])
        result["depends_on"] = reading_data(proof.difference.depends_on, readings)
        about = {name: result[name] for name in _RECORDED}
        about.update(source=params["source"], target=params["target"], inputs=result["inputs"], facts=result["findings"])
        record.check(f"segmentation {params['source']} -> {params['target']}", result["verdict"], about, _findings(result))
        if reaches(result["severity"], params["fail_at"]):
            result["failed_with"] = _failure(result, params)
        return result


def _estates(params: t.Mapping[str, t.Any], site_map: SiteMap | None) -> tuple[Estate, Estate]:
    scope = site_map.scope if site_map else None
    sites, accept = params["sites"], params["accept_unrepresented"]
    return (
        estate_from(sites, params["source"], baseline=params["baseline"], file=params["estate"], scope=scope, accept=accept),
        estate_from(sites, params["target"], baseline=params["target_baseline"], file=params["target_estate"], accept=accept),
    )


class _Words(t.NamedTuple):
    """How it was and how it is: which option names it, the id of its site, the names of its entries."""

    sides: tuple[str, str]
    sites: tuple[str, str]
    names: tuple[EntryNames, EntryNames]

    def explain(self, group: FlowGroup) -> str:
        return group_words(group, *self.sites, self.names)


def _told(proof: Proof, estates: t.Mapping[str, Estate], sides: tuple[str, str], limit: int) -> Result:
    difference = proof.difference
    words = _Words(sides, (estates[sides[0]].site, estates[sides[1]].site), (EntryNames(proof.sites[0].rules), EntryNames(proof.sites[1].rules)))
    shown = difference.groups[: limit or None]
    severities = {_OF_KIND[group.kind] for group in difference.groups} | {fact.severity for fact in proof.facts}
    notes = list(proof.notes)
    if len(shown) < len(difference.groups):
        notes.append(f"{len(difference.groups) - len(shown)} more groups of flows differ and are not listed (limit {limit})")
    return {
        "changed": False,
        "verdict": EQUAL if difference.equal else DIFFERENT,
        "proof": str(difference),
        "severity": max(severities, key=SEVERITIES.index) if severities else "",
        "causes": [_cause(cause, words) for cause in causes(difference.groups)],
        "groups": [_group(group, words, limit) for group in shown],
        "counts": {kind: sum(group.kind == kind for group in difference.groups) for kind in KINDS},
        "matrix": matrix_data(proof.matrix),
        "policies": sorted({str(rule["name"]) for site in proof.sites for rule in site.rules}),
        "coverage": {"before": dict(proof.before), "after": dict(proof.after)},
        "findings": [fact._asdict() for fact in proof.facts],
        "compared": {"interfaces": difference.interfaces, "classes": difference.classes, "rows": difference.rows},
        "not_compared": dict(zip(sides, (list(difference.only_left), list(difference.only_right)), strict=True)),
        "inputs": {side: {"site": one.site, "read_from": one.origin, "digest": one.digest} for side, one in estates.items()},
        "notes": notes,
    }


def _cause(cause: Cause, words: _Words) -> dict[str, t.Any]:
    return {
        "kind": cause.kind,
        "severity": _OF_KIND[cause.kind],
        "policy": cause.policy,
        "groups": cause.groups,
        "explanation": words.explain(cause.example),
    }


def _group(group: FlowGroup, words: _Words, limit: int) -> dict[str, t.Any]:
    decisions = zip(words.sides, (group.left, group.right), words.names, strict=True)
    return {
        "kind": group.kind,
        "severity": _OF_KIND[group.kind],
        "services": list(group.services),
        "ipv6": group.ipv6,
        "flows": [{"from": _some(sources, limit), "to": _some(destinations, limit)} for sources, destinations in group.ways[: limit or None]],
        "witness": {side: flow_data(flow) for side, flow in zip(words.sides, group.witness, strict=True)},
        "cause": {side: [decision_data(one, names) for one in found] for side, found, names in decisions},
        "explanation": words.explain(group),
    }


def _some(names: t.Sequence[str], limit: int) -> list[str]:
    more = len(names) - limit
    return [*names[:limit], f"and {more} more"] if limit and more > 0 else list(names)


def _findings(result: Result) -> list[dict[str, str]]:
    """For people: what differs by cause, then the facts."""
    told = []
    for cause in result["causes"]:
        more = f" ({cause['groups'] - 1} more groups of flows because of {cause['policy']})" if cause["groups"] > 1 else ""
        told.append({"severity": cause["severity"], "code": cause["kind"].upper(), "problem": f"{cause['explanation']}{more}", "fix": ""})
    return [*told, *({**fact, "problem": f"{fact['subject']} {fact['problem']}"} for fact in result["findings"])]


def _failure(result: Result, params: t.Mapping[str, t.Any]) -> DrError:
    bad = [one for one in _findings(result) if reaches(one["severity"], params["fail_at"])]
    lines = [f"\n  - {one['severity']}: {one['problem']}" for one in bad[:_SHOWN]]
    more = f"\n  - and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
    return DrError(
        f"{result['proof']}{''.join(lines)}{more}",
        verb="compare",
        site=params["target"],
        fix="Each line names the policies; put that right on the site and run again",
    )
